package kmod

import (
	"errors"
	"syscall"
	"time"

	"gomod/internal/kernel"
)

// Clock is the time that waiting takes.
type Clock interface {
	Now() time.Time
	Sleep(time.Duration)
}

// SystemClock is the real time.
type SystemClock struct{}

// Now implements Clock.
func (SystemClock) Now() time.Time { return time.Now() }

// Sleep implements Clock.
func (SystemClock) Sleep(d time.Duration) { time.Sleep(d) }

// firstDelay is how long it is waited before the second try; each further wait is twice as long.
const firstDelay = 2 * time.Millisecond

// unloadWaiting tries again for as long as wait while the module is in use.
func (r *Runner) unloadWaiting(name string, wait time.Duration) error {
	force := r.Force != kernel.Force{}
	err := r.Host.Remove(name, force)
	if wait == 0 || !errors.Is(err, syscall.EAGAIN) {
		return err
	}
	deadline := r.Clock.Now().Add(wait)
	for delay := firstDelay; errors.Is(err, syscall.EAGAIN); delay *= 2 {
		remaining := deadline.Sub(r.Clock.Now())
		if remaining <= 0 {
			return err
		}
		delay = shortened(delay, remaining)
		r.Clock.Sleep(delay)
		err = r.Host.Remove(name, force)
	}
	return err
}

// shortened halves a delay until it fits into what remains. What would be less than a millisecond is all that remains.
func shortened(delay, remaining time.Duration) time.Duration {
	for delay > remaining {
		delay /= 2
	}
	if delay < time.Millisecond {
		return remaining
	}
	return delay
}
