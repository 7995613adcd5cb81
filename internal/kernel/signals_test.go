package kernel

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
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

// signals are the masks of signals that a process ignores, and of those that it has a handler for.
func signals(t *testing.T, process string) (ignored, caught uint64) {
	t.Helper()
	status, err := os.ReadFile("/proc/" + process + "/status")
	if err != nil {
		t.Fatal(err)
	}
	field := func(name string) uint64 {
		_, rest, _ := strings.Cut(string(status), "\n"+name+":\t")
		value, _, _ := strings.Cut(rest, "\n")
		mask, err := strconv.ParseUint(value, 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		return mask
	}
	return field("SigIgn"), field("SigCgt")
}

// SIGINT and SIGQUIT do afterwards what they did before, each time, whether Go's runtime, the program or its parent had wanted that; and only
// what the parent wanted ignored is for a child.
func TestIgnoreInterrupts(t *testing.T) {
	// Package signal cannot take back all of this: it is for a process of its own. A shell starts what it does not wait for with both ignored.
	if os.Getenv("GOMOD_TEST_SIGNALS") == "" {
		for _, number := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
			var before sigaction
			changeAction(number, new(sigaction), &before)
			defer changeAction(number, &before, nil)
		}
		alone := exec.Command(os.Args[0], "-test.run=^TestIgnoreInterrupts$")
		alone.Env = append(os.Environ(), "GOMOD_TEST_SIGNALS=1")
		if out, err := alone.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	const both = 1<<(syscall.SIGINT-1) | 1<<(syscall.SIGQUIT-1)
	for _, state := range []struct {
		name    string
		prepare func()
		// inherited are the signals that a child ignores.
		inherited uint64
	}{
		{"the runtime's handlers", func() {}, 0},
		{"SIGQUIT as the program has it", func() { DefaultSignal(syscall.SIGQUIT) }, 0},
		{"SIGQUIT ignored", func() { signal.Ignore(syscall.SIGQUIT) }, 1 << (syscall.SIGQUIT - 1)},
		{"both ignored", func() { signal.Ignore(syscall.SIGINT) }, both},
	} {
		state.prepare()
		ignored, caught := signals(t, "self")
		for range 2 {
			restore := IgnoreInterrupts()
			for _, number := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
				if err := syscall.Kill(os.Getpid(), number); err != nil { // it would end this test
					t.Fatal(err)
				}
			}
			child, err := os.StartProcess("/bin/sleep", []string{"sleep", "100"}, &os.ProcAttr{})
			if err != nil {
				t.Fatal(err)
			}
			if inherited, _ := signals(t, strconv.Itoa(child.Pid)); inherited&both != state.inherited {
				t.Errorf("%s: a child ignores %x", state.name, inherited)
			}
			child.Kill()
			child.Wait()
			restore()
			if nowIgnored, nowCaught := signals(t, "self"); nowIgnored != ignored || nowCaught != caught {
				t.Errorf("%s: ignored %x, caught %x; then %x and %x", state.name, ignored, caught, nowIgnored, nowCaught)
			}
		}
	}
}
