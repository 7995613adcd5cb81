package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"gomod/internal/modname"
	"gomod/internal/resolve"
)

// Commands are the commands of all tools, for their man pages and completion scripts. Only kmod's has commands below it.
func Commands() []*cobra.Command {
	env := &Env{LookupEnv: func(string) (string, bool) { return "", false }}
	var commands []*cobra.Command
	for _, name := range append(Tools(), "gomod") {
		s := newSession(env, name, name)
		command := s.build(name)
		if name == "kmod" {
			for _, name := range kmodCommandNames() {
				command.AddCommand(s.kmodCommand(name))
			}
		}
		commands = append(commands, command)
	}
	return commands
}

// completing tells the calls of cobra's completion scripts, `TOOL __complete WORDS`.
func completing(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// completed is the command whose words are completed: with `gomod TOOL WORDS` and `kmod COMMAND WORDS` that is the inner one.
func (s *session) completed(outer *cobra.Command, args []string) (*cobra.Command, []string) {
	tool := s.tool
	for len(args) > 2 && (tool == "gomod" || tool == "kmod") {
		var inner *cobra.Command
		if tool == "kmod" {
			inner = s.kmodCommand(args[1])
		} else {
			inner = s.build(args[1])
		}
		if inner == nil {
			break
		}
		tool, outer = args[1], inner
		args = append([]string{args[0]}, args[2:]...)
	}
	return outer, args
}

// completer gives the words that may stand for the one a person has begun.
type completer = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective)

// loadedModules completes what rmmod takes.
func (s *session) loadedModules(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	modules, _ := s.Sysfs.Modules()
	var names []string
	for _, module := range modules {
		if strings.HasPrefix(module.Name, begun) {
			names = append(names, module.Name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// availableModules completes what modinfo takes: names of the running kernel's modules, and files.
func (s *session) availableModules(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	if strings.Contains(begun, "/") {
		return []string{"ko", "ko.gz", "ko.xz", "ko.zst"}, cobra.ShellCompDirectiveFilterFileExt
	}
	dir, err := s.moduleDir("", "")
	if err != nil {
		return nil, cobra.ShellCompDirectiveDefault
	}
	tree := resolve.NewTree(dir)
	defer tree.Close()
	names := tree.Names(modname.Name(begun))
	if len(names) == 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// moduleFiles completes what insmod takes: files first, then nothing that could be known.
func moduleFiles(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"ko", "ko.gz", "ko.xz", "ko.zst"}, cobra.ShellCompDirectiveFilterFileExt
}

// nothing completes a command without operands.
func nothing(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveNoFileComp
}
