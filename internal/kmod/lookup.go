package kmod

import (
	"strconv"
	"syscall"

	"gomod/internal/config"
)

// DependencyError is a name in a softdep line that cannot be looked up.
type DependencyError struct {
	Name string
	Err  error
}

func (e *DependencyError) Error() string {
	return "failed to lookup dependency '" + e.Name + "', continuing anyway."
}

// Unwrap returns Err.
func (e *DependencyError) Unwrap() error { return e.Err }

// PathConflictError is a dependency that has the name, and not the path, of a file that the user wants loaded.
type PathConflictError struct{ Name, New, Old string }

func (e *PathConflictError) Error() string {
	return "kmod_module '" + e.Name + "' already exists with different path: new-path='" + e.New + "' old-path='" + e.Old + "'"
}

// PresentError is a module that the kernel has already, where it was to be loaded for the first time. It unwraps to EEXIST.
type PresentError struct{ Name string }

func (e *PresentError) Error() string { return "module " + e.Name + " is in the kernel already" }

// Unwrap gives syscall.EEXIST.
func (e *PresentError) Unwrap() error { return syscall.EEXIST }

// MissingError is a module that has no file. It unwraps to ENOENT.
type MissingError struct{ Name string }

func (e *MissingError) Error() string { return "could not find module by name='" + e.Name + "'" }

// Unwrap gives syscall.ENOENT.
func (e *MissingError) Unwrap() error { return syscall.ENOENT }

// CommandError is an install or remove command that failed. It unwraps to EINVAL where the command ended badly.
type CommandError struct {
	// Kind is "install" or "remove".
	Kind string
	// Name is the module's.
	Name string
	// Command is what the shell was given.
	Command string
	// Where is the line that orders it.
	Where config.Where
	// Err is an *ExitError, or what kept the command from being run.
	Err error
}

func (e *CommandError) Error() string {
	return e.Kind + " command '" + e.Command + "' of module " + e.Name + ": " + e.Err.Error()
}

// Unwrap returns Err.
func (e *CommandError) Unwrap() error { return e.Err }

// WritableError is a command that is not run because anyone may have written it, or options that would be put into it. It unwraps to EPERM.
type WritableError struct {
	Kind    string // "install" or "remove"
	Name    string // the module's
	Command config.Command
	Refusal *config.Refusal
}

func (e *WritableError) Error() string {
	return e.Command.File + ":" + strconv.Itoa(e.Command.Line) + ": " + e.Kind + " command of module " + e.Name +
		" not run, for " + e.Refusal.Error()
}

// Unwrap gives syscall.EPERM.
func (e *WritableError) Unwrap() error { return syscall.EPERM }
