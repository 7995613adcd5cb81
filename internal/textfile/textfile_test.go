package textfile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"gomod/test/need"
)

const limit = 10_000

func TestRead(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	full := bytes.Repeat([]byte("x"), limit)
	need.NoError(t, errors.Join(
		os.WriteFile(path("empty"), nil, 0o644),
		os.WriteFile(path("full"), full, 0o644),
		os.WriteFile(path("fuller"), append(full, 'x'), 0o644),
		os.WriteFile(path("sparse"), nil, 0o644),
		os.Truncate(path("sparse"), 1<<40),
		unix.Mkfifo(path("fifo"), 0o644),
		os.Symlink("/dev/zero", path("zero")),
		os.Symlink("/dev/null", path("null")),
	))
	var r Reader
	for _, test := range []struct {
		name string
		want []byte
		err  error
		text string
	}{
		{"empty", nil, nil, ""},
		{"full", full, nil, ""},
		{"empty", nil, nil, ""},
		{"null", nil, nil, ""},
		{"fuller", nil, unix.EFBIG, "it has more than 10000 bytes"},
		{"sparse", nil, unix.EFBIG, "it has more than 10000 bytes"},
		{"fifo", nil, unix.EINVAL, "it is a FIFO, not a regular file"},
		{"zero", nil, unix.EINVAL, "it is a device, not a regular file"},
		{".", nil, unix.EISDIR, "it is a directory, not a regular file"},
		{"none", nil, unix.ENOENT, "no such file or directory"},
	} {
		for _, read := range []func(string, int) ([]byte, error){Read, r.Read} {
			got, err := read(path(test.name), limit)
			if !bytes.Equal(got, test.want) || !errors.Is(err, test.err) {
				t.Errorf("%s: %d bytes, %v", test.name, len(got), err)
			}
			var failed *fs.PathError
			if test.err != nil && (!errors.As(err, &failed) || failed.Path != path(test.name) || failed.Err.Error() != test.text) {
				t.Errorf("%s: %v", test.name, err)
			}
		}
	}
}

// Somebody may hold a FIFO open and never write into it.
func TestHeldFIFO(t *testing.T) {
	need.NotWaitedFor(t, func(path string) error {
		_, err := Read(path, limit)
		return err
	})
}

// The files of /proc claim to have no bytes; some have more than anybody can read, and of some a part can be read.
func TestSizeUnknown(t *testing.T) {
	const path = "/proc/self/status"
	want, err := os.ReadFile(path)
	need.NoError(t, err)
	got, err := Read(path, limit)
	if err != nil || !bytes.HasPrefix(got, want[:20]) || bytes.Count(got, []byte("\n")) != bytes.Count(want, []byte("\n")) {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := Read(path, 100); !errors.Is(err, unix.EFBIG) {
		t.Error(err)
	}
	if _, err := Read("/proc/self/pagemap", limit); !errors.Is(err, unix.EFBIG) {
		t.Error(err)
	}
	// Its read is EIO where nothing is mapped at address 0.
	if _, err := Read("/proc/self/mem", limit); !errors.Is(err, unix.EIO) || !strings.HasPrefix(err.Error(), "read /proc/self/mem: ") {
		t.Error(err)
	}
}
