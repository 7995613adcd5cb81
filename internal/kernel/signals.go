package kernel

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// undisturbed makes a system call without the signal by which Go's runtime interrupts its threads, for its garbage collection above all. The
// module system calls wait in ways that a signal ends with EINTR, and none can be repeated: it could be a module's own answer. Signals of
// others, such as ^C, are let through.
func undisturbed(call func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var urgent, before unix.Sigset_t
	urgent.Val[0] = 1 << (unix.SIGURG - 1)
	if unix.PthreadSigmask(unix.SIG_BLOCK, &urgent, &before) == nil {
		defer unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil)
	}
	return call()
}
