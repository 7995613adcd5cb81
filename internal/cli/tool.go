package cli

import (
	"strings"

	"gomod/internal/getopt"
)

// Tool describes one tool, or one of kmod's or gomod's own commands.
type Tool struct {
	// Use is the synopsis, which begins with the tool's name; Short says in a line what it is for, Long in a paragraph.
	Use, Short, Long string
	// Example has lines for the end of the help.
	Example string
	// Options in the order of the help, in which ambiguous abbreviations are listed, too.
	Options []getopt.Option
	// Commands are kmod's and gomod's own.
	Commands []*Tool

	// notes stand between the options and the examples of the help.
	notes func() string
	// before gives arguments that count as if they came first; nil for none.
	before func() []string
	run    func(operands []string) error
	// complete gives a shell what an operand may be.
	complete completer
}

const (
	helpOption    = "help"
	versionOption = "version"
)

// Name is what the tool is called by.
func (t *Tool) Name() string {
	name, _, _ := strings.Cut(t.Use, " ")
	return name
}

// withHelp adds the option that all tools have, where it is not among their own.
func withHelp(t Tool) *Tool {
	if getopt.Lookup(t.Options, helpOption) == nil {
		t.Options = append(t.Options, getopt.Action('h', helpOption, func() {}, "show this help"))
	}
	return &t
}

// showVersion is declared by those tools that C kmod has it for.
func showVersion() getopt.Option {
	return getopt.Action('V', versionOption, func() {}, "show the version")
}
