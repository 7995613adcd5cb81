//go:build guest

package guest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What the entry point does besides standing in for closed streams, which TestModprobeWithClosedStreams has. It is written for each machine.

// A set-uid copy has no variables, and Go's runtime that listens to this one neither.
func TestEntrySecure(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("/sbin/gomod")
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []os.FileMode{0o755, 0o755 | os.ModeSetuid} {
		file := filepath.Join(dir, "lsmod")
		if err := os.WriteFile(file, program, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		command := exec.CommandContext(t.Context(), file)
		command.Env = []string{"GODEBUG=inittrace=1", "A=B"}
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		r := finish(t, command)
		if heard := strings.Contains(r.stderr, "init runtime @"); r.status != 0 || heard != (mode&os.ModeSetuid == 0) {
			t.Errorf("mode %s:\n%s", mode, r)
		}
	}
}

// What was ignored before stays so, for commands too. SIGQUIT is among them each time: the one who runs these tests may ignore it.
func TestEntryIgnored(t *testing.T) {
	config := filepath.Join(t.TempDir(), "a.conf")
	if err := os.WriteFile(config, []byte("install mask cat /proc/self/status\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for signals, want := range map[string]string{"QUIT PIPE TERM": "0000000000005004", "HUP QUIT USR1": "0000000000000205", "QUIT XFSZ PWR": "0000000021000004"} {
		for _, tools := range []toolset{ckmod, gomod} {
			script := "trap '' " + signals + "; exec " + string(tools) + "/modprobe -C " + config + " mask"
			r := finish(t, exec.CommandContext(t.Context(), "/bin/sh", "-c", script))
			if r.status != 0 || !strings.Contains(r.stdout, "\nSigIgn:\t"+want+"\n") {
				t.Errorf("%s, want %s ignored:\n%s", tools, want, r)
			}
		}
	}
}
