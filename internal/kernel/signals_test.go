package kernel

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// interrupted makes a call of 100 ms that a signal ends, while its thread gets the runtime's.
func interrupted() error {
	thread := unix.Gettid()
	go func() {
		time.Sleep(20 * time.Millisecond)
		unix.Tgkill(os.Getpid(), thread, unix.SIGURG)
	}()
	timeout := unix.NsecToTimespec(100e6)
	_, err := unix.Ppoll(nil, &timeout, nil)
	return err
}

func TestUndisturbed(t *testing.T) {
	if err := undisturbed(interrupted); err != nil {
		t.Error(err)
	}
	// Nothing stays blocked, and the test itself is good.
	ended := make(chan error)
	go func() {
		undisturbed(func() error { return nil })
		ended <- undisturbed(func() error {
			var set unix.Sigset_t
			set.Val[0] = 1 << (unix.SIGURG - 1)
			unix.PthreadSigmask(unix.SIG_UNBLOCK, &set, nil)
			return interrupted()
		})
	}()
	if err := <-ended; !errors.Is(err, syscall.EINTR) {
		t.Errorf("the signal does not interrupt: %v", err)
	}
	if err := undisturbed(func() error { return syscall.ENODEV }); err != syscall.ENODEV {
		t.Error(err)
	}
}
