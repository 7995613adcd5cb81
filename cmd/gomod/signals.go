package main

import (
	"os/signal"
	"syscall"
	"unsafe"
)

// ignored has bit N set where the program was started with signal N ignored. The entry point writes it.
var ignored uint32

// inheritSignals ignores what was ignored before: a service whose reader of messages has gone goes on, and its commands find what they would
// find without this program in between. Others end the program as they end every program: of these Go's runtime would take no notice, or
// print where its goroutines are.
func inheritSignals() {
	for number := range 32 {
		if ignored>>number&1 != 0 {
			signal.Ignore(syscall.Signal(number))
		}
	}
	for _, number := range [...]syscall.Signal{syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGALRM, syscall.SIGXCPU} {
		if ignored>>number&1 == 0 {
			setDefault(number)
		}
	}
}

// setDefault is signal(number, SIG_DFL); package signal has it for those signals only that it was told to ignore or to deliver, and then it
// brings back the runtime's handler.
func setDefault(number syscall.Signal) {
	// struct sigaction of linux/signal.h: a handler, flags, a restorer and a mask, of which all are zero. No machine has a longer one.
	var action [32]byte
	syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(number), uintptr(unsafe.Pointer(&action)), 0, 8, 0, 0)
}
