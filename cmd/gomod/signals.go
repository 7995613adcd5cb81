package main

import (
	"os/signal"
	"syscall"
)

// ignored has bit N set where the program was started with signal N ignored. The entry point writes it.
var ignored uint32

// keepIgnored ignores what was ignored before: a service whose reader of messages has gone goes on, and its commands find what they would
// find without this program in between.
func keepIgnored() {
	for number := range 32 {
		if ignored>>number&1 != 0 {
			signal.Ignore(syscall.Signal(number))
		}
	}
}
