package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

const (
	traceExit  = 0x40 // PTRACE_O_TRACEEXIT
	exitEvent  = 6    // PTRACE_EVENT_EXIT
	waitForAll = 0x40000000
)

// peak is the most resident memory in KiB, read when the process is about to end. What wait4(2) tells would begin with what this
// program has.
func (r *root) peak(p peer, w work) (kib int, err error) {
	argv := append(p.command(w.tool), w.args...)
	cmd := &exec.Cmd{
		Path: argv[0], Args: argv, Dir: "/", Env: []string{"PATH=/sbin:/bin"},
		SysProcAttr: &syscall.SysProcAttr{Chroot: r.dir, Ptrace: true},
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := onCores(w.cores, cmd.Start); err != nil {
		return 0, err
	}
	pid := cmd.Process.Pid
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(pid, &status, waitForAll, nil); err != nil {
		return 0, err
	}
	if err := syscall.PtraceSetOptions(pid, traceExit); err != nil {
		return 0, err
	}
	for signal := 0; ; {
		if err := syscall.PtraceCont(pid, signal); err != nil {
			return 0, err
		}
		if _, err := syscall.Wait4(pid, &status, waitForAll, nil); err != nil {
			return 0, err
		}
		switch {
		case status.Exited() && status.ExitStatus() == 0 && kib > 0:
			return kib, nil
		case !status.Stopped():
			return 0, fmt.Errorf("it ended with %#x", int(status))
		case status.TrapCause() == exitEvent:
			if kib, err = highWater(pid); err != nil {
				return 0, err
			}
			signal = 0
		case status.StopSignal() == syscall.SIGTRAP:
			signal = 0
		default:
			signal = int(status.StopSignal())
		}
	}
}

// highWater is VmHWM of proc(5).
func highWater(pid int) (int, error) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0, errors.New("the process has no VmHWM any more")
	}
	return strconv.Atoi(fields[0])
}
