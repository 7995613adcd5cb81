//go:build linux && (amd64 || arm64)

package ptrace

import (
	"os/exec"
	"syscall"
	"testing"
)

const (
	waitAll         = 0x40000000 // __WALL: threads too
	exitKill        = 0x00100000 // PTRACE_O_EXITKILL
	syscallStop     = syscall.SIGTRAP | 0x80
	traceSyscallBit = 0x01 // PTRACE_O_TRACESYSGOOD
)

// Run runs a program, and calls stop every time that one of its threads enters or leaves a system call. The caller's thread
// must be locked.
func Run(t testing.TB, program string, argv []string, stop func(leader, pid int)) {
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
			return
		}
		if status.Exited() || status.Signaled() {
			if pid == leader {
				return
			}
			continue
		}
		signal := 0
		switch stopped := status.StopSignal(); stopped {
		case syscallStop:
			stop(leader, pid)
		case syscall.SIGTRAP, syscall.SIGSTOP: // a thread was made, or begins
		default:
			signal = int(stopped)
		}
		syscall.PtraceSyscall(pid, signal)
	}
}
