package kernel

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// interrupted makes a call that a signal ends, while its thread gets the runtime's so many times. Behind the last of them the call ends by
// itself, so that it cannot be over before they came.
func interrupted(signals int) error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	defer write.Close()
	thread, ended := unix.Gettid(), make(chan struct{})
	var sending sync.WaitGroup
	sending.Go(func() {
		for range signals {
			select {
			case <-ended:
				return
			case <-time.After(10 * time.Millisecond): // one that comes before the call is lost
				unix.Tgkill(os.Getpid(), thread, unix.SIGURG)
			}
		}
		write.WriteString("x")
	})
	timeout := unix.NsecToTimespec(60e9)
	n, err := unix.Ppoll([]unix.PollFd{{Fd: int32(read.Fd()), Events: unix.POLLIN}}, &timeout, nil)
	close(ended)
	sending.Wait()
	if err == nil && n == 0 {
		return errors.New("the signals did not come within a minute")
	}
	return err
}

func TestUndisturbed(t *testing.T) {
	if err := undisturbed(func() error { return interrupted(3) }); err != nil {
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
			return interrupted(1000)
		})
	}()
	if err := <-ended; !errors.Is(err, syscall.EINTR) {
		t.Errorf("the signal does not interrupt: %v", err)
	}
	if err := undisturbed(func() error { return syscall.ENODEV }); err != syscall.ENODEV {
		t.Error(err)
	}
}
