package cli

import (
	"path"
	"strings"

	"github.com/spf13/cobra"

	"gomod/internal/getopt"
)

// Tools are the names that gomod answers to, in the order in which kmod's help lists them, and kmod last.
func Tools() []string {
	return []string{"lsmod", "rmmod", "insmod", "modinfo", "modprobe", "depmod", "kmod"}
}

// Run runs the tool that the base name of env.Args[0] names and gives the exit status: 0, or 1 for any failure.
// `gomod TOOL ARGS` is the same as `TOOL ARGS`. A name that is no tool's gives 1 without a word, as C kmod does.
func Run(env *Env) int {
	if len(env.Args) == 0 {
		return 1
	}
	name := path.Base(env.Args[0])
	s := newSession(env, env.Args[0], name)
	command := s.build(name)
	if command == nil {
		return 1
	}
	args := env.Args[1:]
	complete := s.completing(args)
	if complete {
		command, args = s.completed(command, args)
	}
	return s.execute(command, args, complete)
}

// build makes the command of the tool called name, and of no other; nil where there is none.
func (s *session) build(name string) *cobra.Command {
	switch name {
	case "depmod":
		return newDepmod(s)
	case "gomod":
		return newGomod(s)
	case "insmod":
		return newInsmod(s)
	case "kmod":
		return newKmod(s)
	case "lsmod":
		return newLsmod(s)
	case "modinfo":
		return newModinfo(s)
	case "modprobe":
		return newModprobe(s)
	case "rmmod":
		return newRmmod(s)
	}
	return nil
}

func newGomod(s *session) *cobra.Command {
	s.order = getopt.RequireOrder
	var cmd *cobra.Command
	cmd = s.command(applet{
		use:     "gomod TOOL [arguments]",
		short:   "Linux module tools in one program",
		long:    "gomod is Linux's module tools in one program. Called by the name of a tool, or with it as the first argument, it is that tool.",
		notes:   s.toolList,
		example: "  gomod lsmod\n  ln -s gomod /sbin/lsmod",
		declare: declareVersion,
		run:     func(operands []string) error { return s.gomod(cmd, operands) },
	})
	cmd.ValidArgs = Tools()
	return cmd
}

func (s *session) gomod(gomod *cobra.Command, operands []string) error {
	if len(operands) == 0 {
		return gomod.Help()
	}
	name := operands[0]
	if name == "gomod" || s.build(name) == nil {
		s.log.raw("gomod: '" + name + "' is not one of its tools: see gomod --help")
		return errFailed
	}
	env := *s.Env
	env.Args = operands
	if Run(&env) != 0 {
		return errFailed
	}
	return nil
}

// toolList builds every command for its short description.
func (s *session) toolList() string {
	var list strings.Builder
	list.WriteString("Tools:\n")
	for _, tool := range Tools() {
		list.WriteString("  " + padRight(tool, 12) + " " + s.build(tool).Short + "\n")
	}
	return list.String()
}
