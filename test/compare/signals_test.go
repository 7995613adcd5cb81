package compare

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gomod/test/need"
)

// What a tool was started with ignored, as services are with SIGPIPE, it and its commands go on ignoring.
func TestIgnoredSignals(t *testing.T) {
	dir := t.TempDir()
	gomod, kmod := need.File(t, "bin/gomod"), need.File(t, "build/kmod34")
	tr := newTree(t)
	chain(tr)
	config := filepath.Join(t.TempDir(), "a.conf")
	text := "install one echo 1 >>DIR/ran\ninstall two echo 2 >>DIR/ran\ninstall mask grep SigIgn /proc/self/status >DIR/ran\n"
	if err := os.WriteFile(config, []byte(strings.ReplaceAll(text, "DIR", dir)), 0o644); err != nil {
		t.Fatal(err)
	}
	modprobe := []string{"modprobe", "-C", config, "-d", dir, "-S", "none"}
	for _, test := range []struct {
		// signals are ignored; the reader of the stream broken is gone.
		signals, broken string
		argv            []string
		// want is what both are known to leave: of a mask at least these bits, for whoever runs this may ignore more.
		want string
	}{
		{"PIPE", "1", append(modprobe, "-v", "-a", "one", "nope", "two"), "1\n2\n"},
		{"PIPE", "2", append(modprobe, "-v", "-a", "one", "nope", "two"), "1\n2\n"},
		{"PIPE", "2", []string{"depmod", "-b", tr.base, "-C", config, "-e", treeRelease}, ""},
		{"TERM", "", append(modprobe, "mask"), "SigIgn:\t4000"},
		{"HUP INT QUIT USR1 USR2 PIPE ALRM TERM TSTP TTIN TTOU", "", append(modprobe, "mask"), "SigIgn:\t387a07"},
		{"ABRT CONT XCPU XFSZ VTALRM WINCH 29 PWR", "", append(modprobe, "mask"), "SigIgn:\t3b820020"},
		{"XFSZ", "", append(modprobe, "mask"), "SigIgn:\t1000000"},
		{"", "", append(modprobe, "mask"), "SigIgn:\t0"},
	} {
		outcome := func(argv []string) (status int, left string) {
			status = withIgnored(t, test.signals, test.broken, argv)
			content, _ := os.ReadFile(filepath.Join(dir, "ran"))
			os.Remove(filepath.Join(dir, "ran"))
			return status, string(content)
		}
		status, left := outcome(append([]string{gomod}, test.argv...))
		wantStatus, wantLeft := outcome(referenceArgv(kmod, test.argv))
		if status != wantStatus || left != wantLeft || !leaves(left, test.want) {
			t.Errorf("%s ignored, stream %q broken, %q: status %d, %q\nC kmod: status %d, %q", test.signals, test.broken, test.argv, status, left, wantStatus, wantLeft)
		}
	}
}

// A signal that nobody handles ends both in the same way. It comes while a tool waits for a reader.
func TestSignals(t *testing.T) {
	gomod, kmod := need.File(t, "bin/gomod"), need.File(t, "build/kmod34")
	base := need.File(t, "build/kernels/6.12")
	argv := []string{"modprobe", "-d", base, "-S", releaseOf(t, base), "-c"}
	for _, sent := range []syscall.Signal{
		syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGALRM, syscall.SIGTERM,
		syscall.SIGXCPU, syscall.SIGVTALRM, syscall.SIGIO, syscall.SIGPWR,
	} {
		for _, program := range [][]string{append([]string{gomod}, argv...), referenceArgv(kmod, argv)} {
			if got, said := endedBy(t, sent, 1, program); got != sent || said != "" {
				t.Errorf("%s: %q: ended by signal %d and said %q", sent, program, got, said)
			}
		}
	}
}

