package diag

import (
	"path/filepath"

	"gomod/internal/config"
)

// Command is a Cause: a line of modprobe.d orders a command in place of the module, or of its removal, and that failed.
type Command struct {
	Name, Command string
	config.Where
}

// Forbidden is a Cause: `gomod forbid` keeps the module out.
type Forbidden struct {
	Name, Reason string
	config.Where
}

func (Command) Kind() string   { return "command-failed" }
func (Forbidden) Kind() string { return "forbidden" }

// CommandFailed explains a module that a command kept out, or in.
func CommandFailed(name, command string, where config.Where) *Explanation {
	var cause Cause = Command{name, command, where}
	if filepath.Base(where.File) == config.ForbiddenFile {
		cause = Forbidden{name, config.ReasonAt(where.File, name), where}
	}
	return &Explanation{Module: name, Causes: []Cause{cause}}
}

// WorldWritable is a Cause: a command was not run because anyone may have written it, or options that would be put into it.
type WorldWritable struct {
	Command string
	config.Where
	Refusal *config.Refusal
}

// Kind implements Cause.
func (WorldWritable) Kind() string { return "world-writable" }

// CommandRefused explains a command that was not run.
func CommandRefused(name string, command config.Command, refusal *config.Refusal) *Explanation {
	return &Explanation{Module: name, Causes: []Cause{WorldWritable{command.Command, command.Where, refusal}}}
}
