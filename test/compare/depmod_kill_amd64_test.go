package compare

import (
	"os"
	"runtime"
	"syscall"
	"testing"

	"gomod/test/need"
	"gomod/test/ptrace"
)

// anyCall stands for all system calls.
const anyCall = -1

// killAt runs a program and kills it at the n-th time that one of its threads enters or leaves a system call, or a certain
// one. False means that it ended before. The caller's thread must be locked.
func killAt(t *testing.T, program string, argv []string, call, n int) (killed bool, stops int) {
	t.Helper()
	ptrace.Run(t, program, argv, func(leader, pid int) {
		if call != anyCall && call != ptrace.Call(pid) {
			return
		}
		if stops++; stops == n && !killed {
			killed = true
			syscall.Kill(leader, syscall.SIGKILL)
		}
	})
	return killed, stops
}

// TestDepmodKilled kills depmod at its system calls, one in each run: every file is whole afterwards, old or new, modules.dep
// is new only if all are, and the next run puts everything in order.
func TestDepmodKilled(t *testing.T) {
	program := need.File(t, "bin/gomod")
	f := newFaulty(t, t.TempDir())
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	f.restore()
	_, stops := killAt(t, program, f.argv(), anyCall, -1)
	if stops < 100 {
		need.Missing(t, "ptrace does not work here")
	}
	every := max(1, stops/100)
	if os.Getenv("GOMOD_TEST_ALL") != "" {
		every = 1
	}
	for n := 1; f.kill(program, anyCall, n) && !t.Failed(); n += every {
	}
	for n := 1; f.kill(program, syscall.SYS_RENAMEAT, n) && !t.Failed(); n++ {
	}
	t.Logf("killed %d times, of about %d calls entered or left: %d times between two renames, %d times with temporaries left", f.kills, stops, f.between, f.leftovers)
	if f.leftovers == 0 || f.between < 8 {
		t.Error("it was never killed where it hurts")
	}
}

// kill does one run that is killed, and sometimes another that is not; false if it ended before.
func (f *faulty) kill(program string, call, n int) bool {
	t := f.tree.t.(*testing.T)
	f.restore()
	if killed, _ := killAt(t, program, f.argv(), call, n); !killed {
		return false
	}
	f.kills++
	old, new, others := f.state()
	if old > 0 && new > 0 {
		f.between++
	}
	if others > 0 {
		f.leftovers++
	}
	if readFolder(t, f.folder())["modules.dep"] == f.after["modules.dep"] && old > 0 {
		t.Errorf("killed at stop %d: modules.dep is new, %d others are not", n, old)
	}
	if f.kills%5 == 0 || others > 0 {
		if !f.settled("the run after", Gomod(t, Call{Argv: f.argv()})) {
			t.Errorf("the run after stop %d fails", n)
		}
	}
	return true
}