// A command that has run leaves the signals as they were.
func TestSignalsAfterCommand(t *testing.T) {
	gomod, kmod := need.File(t, "bin/gomod"), need.File(t, "build/kmod34")
	dir := t.TempDir()
	config := filepath.Join(dir, "a.conf")
	if err := os.WriteFile(config, []byte("install one true\ninstall two exit 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	// The messages about thousands of modules that do not exist are more than a pipe holds.
	argv := []string{"modprobe", "-C", config, "-d", dir, "-S", "none", "-a", "one", "two"}
	for i := range 3000 {
		argv = append(argv, "nope"+strconv.Itoa(i))
	}
	for _, sent := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM} {
		for _, program := range [][]string{append([]string{gomod}, argv...), referenceArgv(kmod, argv)} {
			if got, said := endedBy(t, sent, 2, program); got != sent || said != "" {
				t.Errorf("%s: %s: ended by signal %d and said %q", sent, program[0], got, said)
			}
		}
	}
}

// While a command runs, the keyboard's signals are for it alone, as with system(3).
func TestSignalsDuringCommand(t *testing.T) {
	gomod, kmod := need.File(t, "bin/gomod"), need.File(t, "build/kmod34")
	dir := t.TempDir()
	config := filepath.Join(dir, "a.conf")
	text := "install one kill -QUIT $PPID; kill -INT $PPID; sleep 0.1; echo one\ninstall two echo two\n"
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	argv := []string{"modprobe", "-C", config, "-d", dir, "-S", "none", "-a", "one", "two"}
	for _, program := range [][]string{append([]string{gomod}, argv...), referenceArgv(kmod, argv)} {
		if out, err := exec.Command(program[0], program[1:]...).CombinedOutput(); err != nil || string(out) != "one\ntwo\n" {
			t.Errorf("%q: %v: %s", program, err, out)
		}
	}
}

// almostFull is less than a pipe holds by what may be lost where writes are not as long as pages.
const almostFull = 32 << 10

// endedBy gives the signal that ended a program, after it was sent one while its stream, 1 or 2, was full, and what it said by the other stream.
func endedBy(t *testing.T, sent syscall.Signal, stream int, argv []string) (by syscall.Signal, said string) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var other strings.Builder
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = write, &other
	if stream == 2 {
		cmd.Stdout, cmd.Stderr = &other, write
	}
	err = startWithDefault(cmd, sent)
	write.Close()
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	for held := 0; held < almostFull; {
		select {
		case <-ended:
			t.Fatalf("%q ended with %d bytes printed, before a signal was sent: %v, %q", argv, held, cmd.ProcessState, other.String())
		case <-time.After(time.Millisecond):
		}
		if held, err = unix.IoctlGetInt(int(read.Fd()), unix.TIOCINQ); err != nil {
			t.Fatal(err)
		}
	}
	// One that takes no notice ends when it is read.
	cmd.Process.Signal(sent)
	reading := time.AfterFunc(10*time.Second, func() { io.Copy(io.Discard, read) })
	defer reading.Stop()
	<-ended
	return cmd.ProcessState.Sys().(syscall.WaitStatus).Signal(), other.String()
}

// startWithDefault starts a program for which a signal is as usual, though whoever runs this may ignore it, as nohup does: what is caught here
// is not ignored there.
func startWithDefault(cmd *exec.Cmd, usual syscall.Signal) error {
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, usual)
	defer signal.Stop(caught)
	return cmd.Start()
}

func leaves(left, want string) bool {
	mask, isMask := strings.CutPrefix(strings.TrimSpace(left), "SigIgn:\t")
	if !isMask {
		return left == want
	}
	has, _ := strconv.ParseUint(mask, 16, 64)
	wants, err := strconv.ParseUint(strings.TrimPrefix(want, "SigIgn:\t"), 16, 64)
	return err == nil && has&wants == wants
}

// withIgnored runs a program and gives its status; a signal N is -N.
func withIgnored(t *testing.T, signals, broken string, argv []string) int {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read.Close()
	defer write.Close()
	script := `exec "$@"`
	if signals != "" {
		script = "trap '' " + signals + "; " + script
	}
	cmd := exec.Command("/bin/sh", append([]string{"-c", script, "sh"}, argv...)...)
	switch broken {
	case "1":
		cmd.Stdout = write
	case "2":
		cmd.Stderr = write
	}
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if status := cmd.ProcessState.ExitCode(); status >= 0 {
		return status
	}
	return -int(cmd.ProcessState.Sys().(syscall.WaitStatus).Signal())
}
