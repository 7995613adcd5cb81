package main

import (
	"os/signal"
	"syscall"

	"gomod/internal/kernel"
)

// ignored has bit N set where the program was started with signal N ignored. The entry point writes it.
var ignored uint32

// inheritSignals ignores what was ignored before: a service whose reader of messages has gone goes on, and its commands find what they would
// find without this program in between. Others end the program as they end every program: of these Go's runtime would take no notice, or
// print where its goroutines are. SIGXFSZ is left to the runtime: a file that may not grow is an error that can be told, and cleaned up after.
func inheritSignals() {
	for number := range 32 {
		if ignored>>number&1 != 0 {
			signal.Ignore(syscall.Signal(number))
		}
	}
	for _, number := range [...]syscall.Signal{
		syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGALRM, syscall.SIGXCPU,
		syscall.SIGVTALRM, syscall.SIGIO, syscall.SIGPWR,
	} {
		if ignored>>number&1 == 0 {
			kernel.DefaultSignal(number)
		}
	}
}
