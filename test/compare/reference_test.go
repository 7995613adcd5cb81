// Package compare runs gomod's tools and C kmod 34.2 on the same things and tells where they differ.
//
// test/setup.sh brings the C tools into build/kmod34, where they run with their own C library.
package compare

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"gomod/test/need"
)

// Result is what one call of a tool gave.
type Result struct {
	Stdout, Stderr string
	Status         int
}

func (r Result) String() string {
	return fmt.Sprintf("status %d\nstdout %q\nstderr %q", r.Status, r.Stdout, r.Stderr)
}

// Call is a command line to be given to both.
type Call struct {
	// Root is what both see as /, made by NewRoot; "" is the machine's own.
	Root string
	Argv []string
	Env  []string
	// Dir is the working directory, seen from Root; "/" if empty.
	Dir string
	// Closed starts it as the kernel does, without standard streams. It needs a Root.
	Closed bool
}

// Reference runs the call with C kmod.
func Reference(t testing.TB, call Call) Result {
	t.Helper()
	kmod := need.File(t, "build/kmod34")
	if call.Root != "" {
		kmod = "/kmod34"
	}
	argv := referenceArgv(kmod, call.Argv)
	program := argv[0]
	if call.Closed {
		return runClosed(t, call, argv)
	}
	return run(t, call, program, argv)
}

// referenceArgv calls C kmod in the folder kmod, by its own loader.
func referenceArgv(kmod string, argv []string) []string {
	return append([]string{
		kmod + "/usr/lib64/ld-linux-x86-64.so.2", "--argv0", argv[0],
		"--library-path", kmod + "/usr/lib/x86_64-linux-gnu", kmod + "/usr/bin/kmod",
	}, argv[1:]...)
}

// Gomod runs the call with bin/gomod.
func Gomod(t testing.TB, call Call) Result {
	t.Helper()
	program := need.File(t, "bin/gomod")
	if call.Root != "" {
		program = "/gomod"
	}
	if call.Closed {
		return runClosed(t, call, append([]string{program}, call.Argv...))
	}
	return run(t, call, program, call.Argv)
}

func run(t testing.TB, call Call, program string, argv []string) Result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := &exec.Cmd{Path: program, Args: argv, Env: append([]string{}, call.Env...), Dir: call.Dir, Stdout: &stdout, Stderr: &stderr}
	if call.Root != "" {
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: call.Root}
		cmd.Dir = "/" + strings.TrimPrefix(call.Dir, "/")
	}
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%q: %v", argv, err)
	}
	return Result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// runClosed leaves the closing to a shell, for os/exec opens /dev/null.
func runClosed(t testing.TB, call Call, argv []string) Result {
	t.Helper()
	const script = `exec chroot "$@" <&- >&- 2>&-`
	shell := append([]string{"sh", "-c", script, "sh", call.Root}, argv...)
	return run(t, Call{Env: append([]string{"PATH=" + os.Getenv("PATH")}, call.Env...)}, "/bin/sh", shell)
}

// Want is what gomod owes for what C kmod gave: the same, but for deviation D18, by which the C library's own lines,
// `libkmod: ERROR: c_function: text`, are the tool's.
func Want(reference Result, tool string) Result {
	var stderr strings.Builder
	for line := range strings.Lines(reference.Stderr) {
		if text, ok := strings.CutPrefix(line, "libkmod: ERROR: "); ok {
			_, text, _ = strings.Cut(text, ": ")
			line = tool + ": ERROR: " + text
		}
		stderr.WriteString(line)
	}
	reference.Stderr = stderr.String()
	return reference
}

// WithoutExplanations drops what gomod says more than C kmod: indented lines (D23), and with -v what is blacklisted.
func WithoutExplanations(result Result) Result {
	var stderr strings.Builder
	for line := range strings.Lines(result.Stderr) {
		if !strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "modprobe: NOTICE: ") {
			stderr.WriteString(line)
		}
	}
	result.Stderr = stderr.String()
	return result
}
