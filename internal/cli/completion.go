package cli

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"gomod/internal/getopt"
	"gomod/internal/modinfo"
	"gomod/internal/modname"
	"gomod/internal/resolve"
)

// CompletionRequest is gomod's first argument in the calls of completion scripts, `gomod __complete TOOL WORDS`. To the tools
// themselves that word is an operand like any other. The scripts are cobra's, made by internal/docgen, and so is the answer that
// they read: a candidate each line, with a tab before what it means, then a colon and a directive.
const CompletionRequest = "__complete"

// directive tells a shell what to make of the candidates; the numbers are cobra's.
type directive int

const (
	noSpace    directive = 2
	noFiles    directive = 4
	extensions directive = 8 // the candidates are suffixes of files
	anyFile    directive = 0
)

// completer gives the words that may stand for the one a person has begun, after these operands.
type completer = func(operands []string, begun string) ([]string, directive)

// Commands are all tools, for their man pages and completion scripts. Only kmod has commands.
func Commands() []*Tool {
	env := &Env{LookupEnv: func(string) (string, bool) { return "", false }}
	var tools []*Tool
	for _, name := range append(Tools(), "gomod") {
		s := newSession(env, name, name)
		tool := s.build(name)
		switch name {
		case "kmod":
			for _, name := range kmodCommandNames() {
				tool.Commands = append(tool.Commands, s.kmodCommand(name))
			}
		case "gomod":
			for _, name := range gomodCommandNames() {
				tool.Commands = append(tool.Commands, s.gomodCommand(name))
			}
		}
		tools = append(tools, tool)
	}
	return tools
}

// complete answers a completion script: the last word is the one that has been begun.
func (s *session) complete(tool *Tool, words []string) {
	for name := s.tool; len(words) > 1 && (name == "gomod" || name == "kmod"); {
		inner := s.kmodCommand(words[0])
		if name == "gomod" {
			if inner = s.gomodCommand(words[0]); inner == nil {
				inner = s.build(words[0])
			}
		}
		if inner == nil {
			break
		}
		name, tool, words = words[0], inner, words[1:]
	}
	if len(words) == 0 {
		words = []string{""}
	}
	begun := words[len(words)-1]
	candidates, answer := s.candidates(tool, words[:len(words)-1], begun)
	for _, line := range candidates {
		if word, _, _ := strings.Cut(line, "\t"); plainWord(word) {
			s.out.WriteString(line + "\n")
		}
	}
	s.out.WriteString(":" + strconv.Itoa(int(answer)) + "\n")
}

// activeHelp begins a line that the scripts print instead of offering it.
const activeHelp = "_activeHelp_"

// plainWord tells of a candidate that does nothing to a shell or terminal. The scripts put words into a command line, some of them as they are,
// and parameters have any name that a module gives them.
func plainWord(word string) bool {
	for i := range len(word) {
		switch b := word[i]; {
		case isLetterOrDigit(b), strings.IndexByte("_-.=:,+@%", b) >= 0:
		default:
			return false
		}
	}
	return word != "" && !strings.HasPrefix(word, activeHelp)
}

func isLetterOrDigit(b byte) bool { return '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z' }

// candidates are options, an option's value, or operands. What the options before mean counts, as that of modprobe's -r.
func (s *session) candidates(tool *Tool, before []string, begun string) ([]string, directive) {
	result, err := getopt.Parse(tool.Options, "", before, s.order)
	var usage *getopt.UsageError
	switch {
	case errors.As(err, &usage) && usage.Unfinished:
		return nil, anyFile
	case strings.HasPrefix(begun, "-") && !slices.Contains(before, "--"):
		return optionWords(tool.Options, begun)
	case tool.complete == nil:
		return nil, anyFile
	}
	return tool.complete(result.Operands, begun)
}

// optionWords completes `-`, `--na` and, with any file, `--name=`.
func optionWords(options []getopt.Option, begun string) ([]string, directive) {
	if strings.Contains(begun, "=") {
		return nil, anyFile
	}
	var words []string
	for i := range options {
		words = append(words, "--"+options[i].Name+"\t"+options[i].Usage)
		if options[i].Letter != 0 {
			words = append(words, "-"+string(options[i].Letter)+"\t"+options[i].Usage)
		}
	}
	return beginning(words, begun), noFiles
}

// beginning are those words that begin with what a person has begun.
func beginning(words []string, begun string) []string {
	return slices.DeleteFunc(words, func(word string) bool { return !strings.HasPrefix(word, begun) })
}

// loadedModules completes what rmmod takes.
func (s *session) loadedModules(_ []string, begun string) ([]string, directive) {
	modules, _ := s.Sysfs.Modules()
	var names []string
	for _, module := range modules {
		names = append(names, module.Name)
	}
	return beginning(names, begun), noFiles
}

// moduleSuffixes are of the files that hold modules.
func moduleSuffixes() []string { return []string{"ko", "ko.gz", "ko.xz", "ko.zst"} }

// modinfoOperands completes what modinfo takes: names of modules, and files.
func (s *session) modinfoOperands(options *modinfoOptions) completer {
	return func(_ []string, begun string) ([]string, directive) {
		return s.namesOrFiles(options.basedir, options.release, begun)
	}
}

// modprobeOperands completes a module, then parameters of it. With -a and -r all operands are modules.
func (s *session) modprobeOperands(options *modprobeOptions) completer {
	return func(operands []string, begun string) ([]string, directive) {
		switch {
		case options.remove || options.removeHolders:
			return s.loadedModules(operands, begun)
		case len(operands) == 0 || options.all:
			return s.namesOrFiles(options.dirname, options.release.text, begun)
		}
		dir, err := s.moduleDir(options.dirname, options.release.text)
		if err != nil {
			return nil, noFiles
		}
		return s.parameters(s.fileOf(dir, operands[0]), begun)
	}
}

// insmodOperands completes a file, then parameters of the module in it.
func (s *session) insmodOperands(operands []string, begun string) ([]string, directive) {
	if len(operands) > 0 {
		return s.parameters(operands[0], begun)
	}
	return moduleSuffixes(), extensions
}

func (s *session) namesOrFiles(root, release, begun string) ([]string, directive) {
	if strings.Contains(begun, "/") {
		return moduleSuffixes(), extensions
	}
	dir, err := s.moduleDir(root, release)
	if err != nil {
		return nil, anyFile
	}
	tree := resolve.NewTree(dir)
	defer tree.Close()
	names := tree.Names(modname.Name(begun))
	if len(names) == 0 {
		return nil, anyFile
	}
	return names, noFiles
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
func (s *session) parameters(path, begun string) ([]string, directive) {
	const answer = noFiles | noSpace
	info, err := modinfo.OfFile(path, s.sizeLimit())
	if err != nil {
		return nil, answer
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
			word += "\t" + printable(strings.ReplaceAll(description, "\t", " "))
		}
		words = append(words, word)
	}
	return words, answer
}

// nothing completes a command without operands.
func nothing([]string, string) ([]string, directive) {
	return nil, noFiles
}
