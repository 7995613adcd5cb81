package kernel_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"gomod/internal/kernel"
	"gomod/internal/kernel/kerneltest"
)

const plainModule = "\x7fELF\x00name=m\x00depends=\x00"

// fixture is a fake kernel, and a module file to be loaded into it.
type fixture struct {
	t      *testing.T
	root   string
	kernel *kerneltest.Kernel
	images int // calls of Image
	in     kernel.Insertion
}

func newFixture(t *testing.T, content string) *fixture {
	f := &fixture{t: t, root: t.TempDir()}
	f.kernel = kerneltest.New(f.root)
	f.kernel.Decompress = func([]byte) ([]byte, error) { return []byte(plainModule), nil }
	f.write("m.ko", content)
	file, err := os.Open(filepath.Join(f.root, "m.ko"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	f.in = kernel.Insertion{Path: "dir/m.ko", File: file, Params: "a=1", Image: func() ([]byte, error) {
		f.images++
		return []byte(plainModule), nil
	}}
	return f
}

func (f *fixture) write(path, text string) {
	f.t.Helper()
	full := filepath.Join(f.root, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) calls(want ...string) {
	f.t.Helper()
	got, err := os.ReadFile(filepath.Join(f.root, "kernel/calls"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		f.t.Fatal(err)
	}
	text := strings.Join(want, "\n")
	if text != "" {
		text += "\n"
	}
	if string(got) != text {
		f.t.Errorf("calls\n%swant\n%s", got, text)
	}
}

// refused checks a LoadError with every field.
func (f *fixture) refused(err error, errno syscall.Errno, route kernel.Route) {
	f.t.Helper()
	var load *kernel.LoadError
	if !errors.As(err, &load) {
		f.t.Fatalf("%v is no LoadError", err)
	}
	if want := (kernel.LoadError{Path: "dir/m.ko", Params: "a=1", Errno: errno, Route: route, Force: f.in.Force, Log: kernel.Excerpt{Err: kernel.ErrNotWatched}}); !reflect.DeepEqual(*load, want) {
		f.t.Errorf("%+v, want %+v", *load, want)
	}
	var found syscall.Errno
	if !errors.As(err, &found) || found != errno {
		f.t.Errorf("the chain of %v does not end in %v", err, errno)
	}
}

func TestInsertRoutes(t *testing.T) {
	tests := []struct {
		name    string
		content string
		route   kernel.Route
		force   kernel.Force
		images  int
		call    string
	}{
		{"plain", plainModule, kernel.PlainFile, kernel.Force{}, 0, `finit_module m "a=1" flags=0`},
		{"compressed", "\x1f\x8b", kernel.CompressedFile, kernel.Force{}, 0, `finit_module m "a=1" flags=4`},
		{"memory", "\x1f\x8b", kernel.Memory, kernel.Force{}, 1, `init_module m "a=1"`},
		{"force vermagic", plainModule, kernel.PlainFile, kernel.Force{Vermagic: true}, 0, `finit_module m "a=1" flags=2`},
		{"force modversions", plainModule, kernel.PlainFile, kernel.Force{Modversions: true}, 0, `finit_module m "a=1" flags=1`},
		{"force both, compressed", "\x1f\x8b", kernel.CompressedFile, kernel.Force{Vermagic: true, Modversions: true}, 0, `finit_module m "a=1" flags=7`},
		{"force both, memory", "\x1f\x8b", kernel.Memory, kernel.Force{Vermagic: true, Modversions: true}, 1, `init_module m "a=1"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(t, test.content)
			f.write("sys/module/compression", "gzip\n")
			f.in.Route, f.in.Force = test.route, test.force
			if err := kernel.Insert(f.kernel, f.in); err != nil {
				t.Fatal(err)
			}
			f.calls(test.call)
			if f.images != test.images {
				t.Errorf("Image was called %d times, want %d", f.images, test.images)
			}
			if _, err := os.Stat(filepath.Join(f.root, "sys/module/m/initstate")); err != nil {
				t.Error(err)
			}
		})
	}
}

// Whatever finit_module answers, init_module must not follow: the init function may have run.
func TestInsertNeverTwice(t *testing.T) {
	for name, errno := range map[string]syscall.Errno{"ENOEXEC": syscall.ENOEXEC, "EINVAL": syscall.EINVAL, "ENOMEM": syscall.ENOMEM,
		"EOPNOTSUPP": syscall.EOPNOTSUPP, "ENODEV": syscall.ENODEV, "EINTR": syscall.EINTR, "EAGAIN": syscall.EAGAIN, "EEXIST": syscall.EEXIST,
		"ENOKEY": syscall.ENOKEY, "EPERM": syscall.EPERM, "EBUSY": syscall.EBUSY, "ENOENT": syscall.ENOENT, "ESRCH": syscall.ESRCH} {
		for _, route := range []kernel.Route{kernel.PlainFile, kernel.CompressedFile} {
			f := newFixture(t, plainModule)
			f.in.Route = route
			f.write("kernel/errno", "finit_module * "+name+"\n")
			f.refused(kernel.Insert(f.kernel, f.in), errno, route)
			f.calls(`finit_module m "a=1" flags=` + map[kernel.Route]string{kernel.PlainFile: "0", kernel.CompressedFile: "4"}[route])
			if f.images != 0 {
				t.Errorf("%s: an image was made", name)
			}
		}
	}
}

func TestInsertInitReturnsENOSYS(t *testing.T) {
	f := newFixture(t, plainModule)
	f.write("kernel/errno", "finit_module m ENOSYS\n") // this module only: the system call exists
	f.refused(kernel.Insert(f.kernel, f.in), syscall.ENOSYS, kernel.PlainFile)
	f.calls(`finit_module m "a=1" flags=0`, `finit_module - "a=1" flags=0`)
}

func TestInsertWithoutFinit(t *testing.T) {
	f := newFixture(t, plainModule)
	f.write("kernel/errno", "finit_module ENOSYS\n")
	if err := kernel.Insert(f.kernel, f.in); err != nil {
		t.Fatal(err)
	}
	f.calls(`finit_module m "a=1" flags=0`, `finit_module - "a=1" flags=0`, `init_module m "a=1"`)
	if f.images != 1 {
		t.Errorf("Image was called %d times", f.images)
	}
}

func TestInsertWithoutModules(t *testing.T) {
	f := newFixture(t, "\x1f\x8b")
	f.in.Route = kernel.CompressedFile
	f.write("kernel/errno", "finit_module ENOSYS\ninit_module ENOSYS\n")
	f.refused(kernel.Insert(f.kernel, f.in), syscall.ENOSYS, kernel.Memory)
}

func TestInsertMemoryRefused(t *testing.T) {
	f := newFixture(t, plainModule)
	f.in.Route = kernel.Memory
	f.write("kernel/errno", "init_module m ENOEXEC\n")
	err := kernel.Insert(f.kernel, f.in)
	f.refused(err, syscall.ENOEXEC, kernel.Memory)
	if want := "could not load dir/m.ko (init_module): exec format error"; err.Error() != want {
		t.Errorf("message %q, want %q", err, want)
	}
}

func TestInsertImageFails(t *testing.T) {
	f := newFixture(t, plainModule)
	f.in.Route = kernel.Memory
	f.in.Image = func() ([]byte, error) { return nil, syscall.ENODATA }
	err := kernel.Insert(f.kernel, f.in)
	var load *kernel.LoadError
	if errors.As(err, &load) || !errors.Is(err, syscall.ENODATA) || !strings.Contains(err.Error(), "dir/m.ko") {
		t.Errorf("%v, want ENODATA with the path, and no LoadError", err)
	}
	f.calls()
}

// A Kernel whose error has no errno is broken; that must not look like the kernel's refusal.
func TestInsertForeignError(t *testing.T) {
	f := newFixture(t, plainModule)
	f.write("kernel/errno", "what is this\n")
	err := kernel.Insert(f.kernel, f.in)
	var load *kernel.LoadError
	if err == nil || errors.As(err, &load) || !strings.Contains(err.Error(), "kernel/errno:1") {
		t.Errorf("%v, want the reason, and no LoadError", err)
	}
}

func TestRemove(t *testing.T) {
	f := newFixture(t, plainModule)
	if err := kernel.Insert(f.kernel, f.in); err != nil {
		t.Fatal(err)
	}
	f.write("sys/module/m/refcnt", "1\n")
	err := kernel.Remove(f.kernel, "m", false)
	var unload *kernel.UnloadError
	if !errors.As(err, &unload) || *unload != (kernel.UnloadError{Name: "m", Errno: syscall.EAGAIN}) || !errors.Is(err, syscall.EWOULDBLOCK) {
		t.Errorf("busy: %#v", err)
	}
	if err := kernel.Remove(f.kernel, "m", true); err != nil {
		t.Errorf("forced: %v", err)
	}
	if err := kernel.Remove(f.kernel, "m", false); !errors.Is(err, syscall.ENOENT) {
		t.Errorf("gone: %v", err)
	}
	plain, forced := fmt.Sprintf("delete_module m flags=%#x", syscall.O_NONBLOCK), fmt.Sprintf("delete_module m flags=%#x", syscall.O_NONBLOCK|syscall.O_TRUNC)
	f.calls(`finit_module m "a=1" flags=0`, plain, forced, plain)
	f.write("kernel/errno", "what is this\n")
	if err := kernel.Remove(f.kernel, "m", false); err == nil || errors.As(err, &unload) {
		t.Errorf("foreign error: %v", err)
	}
}
