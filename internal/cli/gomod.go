package cli

import (
	"path"
	"slices"
	"strings"

	"gomod/internal/getopt"
)

// Tools are the names that gomod answers to, in the order in which kmod's help lists them, and kmod last.
func Tools() []string {
	return []string{"lsmod", "rmmod", "insmod", "modinfo", "modprobe", "depmod", "kmod"}
}

// Run runs the tool that the base name of env.Args[0] names and gives the exit status: 0, or 1 for any failure.
// `gomod TOOL ARGS` is the same as `TOOL ARGS`, whatever follows gomod in the file's name, as in gomod-arm64.
func Run(env *Env) int {
	if len(env.Args) == 0 {
		return 1
	}
	name, args := path.Base(env.Args[0]), env.Args[1:]
	if strings.HasPrefix(name, "gomod") {
		name = "gomod"
	}
	s := newSession(env, env.Args[0], name)
	tool := s.build(name)
	switch {
	case tool == nil:
		s.log.raw(name + ": no tool has that name: call the program gomod, or " + strings.Join(Tools(), ", "))
		return s.finish(1)
	case name == "gomod" && len(args) > 0 && args[0] == CompletionRequest:
		s.complete(tool, args[1:])
		return s.finish(0)
	}
	return s.run(tool, args)
}

// build makes the tool called name, and no other; nil where there is none.
func (s *session) build(name string) *Tool {
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

// gomodCommandNames are gomod's own commands, beside the tools.
func gomodCommandNames() []string { return []string{"why", "tree", "forbid", "allow"} }

// gomodCommand makes one of gomod's own commands; nil where there is none of that name. No tool is called by these names.
func (s *session) gomodCommand(name string) *Tool {
	switch name {
	case "allow":
		return newAllow(s)
	case "forbid":
		return newForbid(s)
	case "tree":
		return newTree(s)
	case "why":
		return newWhy(s)
	}
	return nil
}

func newGomod(s *session) *Tool {
	s.order = getopt.RequireOrder
	var tool *Tool
	tool = withHelp(Tool{
		Use:     "gomod TOOL [arguments]",
		Short:   "Linux module tools in one program",
		Long:    "gomod is Linux's module tools in one program. Called by the name of a tool, or with it as the first argument, it is that tool.",
		notes:   s.toolList,
		Example: "  gomod lsmod\n  ln -s gomod /sbin/lsmod",
		Options: []getopt.Option{showVersion()},
		run:     func(operands []string) error { return s.gomod(tool, operands) },
		complete: func(_ []string, begun string) ([]string, directive) {
			return beginning(slices.Concat(Tools(), gomodCommandNames()), begun), noFiles
		},
	})
	return tool
}

func (s *session) gomod(gomod *Tool, operands []string) error {
	if len(operands) == 0 {
		s.help(gomod)
		return nil
	}
	name := operands[0]
	if command := s.gomodCommand(name); command != nil {
		if name != "forbid" { // whose reason is free text
			s.order = getopt.Permute
		}
		return s.call(command, operands[1:])
	}
	if name == "gomod" || s.build(name) == nil {
		s.log.raw("gomod: '" + name + "' is not one of its tools or commands: see gomod --help")
		return errFailed
	}
	env := *s.Env
	env.Args = operands
	if Run(&env) != 0 {
		return errFailed
	}
	return nil
}

// toolList builds every tool for its short description.
func (s *session) toolList() string {
	var list strings.Builder
	list.WriteString("Tools:\n")
	for _, tool := range Tools() {
		list.WriteString("  " + padRight(tool, 12) + " " + s.build(tool).Short + "\n")
	}
	list.WriteString("\nCommands:\n")
	for _, name := range gomodCommandNames() {
		list.WriteString("  " + padRight(name, 12) + " " + s.gomodCommand(name).Short + "\n")
	}
	return list.String()
}
