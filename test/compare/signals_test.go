package compare

import (
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
		syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGALRM, syscall.SIGTERM, syscall.SIGXCPU,
	} {
		if signal.Ignored(sent) { // by whoever runs this, as nohup does
			t.Logf("%s: not tried", sent)
			continue
		}
		for _, program := range [][]string{append([]string{gomod}, argv...), referenceArgv(kmod, argv)} {
			if got, said := endedBy(t, sent, program); got != sent || said != "" {
				t.Errorf("%s: %q: ended by signal %d and said %q", sent, program, got, said)
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

// endedBy gives the signal that ended a program, which was sent another when its standard output was full.
func endedBy(t *testing.T, sent syscall.Signal, argv []string) (by syscall.Signal, said string) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	var stderr strings.Builder
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = write, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	for held := 0; held < almostFull; {
		if held, err = unix.IoctlGetInt(int(read.Fd()), unix.TIOCINQ); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	// One that takes no notice ends when it is read.
	cmd.Process.Signal(sent)
	stop := time.AfterFunc(10*time.Second, func() { io.Copy(io.Discard, read) })
	defer stop.Stop()
	cmd.Wait()
	return cmd.ProcessState.Sys().(syscall.WaitStatus).Signal(), stderr.String()
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
