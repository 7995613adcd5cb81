package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"gomod/internal/getopt"
)

const kmodCommands = `Commands:
  help         show this help
  list         list currently loaded modules
  static-nodes output the static-node information installed with the currently running kernel

kmod also answers to the names of the tools:
`

func newKmod(s *session) *cobra.Command {
	s.order = getopt.RequireOrder
	var cmd *cobra.Command
	cmd = s.command(applet{
		use:     "kmod [options] COMMAND [options]",
		short:   "list modules and static device nodes; the program behind the module tools",
		long:    "kmod lists loaded modules and static device nodes, and is the program behind the module tools.",
		notes:   kmodNotes,
		example: "  kmod list\n  kmod static-nodes --format=tmpfiles --output=/run/tmpfiles.d/static-nodes.conf",
		declare: declareVersion,
		run:     func(operands []string) error { return s.kmod(cmd, operands) },
	})
	cmd.ValidArgs = append([]string{"help"}, kmodCommandNames()...)
	return cmd
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

func (s *session) kmod(kmod *cobra.Command, operands []string) error {
	if len(operands) == 0 {
		s.log.raw("missing command")
		kmod.Help()
		return errFailed
	}
	if operands[0] == "help" {
		return kmod.Help()
	}
	command := s.kmodCommand(operands[0])
	if command == nil {
		s.log.raw("invalid command '" + operands[0] + "'")
		kmod.Help()
		return errFailed
	}
	s.argv0 = operands[0]
	return command.RunE(command, operands[1:])
}

// kmodCommandNames are kmod's own commands, beside help.
func kmodCommandNames() []string { return []string{"list", "static-nodes"} }

// kmodCommand is nil where kmod has no such command.
func (s *session) kmodCommand(name string) *cobra.Command {
	switch name {
	case "list":
		return newKmodList(s)
	case "static-nodes":
		return newStaticNodes(s)
	}
	return nil
}
