package compare

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What a tool was started with ignored, as services are with SIGPIPE, it and its commands go on ignoring.
func TestIgnoredSignals(t *testing.T) {
	dir := t.TempDir()
	gomod, kmod := fetched(t, "bin/gomod"), fetched(t, "build/kmod34")
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
		// want is what both are known to leave, where nothing else would show that the test tells anything.
		want string
	}{
		{"PIPE", "1", append(modprobe, "-v", "-a", "one", "nope", "two"), "1\n2\n"},
		{"PIPE", "2", append(modprobe, "-v", "-a", "one", "nope", "two"), "1\n2\n"},
		{"PIPE", "2", []string{"depmod", "-b", tr.base, "-C", config, "-e", treeRelease}, ""},
		{"TERM", "", append(modprobe, "mask"), "SigIgn:\t0000000000004000\n"},
		{"HUP INT QUIT USR1 USR2 PIPE ALRM TERM TSTP TTIN TTOU", "", append(modprobe, "mask"), "SigIgn:\t0000000000387a07\n"},
		{"", "", append(modprobe, "mask"), "SigIgn:\t0000000000000000\n"},
	} {
		outcome := func(argv []string) (status int, left string) {
			status = withIgnored(t, test.signals, test.broken, argv)
			content, _ := os.ReadFile(filepath.Join(dir, "ran"))
			os.Remove(filepath.Join(dir, "ran"))
			return status, string(content)
		}
		status, left := outcome(append([]string{gomod}, test.argv...))
		wantStatus, wantLeft := outcome(referenceArgv(kmod, test.argv))
		if status != wantStatus || left != wantLeft || left != test.want {
			t.Errorf("%s ignored, stream %q broken, %q: status %d, %q\nC kmod: status %d, %q", test.signals, test.broken, test.argv, status, left, wantStatus, wantLeft)
		}
	}
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
	return -int(cmd.ProcessState.Sys().(interface{ Signal() syscall.Signal }).Signal())
}
