package kernel

import (
	"runtime"
	"syscall"
	"unsafe"

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

// sigaction is struct sigaction of linux/signal.h: the handler, flags, a restorer where the machine has one, and a mask of eight bytes.
type sigaction struct {
	handler uintptr
	_       [4]uintptr
}

// changeAction is rt_sigaction(2); either may be nil. It fails for no signal that there is and that may be changed.
func changeAction(number syscall.Signal, action, before *sigaction) {
	const maskSize = 8
	syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(number), uintptr(unsafe.Pointer(action)), uintptr(unsafe.Pointer(before)), maskSize, 0, 0)
}

// DefaultSignal is signal(number, SIG_DFL); package signal has it for those signals only that it was told to ignore or to deliver, and then it
// brings back the runtime's handler.
func DefaultSignal(number syscall.Signal) { changeAction(number, new(sigaction), nil) }

// IgnoreInterrupts ignores SIGINT and SIGQUIT, which the keyboard sends, until the function that it returns is called; then each does what it
// did before. Children that are started meanwhile do not ignore them, unless the program was started with them ignored or package signal
// was told to: syscall.ForkExec resets every signal that the runtime has once put a handler for. Package signal itself could do none of this:
// what it ignores a child ignores, and it does not give SIGQUIT back as it was.
func IgnoreInterrupts() (restore func()) {
	const ignore = 1 // SIG_IGN
	var interrupt, quit sigaction
	changeAction(syscall.SIGINT, &sigaction{handler: ignore}, &interrupt)
	changeAction(syscall.SIGQUIT, &sigaction{handler: ignore}, &quit)
	return func() {
		changeAction(syscall.SIGINT, &interrupt, nil)
		changeAction(syscall.SIGQUIT, &quit, nil)
	}
}
