package kmod

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"gomod/internal/config"
	"gomod/internal/kernel"
	"gomod/internal/resolve"
)

// Shell runs the commands of modprobe.d.
type Shell interface {
	// Run runs a command line with variables, such as "MODPROBE_MODULE=snd", added to its environment, and waits for its end.
	// An end other than exit status 0 is an *ExitError; other errors kept it from being run.
	Run(command string, variables []string) error
}

// ExitError is a command that ended badly. It unwraps to EINVAL, which is what C kmod makes of it.
type ExitError struct {
	// Status is the exit status; 0 for a command that a signal ended.
	Status int
	Signal syscall.Signal
}

func (e *ExitError) Error() string {
	if e.Signal != 0 {
		return "killed by signal " + strconv.Itoa(int(e.Signal))
	}
	return "retcode " + strconv.Itoa(e.Status)
}

// Unwrap gives syscall.EINVAL.
func (e *ExitError) Unwrap() error { return syscall.EINVAL }

// runCommand runs an install or remove command for a module, with each $CMDLINE_OPTS replaced by options. A dry run tells only
// whether it would be refused.
func (r *Runner) runCommand(kind string, module resolve.Module, command config.Command, options string) error {
	if err := r.refused(kind, module, command, options != ""); err != nil {
		return err
	}
	if r.DryRun {
		return nil
	}
	text := substitute(command.Command, options)
	if err := r.Shell.Run(text, append(slices.Clone(r.Variables), "MODPROBE_MODULE="+module.Name)); err != nil {
		return &CommandError{Kind: kind, Name: module.Name, Command: text, Where: command.Where, Err: err}
	}
	return nil
}

// refused looks, just before a command is run, at the files that say what it does: those of options only where it gets some.
func (r *Runner) refused(kind string, module resolve.Module, command config.Command, withOptions bool) error {
	var options []config.Options
	if withOptions {
		options = r.Config.OptionsOf(module.Name, module.Alias)
	}
	if refusal := command.Refusal(options); refusal != nil {
		return &WritableError{Kind: kind, Name: module.Name, Command: command, Refusal: refusal}
	}
	return nil
}

// substitute looks at each part of the command once: options may have the word in them.
func substitute(command, options string) string {
	return strings.ReplaceAll(command, config.OptionsWord, options)
}

// SystemShell is /bin/sh, called as system(3) does: the terminal's signals are for the command alone while it runs.
type SystemShell struct {
	// Environment is what commands find there; nil is this program's own.
	Environment []string
}

var _ Shell = SystemShell{}

// notRun is the exit status of a shell that does not exist, as in system(3).
const notRun = 127

// Run implements Shell.
func (s SystemShell) Run(command string, variables []string) error {
	defer kernel.IgnoreInterrupts()()
	pid, err := syscall.ForkExec("/bin/sh", []string{"sh", "-c", command}, &syscall.ProcAttr{
		Env:   environment(s.base(), variables),
		Files: []uintptr{0, 1, 2},
	})
	switch err {
	case nil:
		return wait(pid)
	case syscall.EAGAIN, syscall.ENOMEM:
		return err
	}
	return &ExitError{Status: notRun}
}

func (s SystemShell) base() []string {
	if s.Environment != nil {
		return s.Environment
	}
	return os.Environ()
}

func wait(pid int) error {
	var status syscall.WaitStatus
	_, err := syscall.Wait4(pid, &status, 0, nil)
	for err == syscall.EINTR {
		_, err = syscall.Wait4(pid, &status, 0, nil)
	}
	switch {
	case err != nil:
		return err
	case status.Signaled():
		return &ExitError{Signal: status.Signal()}
	case status.ExitStatus() != 0:
		return &ExitError{Status: status.ExitStatus()}
	}
	return nil
}

// environment is base with variables in it, each once.
func environment(base, variables []string) []string {
	set := make(map[string]bool, len(variables))
	for _, variable := range variables {
		name, _, _ := strings.Cut(variable, "=")
		set[name] = true
	}
	var merged []string
	for _, variable := range base {
		if name, _, _ := strings.Cut(variable, "="); !set[name] {
			merged = append(merged, variable)
		}
	}
	return append(merged, variables...)
}
