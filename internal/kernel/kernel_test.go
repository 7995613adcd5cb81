package kernel_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"gomod/internal/kernel"
	"gomod/test/need"
)

// Calls that load and unload nothing on any kernel: their answers tell which system call was made, and with what.
func TestHost(t *testing.T) {
	tests := []struct {
		what string
		call func(kernel.Host) error
		want syscall.Errno // where modules can be loaded
	}{
		{"finit_module without a file", func(h kernel.Host) error { return h.FinitModule(-1, "", 0) }, syscall.EBADF},
		{"finit_module with a bad flag", func(h kernel.Host) error { return h.FinitModule(-1, "", 1<<30) }, syscall.EINVAL},
		{"init_module of a text", func(h kernel.Host) error { return h.InitModule(make([]byte, 4096), "") }, syscall.ENOEXEC},
		{"init_module of nothing", func(h kernel.Host) error { return h.InitModule(nil, "") }, syscall.ENOEXEC},
		{"delete_module of no module", func(h kernel.Host) error { return h.DeleteModule("no such module", syscall.O_NONBLOCK) }, syscall.ENOENT},
	}
	support := moduleSupport(t)
	for _, test := range tests {
		want := test.want
		if support != 0 {
			want = support
		}
		if err := test.call(kernel.Host{}); err != want {
			t.Errorf("%s: %v, want %v", test.what, err, want)
		}
	}
	for what, err := range map[string]error{
		"params with NUL": kernel.Host{}.InitModule(nil, "a\x00b"),
		"name with NUL":   kernel.Host{}.DeleteModule("a\x00b", 0),
	} {
		if err != syscall.EINVAL {
			t.Errorf("%s: %v, want EINVAL", what, err)
		}
	}
}

// moduleSupport returns what every call must answer on this machine: ENOSYS from a kernel without modules, EPERM without
// the right to load them, 0 otherwise.
func moduleSupport(t *testing.T) syscall.Errno {
	const capSysModule = 1 << 16
	right := false
	status, err := os.ReadFile("/proc/self/status")
	need.NoError(t, err)
	for line := range strings.Lines(string(status)) {
		if set, ok := strings.CutPrefix(line, "CapEff:"); ok {
			bits, err := strconv.ParseUint(strings.TrimSpace(set), 16, 64)
			if err != nil {
				t.Fatal(err)
			}
			right = bits&capSysModule != 0
		}
	}
	_, err = os.Stat("/proc/modules")
	disabled, _ := os.ReadFile("/proc/sys/kernel/modules_disabled")
	switch {
	case errors.Is(err, fs.ErrNotExist) && right:
		return syscall.ENOSYS
	case errors.Is(err, fs.ErrNotExist):
		t.Skip("neither modules nor the right to load them: a sandbox may answer what it likes") // in CI too
	case !right || string(disabled) == "1\n":
		return syscall.EPERM
	}
	return 0
}

func TestHostRelease(t *testing.T) {
	want, err := os.ReadFile("/proc/sys/kernel/osrelease")
	need.NoError(t, err)
	if got, err := (kernel.Host{}).Release(); got != strings.TrimSpace(string(want)) || err != nil {
		t.Errorf("Release = %q, %v; want %q", got, err, want)
	}
}

func TestRouteNames(t *testing.T) {
	want := "finit_module, finit_module of the compressed file, init_module, unknown route"
	if got := fmt.Sprintf("%v, %v, %v, %v", kernel.PlainFile, kernel.CompressedFile, kernel.Memory, kernel.Route(9)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
