package cli

import (
	"strings"

	"gomod/internal/getopt"
)

const kmodCommands = `Commands:
  help         show this help
  list         list currently loaded modules
  static-nodes output the static-node information installed with the currently running kernel

kmod also answers to the names of the tools:
`

func newKmod(s *session) *Tool {
	s.order = getopt.RequireOrder
	var tool *Tool
	tool = withHelp(Tool{
		Use:     "kmod [options] COMMAND [options]",
		Short:   "list modules and static device nodes; the program behind the module tools",
		Long:    "kmod lists loaded modules and static device nodes, and is the program behind the module tools.",
		notes:   kmodNotes,
		Example: "  kmod list\n  kmod static-nodes --format=tmpfiles --output=/run/tmpfiles.d/static-nodes.conf",
		Options: []getopt.Option{showVersion()},
		run:     func(operands []string) error { return s.kmod(tool, operands) },
		complete: func(_ []string, begun string) ([]string, directive) {
			return beginning(append([]string{"help"}, kmodCommandNames()...), begun), noFiles
		},
	})
	return tool
}

func kmodNotes() string {
	var names strings.Builder
	names.WriteString(kmodCommands)
	for _, tool := range Tools() {
		if tool != "kmod" {
			names.WriteString("  " + padRight(tool, 12) + " compat " + tool + " command\n")
		}
	}
	return names.String()
}

func (s *session) kmod(kmod *Tool, operands []string) error {
	if len(operands) == 0 {
		s.log.raw("missing command")
		s.help(kmod)
		return errFailed
	}
	if operands[0] == "help" {
		s.help(kmod)
		return nil
	}
	command := s.kmodCommand(operands[0])
	if command == nil {
		s.log.raw("invalid command '" + operands[0] + "'")
		s.help(kmod)
		return errFailed
	}
	s.argv0 = operands[0]
	return s.call(command, operands[1:])
}

// kmodCommandNames are kmod's own commands, beside help.
func kmodCommandNames() []string { return []string{"list", "static-nodes"} }

// kmodCommand is nil where kmod has no such command.
func (s *session) kmodCommand(name string) *Tool {
	switch name {
	case "list":
		return newKmodList(s)
	case "static-nodes":
		return newStaticNodes(s)
	}
	return nil
}
