package kofile

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo.ko")
	if err := syscall.Mkfifo(fifo, 0o644); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "socket.ko")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	loop := filepath.Join(dir, "loop.ko")
	_ = os.Symlink("loop.ko", loop)

	for _, c := range []struct {
		path  string
		errno syscall.Errno
		words string
	}{
		{filepath.Join(dir, "absent.ko"), syscall.ENOENT, "no such file"},
		{write(t, nil) + "/x.ko", syscall.ENOTDIR, "not a directory"},
		{loop, syscall.ELOOP, "symbolic links"},
		{dir, syscall.EISDIR, "is a directory"},
		{fifo, syscall.EPERM, "is a FIFO"},
		{socket, syscall.ENXIO, "no such device"},
		{"/dev/null", syscall.EINVAL, "is a device"},
		{"/dev/zero", syscall.EINVAL, "is a device"},
		{write(t, nil), syscall.EINVAL, "0 bytes is too short"},
		{write(t, []byte("\x7fELF\x02")), syscall.EINVAL, "5 bytes is too short"},
		{write(t, []byte("\x28\xb5\x2f\xfd")), syscall.EINVAL, "4 bytes is too short"},
		{write(t, []byte("\x1f\x8b\x08\x00\x00")), syscall.EINVAL, "5 bytes is too short"},
		{dir + "/\x00.ko", syscall.EINVAL, "invalid argument"},
	} {
		t.Run(c.words, func(t *testing.T) {
			f, err := openInTime(t, c.path)
			if err == nil {
				f.Close()
				t.Fatalf("%s: opened", c.path)
			}
			expectErrno(t, err, c.errno)
			var typed *Error
			if !errors.As(err, &typed) || typed.Path != c.path {
				t.Errorf("%#v is no *Error with the path", err)
			}
			if !strings.Contains(err.Error(), c.words) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q does not say %q", err, c.words)
			}
		})
	}
}

// openInTime fails when Open hangs.
func openInTime(t *testing.T, path string) (*File, error) {
	t.Helper()
	type result struct {
		f   *File
		err error
	}
	done := make(chan result, 1)
	go func() {
		f, err := Open(path, 0)
		done <- result{f, err}
	}()
	select {
	case r := <-done:
		return r.f, r.err
	case <-time.After(10 * time.Second):
		t.Fatalf("%s: Open hangs", path)
	}
	return nil, nil
}

func TestOpenFIFOWithWriter(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo.ko")
	if err := syscall.Mkfifo(fifo, 0o644); err != nil {
		t.Fatal(err)
	}
	writer, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	_, _ = writer.WriteString("\x7fELF and more")
	_, err = openInTime(t, fifo)
	expectErrno(t, err, syscall.EPERM)
}

// TestOpenUnreadable gives up root's right to read everything, in a thread that ends with the test.
func TestOpenUnreadable(t *testing.T) {
	path := write(t, []byte("\x7fELF and more"))
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() != 0 {
		_ = os.Chmod(path, 0)
	}
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		if os.Getuid() == 0 {
			_, _, _ = syscall.RawSyscall(syscall.SYS_SETFSUID, 65534, 0, 0)
		}
		_, err := Open(path, 0)
		done <- err
	}()
	expectErrno(t, <-done, syscall.EACCES)
}

func TestOpenLeaksNoDescriptor(t *testing.T) {
	count := func() int {
		names, _ := os.ReadDir("/proc/self/fd")
		return len(names)
	}
	before := count()
	for range 20 {
		for _, path := range []string{t.TempDir(), "/dev/null", write(t, nil), write(t, []byte("plain file"))} {
			if f, err := Open(path, 0); err == nil {
				_ = f.OS()
				f.Close()
			}
		}
	}
	if after := count(); after > before+1 {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
}

func TestOS(t *testing.T) {
	content := []byte("\x7fELF and more")
	f, err := Open(write(t, content), 0)
	if err != nil {
		t.Fatal(err)
	}
	file := f.OS()
	if file != f.OS() {
		t.Error("another file the second time")
	}
	if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%q, %v: Open has moved the file's position", got, err)
	}
	flags, _, _ := syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), syscall.F_GETFL, 0)
	if flags&syscall.O_NONBLOCK != 0 {
		t.Error("the descriptor is non-blocking")
	}
	if flags, _, _ = syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), syscall.F_GETFD, 0); flags&syscall.FD_CLOEXEC == 0 {
		t.Error("the descriptor survives exec")
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if f.OS() != file {
		t.Error("a new file from a closed one")
	}
	if _, err := f.Image(); err == nil {
		t.Error("an image from a closed file")
	}
}

func TestRecognise(t *testing.T) {
	for _, c := range []struct {
		head string
		want Compression
		name string
	}{
		{"\x28\xb5\x2f\xfd\x00\x00", Zstd, "zstd"},
		{"\xfd7zXZ\x00", XZ, "xz"},
		{"\xfd7zXZ\x01", None, ""},
		{"\x1f\x8b\x08\x00\x00\x00", Gzip, "gzip"},
		{"\x1f\x8b????", Gzip, "gzip"},
		{"\x7fELF\x02\x01", None, ""},
		{"\x28\xb5\x2f\xfc\x00\x00", None, ""},
		{"", None, ""},
	} {
		if got := recognise([]byte(c.head)); got != c.want || got.String() != c.name {
			t.Errorf("%q: %q, want %q", c.head, got, c.name)
		}
	}
}
