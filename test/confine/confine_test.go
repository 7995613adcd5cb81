package confine

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"gomod/test/need"
)

// confined does something in a thread that ends with it.
func confined(t *testing.T, confine func() error, do func() error) {
	t.Helper()
	if os.Geteuid() != 0 {
		need.Missing(t, "only root has a right that can be taken away")
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := confine()
		if err == nil {
			err = do()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestWithoutModules(t *testing.T) {
	for name, confine := range map[string]func() error{"WithoutModules": WithoutModules, "ModuleCallsSucceed": ModuleCallsSucceed} {
		t.Run(name, func(t *testing.T) {
			var status []byte
			confined(t, confine, func() (err error) {
				status, err = exec.Command("cat", "/proc/self/status").Output()
				return err
			})
			// CapEff:	000001fffffeffff
			_, value, _ := strings.Cut(string(status), "CapEff:\t")
			value, _, _ = strings.Cut(value, "\n")
			rights, err := strconv.ParseUint(value, 16, 64)
			if err != nil {
				t.Fatal(err)
			}
			if rights&(1<<unix.CAP_SYS_MODULE) != 0 {
				t.Errorf("a program has the right to load modules: %s", value)
			}
		})
	}
}

// No memory, no file and no name is what the calls are given: a kernel that they reached after all would have nothing to load or to remove.
func TestModuleCallsSucceed(t *testing.T) {
	answers := make(map[string]unix.Errno)
	confined(t, ModuleCallsSucceed, func() error {
		const none = ^uintptr(0)
		_, _, answers["init_module"] = unix.RawSyscall(unix.SYS_INIT_MODULE, 0, 0, 0)
		_, _, answers["finit_module"] = unix.RawSyscall(unix.SYS_FINIT_MODULE, none, 0, 0)
		_, _, answers["delete_module"] = unix.RawSyscall(unix.SYS_DELETE_MODULE, 0, 0, 0)
		_, _, answers["close"] = unix.RawSyscall(unix.SYS_CLOSE, none, 0, 0)
		return nil
	})
	for _, name := range []string{"init_module", "finit_module", "delete_module"} {
		if answers[name] != 0 {
			t.Errorf("%s: %v", name, answers[name])
		}
	}
	if answers["close"] != unix.EBADF {
		t.Errorf("close, which is no module call: %v", answers["close"])
	}
}
