//go:build guest

package guest

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path"
	"strings"
	"testing"
)

// toolset is the folder of one implementation of the tools.
type toolset string

const (
	gomod toolset = "/sbin"
	ckmod toolset = "/kmod34"
)

func (s toolset) String() string {
	if s == ckmod {
		return "C kmod"
	}
	return "gomod"
}

// result is what a command did.
type result struct {
	command        string
	stdout, stderr string
	status         int
}

// command is a tool under the same argv[0] for every toolset, for messages may show it.
func (s toolset) command(ctx context.Context, tool string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, path.Join(string(s), tool), args...)
	command.Args[0] = path.Join("/sbin", tool)
	return command
}

// finish runs a command to its end.
func finish(t *testing.T, command *exec.Cmd) result {
	t.Helper()
	var stdout, stderr strings.Builder
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	r := result{strings.Join(command.Args, " "), stdout.String(), stderr.String(), command.ProcessState.ExitCode()}
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) || r.status < 0 {
		t.Fatalf("%s: %v\n%s", r.command, err, r)
	}
	return r
}

func (r result) String() string {
	return fmt.Sprintf("# %s\n%s%s[exit status %d]", r.command, r.stdout, r.stderr, r.status)
}

// plain is the standard error without what gomod says more than C kmod: indented lines, which parameters the kernel ignored, and with -v what is blacklisted.
func (r result) plain() string {
	var plain strings.Builder
	for line := range strings.Lines(r.stderr) {
		if !strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "modprobe: NOTICE: ") && !strings.Contains(line, ": WARNING: the kernel ignored the parameter ") {
			plain.WriteString(line)
		}
	}
	return plain.String()
}

// same fails the test unless gomod did what C kmod did.
func same(t *testing.T, c, g result) {
	t.Helper()
	if c.command != g.command || c.status != g.status || c.stdout != g.stdout || c.stderr != g.plain() {
		t.Errorf("C kmod:\n%s\ngomod:\n%s", c, g)
	}
	if strings.HasPrefix(g.stderr, "  ") {
		t.Errorf("an explanation stands before what it explains:\n%s", g)
	}
}

// ok fails the test unless the command succeeded without a word on standard error.
func ok(t *testing.T, r result) result {
	t.Helper()
	if r.status != 0 || r.stderr != "" {
		t.Fatalf("failed:\n%s", r)
	}
	return r
}

// refused fails the test unless the command failed and its first message is the one given.
func refused(t *testing.T, r result, message string) {
	t.Helper()
	first, _, _ := strings.Cut(r.stderr, "\n")
	if r.status != 1 || r.stdout != "" || first != message {
		t.Errorf("want exit status 1 and %q:\n%s", message, r)
	}
}

// shell is a script for busybox with its operands.
func shell(t *testing.T, script string, operands ...string) *exec.Cmd {
	return exec.CommandContext(t.Context(), "/bin/sh", append([]string{"-c", script, "sh"}, operands...)...)
}

// busybox runs one of its own commands.
func busybox(args ...string) error {
	if said, err := exec.Command("/bin/busybox", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, said)
	}
	return nil
}
