package compare

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

const (
	waitAll         = 0x40000000 // __WALL: threads too
	exitKill        = 0x00100000 // PTRACE_O_EXITKILL
	syscallStop     = syscall.SIGTRAP | 0x80
	traceSyscallBit = 0x01 // PTRACE_O_TRACESYSGOOD
)

// killAt runs a program and kills it at the n-th time that one of its threads enters or leaves a system call. False means
// that it ended before. The caller's thread must be locked.
func killAt(t *testing.T, program string, argv []string, n int) (killed bool, stops int) {
	t.Helper()
	cmd := &exec.Cmd{Path: program, Args: argv, Env: []string{"GOMAXPROCS=2"}, SysProcAttr: &syscall.SysProcAttr{Ptrace: true}}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	leader := cmd.Process.Pid
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(leader, &status, waitAll, nil); err != nil || !status.Stopped() {
		t.Fatal(err, status)
	}
	if err := syscall.PtraceSetOptions(leader, traceSyscallBit|syscall.PTRACE_O_TRACECLONE|exitKill); err != nil {
		t.Fatal(err)
	}
	syscall.PtraceSyscall(leader, 0)
	for {
		pid, err := syscall.Wait4(-1, &status, waitAll, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return killed, stops
		}
		if status.Exited() || status.Signaled() {
			if pid == leader {
				return killed, stops
			}
			continue
		}
		signal := 0
		switch stopped := status.StopSignal(); stopped {
		case syscallStop:
			if stops++; stops == n && !killed {
				killed = true
				syscall.Kill(leader, syscall.SIGKILL)
			}
		case syscall.SIGTRAP, syscall.SIGSTOP: // a thread was made, or begins
		default:
			signal = int(stopped)
		}
		syscall.PtraceSyscall(pid, signal)
	}
}

// TestDepmodKilled kills depmod at its system calls, one in each run: every file is whole afterwards, old or new, modules.dep
// is new only if all are, and the next run puts everything in order.
func TestDepmodKilled(t *testing.T) {
	program := need(t, "bin/gomod")
	f := newFaulty(t, t.TempDir())
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	f.restore()
	_, stops := killAt(t, program, f.argv(), -1)
	if stops < 100 {
		missing(t, "ptrace does not work here")
	}
	every := max(1, stops/150)
	if os.Getenv("GOMOD_TEST_ALL") != "" {
		every = 1
	}
	kills, between, leftovers := 0, 0, 0
	for n := 1; ; n += every {
		f.restore()
		killed, _ := killAt(t, program, f.argv(), n)
		if !killed {
			break
		}
		kills++
		old, new, others := f.state()
		if old > 0 && new > 0 {
			between++
		}
		if others > 0 {
			leftovers++
		}
		if readFolder(t, f.folder())["modules.dep"] == f.after["modules.dep"] && old > 0 {
			t.Errorf("killed at stop %d: modules.dep is new, %d others are not", n, old)
		}
		if n%(5*every) == 1 || others > 0 {
			if !f.settled("the run after", Gomod(t, Call{Argv: f.argv()})) {
				t.Errorf("the run after stop %d fails", n)
			}
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("killed %d times of about %d: %d times between two renames, %d times with temporaries left", kills, stops, between, leftovers)
	if leftovers == 0 {
		t.Error("it was never killed while there were temporaries")
	}
}

// TestDepmodLeftovers holds which files a run takes for what a dead one left.
func TestDepmodLeftovers(t *testing.T) {
	f := newFaulty(t, t.TempDir())
	f.restore()
	kept := []string{"modules.dep.1.2", "modules.dep.bak", "modules.order", "modules.dep.x.2.3.gomod", "modules.depp.1.2.3.gomod", "other.1.2.3.gomod", "modules.dep.bin.99999999.1.1700000000"}
	gone := []string{"modules.dep.1.2.1700000000.gomod", "modules.builtin.alias.bin.99999999.123456.1700000000.gomod"}
	for _, name := range append(kept, gone...) {
		if err := os.WriteFile(filepath.Join(f.folder(), name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if result := Gomod(t, Call{Argv: f.argv()}); result != (Result{}) {
		t.Error(result)
	}
	entries, err := os.ReadDir(f.folder())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	all := " " + strings.Join(names, " ") + " "
	for _, name := range kept {
		if !strings.Contains(all, " "+name+" ") {
			t.Errorf("%s was removed", name)
		}
	}
	for _, name := range gone {
		if strings.Contains(all, " "+name+" ") {
			t.Errorf("%s was kept", name)
		}
	}
}
