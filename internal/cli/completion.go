package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"gomod/internal/modinfo"
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

// completing tells the calls of completion scripts, `gomod __complete TOOL WORDS`. To the tools themselves that word is an operand
// like any other.
func (s *session) completing(args []string) bool {
	return s.tool == "gomod" && len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// completed is the command whose words are completed: with a tool's name, and kmod's command, before them the inner one.
func (s *session) completed(outer *cobra.Command, args []string) (*cobra.Command, []string) {
	for tool := s.tool; len(args) > 2 && (tool == "gomod" || tool == "kmod"); {
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

// moduleSuffixes are of the files that hold modules.
func moduleSuffixes() []string { return []string{"ko", "ko.gz", "ko.xz", "ko.zst"} }

// modinfoOperands completes what modinfo takes: names of modules, and files.
func (s *session) modinfoOperands(options *modinfoOptions) completer {
	return func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		return s.namesOrFiles(options.basedir, options.release, begun)
	}
}

// modprobeOperands completes a module, then parameters of it. With -a and -r all operands are modules.
func (s *session) modprobeOperands(options *modprobeOptions) completer {
	return func(cmd *cobra.Command, operands []string, begun string) ([]string, cobra.ShellCompDirective) {
		switch {
		case options.remove || options.removeHolders:
			return s.loadedModules(cmd, operands, begun)
		case len(operands) == 0 || options.all:
			return s.namesOrFiles(options.dirname, options.release.text, begun)
		}
		dir, err := s.moduleDir(options.dirname, options.release.text)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return s.parameters(s.fileOf(dir, operands[0]), begun)
	}
}

// insmodOperands completes a file, then parameters of the module in it.
func (s *session) insmodOperands(_ *cobra.Command, operands []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(operands) > 0 {
		return s.parameters(operands[0], begun)
	}
	return moduleSuffixes(), cobra.ShellCompDirectiveFilterFileExt
}

func (s *session) namesOrFiles(root, release, begun string) ([]string, cobra.ShellCompDirective) {
	if strings.Contains(begun, "/") {
		return moduleSuffixes(), cobra.ShellCompDirectiveFilterFileExt
	}
	dir, err := s.moduleDir(root, release)
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

// fileOf is the first file that a name, an alias or a path stands for; "" for none.
func (s *session) fileOf(dir, operand string) string {
	if strings.Contains(operand, "/") {
		return operand
	}
	tree := resolve.NewTree(dir)
	defer tree.Close()
	modules, _ := tree.Lookup(operand)
	if len(modules) == 0 {
		return ""
	}
	return modules[0].Path
}

// parameters completes NAME= with the parameters that a file says its module has, and what they are for.
func (s *session) parameters(path, begun string) ([]string, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	info, err := modinfo.OfFile(path, s.sizeLimit())
	if err != nil {
		return nil, directive
	}
	parameters, _ := info.Parameters()
	var words []string
	for _, parameter := range parameters {
		word := parameter.Name + "="
		if !strings.HasPrefix(word, begun) {
			continue
		}
		if parameter.Description != nil {
			description, _, _ := strings.Cut(*parameter.Description, "\n")
			word = cobra.CompletionWithDesc(word, printable(strings.ReplaceAll(description, "\t", " ")))
		}
		words = append(words, word)
	}
	return words, directive
}

// nothing completes a command without operands.
func nothing(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveNoFileComp
}
