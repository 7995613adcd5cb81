package cli

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"gomod/internal/getopt"
	"gomod/internal/jsontext"
	"gomod/internal/modname"
	"gomod/internal/resolve"
	"gomod/internal/sysfs"
	"gomod/internal/why"
)

func newWhy(s *session) *Tool {
	return withHelp(Tool{
		Use:   "why [options] MODULE|ALIAS|FILE...",
		Short: "tell all about a module: is it there, and could it be loaded",
		Long: "gomod why tells whether a module is loaded, a part of the kernel, or a file; who uses it; which lines of configuration touch it, and whom they stop; " +
			"and whether it could be loaded now, and if not why. It loads nothing.",
		Example: "  gomod why nouveau\n  gomod why fs-ext4\n  gomod why ./driver.ko",
		Options: []getopt.Option{s.jsonOption()},
		run:     s.why,
		complete: func(_ []string, begun string) ([]string, directive) {
			return s.namesOrFiles("", "", begun)
		},
	})
}

func (s *session) why(operands []string) error {
	if len(operands) == 0 {
		return errors.New("which module? See gomod why --help")
	}
	dir, err := s.moduleDir("", "")
	if err != nil {
		return err
	}
	tree := resolve.NewTree(dir)
	system := s.system(tree)
	system.Config = s.reportedConfig(dir)
	tree.Configure(system.Config)
	loaded, err := s.Sysfs.Modules()
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // a kernel without modules has no list
		s.log.error("could not get list of modules: " + strerror(err))
	}
	asker := why.Asker{System: system, Modules: loaded}
	var answers []jsontext.Object
	known := true
	for i, operand := range operands {
		if isFile(operand) {
			operand = s.absolute(operand)
		}
		report := asker.Ask(operand)
		known = known && isKnown(report)
		answers = append(answers, whyObject(report))
		if i > 0 {
			s.out.WriteByte('\n')
		}
		s.writeReport(report)
	}
	s.tellDamage(tree)
	s.tell("answers", answers)
	if !known {
		return errFailed
	}
	return nil
}

// tellDamage says which indexes could not be read, or were damaged where they were read.
func (s *session) tellDamage(tree *resolve.Tree) {
	for _, problem := range tree.Problems() {
		s.log.error(problem.Error())
	}
}

// isFile tells an operand that means a file from a name: it is a path, or a file of a module lies there.
func isFile(operand string) bool {
	if strings.Contains(operand, "/") {
		return true
	}
	_, err := os.Stat(operand)
	return err == nil && modname.HasSuffix(operand)
}

// isKnown tells whether all that was found is there.
func isKnown(r *why.Report) bool {
	return isBuiltin(r) || len(r.Modules) > 0 && !slices.ContainsFunc(r.Modules, func(m why.Module) bool { return !m.Known })
}

// isBuiltin tells of what is found nowhere but in the kernel itself.
func isBuiltin(r *why.Report) bool {
	return r.Missing != nil && r.Missing.Causes[0].Kind() == "built-in"
}

// row writes a heading and what belongs to it; what is empty has no row.
func (s *session) row(heading, text string) {
	if text != "" {
		s.write("  ", padRight(heading, 14), s.shown(text), "\n")
	}
}

// shown keeps what a module says from steering a terminal, and on its line.
func (s *session) shown(text string) string {
	if s.Terminal() {
		return printableLine(text)
	}
	return text
}

func (s *session) writeReport(r *why.Report) {
	if r.Missing != nil {
		state := ": not found\n"
		if isBuiltin(r) {
			state = ": part of the kernel, and therefore not in lsmod\n"
		}
		s.write(r.Asked, state)
		for _, line := range explanationLines(r.Missing) {
			s.write("  ", s.shown(line), "\n")
		}
		s.writeLines(r.Lines)
		return
	}
	for i := range r.Modules {
		if i > 0 {
			s.out.WriteByte('\n')
		}
		s.writeModule(r.Asked, &r.Modules[i])
	}
	if r.Others > 0 {
		s.write("\n", r.Asked, " stands for ", plural(r.Others, "more module"), "\n")
	}
}

func (s *session) writeModule(asked string, m *why.Module) {
	s.write(m.Found.Name, ": ", moduleState(m), "\n")
	s.row("found by", foundBy(asked, &m.Found))
	s.row("file", m.Found.Path)
	s.row("description", m.Description)
	s.row("license", m.License)
	if m.Loaded != nil {
		s.row("in use", useText(m))
		s.row("taint", taintText(m.Loaded.Taint))
	}
	s.row("needs", needsText(m.Needs))
	s.row("parameters", parametersText(m.Parameters))
	s.writeLines(m.Lines)
	if m.KernelForbids {
		s.write("  module_blacklist= on the kernel command line: the kernel itself refuses it, whoever asks\n")
	}
	s.writeLoadable(m)
}

func moduleState(m *why.Module) string {
	switch {
	case m.Builtin:
		return "part of the kernel, and therefore not in lsmod"
	case m.Loaded == nil && m.Found.Path == "":
		return "not there"
	case m.Loaded == nil:
		return "not loaded"
	case m.Loaded.State == sysfs.Coming:
		return "being loaded"
	case m.Loaded.State == sysfs.Going:
		return "being unloaded"
	}
	return "loaded"
}

// foundBy is "" where the name alone says it.
func foundBy(asked string, m *resolve.Module) string {
	switch m.Step {
	case resolve.StepConfigAlias:
		return place(m.Where) + ": alias " + m.Pattern + " " + m.Name
	case resolve.StepCommand:
		return place(m.Where) + ": a command for " + m.Pattern
	case resolve.StepAlias, resolve.StepBuiltinAlias:
		return "the alias " + m.Pattern + " that it has"
	case resolve.StepSymbol:
		return "the symbol that it exports: " + strings.TrimPrefix(asked, "symbol:")
	}
	return ""
}

func useText(m *why.Module) string {
	switch {
	case m.Loaded.Refcnt <= 0 && len(m.Holders) == 0:
		return "by nobody"
	case len(m.Holders) == 0:
		return plural(m.Loaded.Refcnt, "time") + ", not by modules"
	}
	return plural(m.Loaded.Refcnt, "time") + ", by the modules " + strings.Join(m.Holders, ", ")
}

// taintText explains the letters of /proc/modules, such as (OE); they are those of the kernel's document tainted-kernels.
func taintText(letters string) string {
	var words []string
	for _, c := range strings.Trim(letters, "()") {
		switch c {
		case 'P':
			words = append(words, "proprietary")
		case 'O':
			words = append(words, "out of tree")
		case 'F':
			words = append(words, "forced")
		case 'C':
			words = append(words, "staging")
		case 'E':
			words = append(words, "unsigned")
		case 'K':
			words = append(words, "live patch")
		case 'N':
			words = append(words, "test")
		case '+', '-':
		default:
			words = append(words, string(c))
		}
	}
	return strings.Join(words, ", ")
}

func needsText(needs []why.Need) string {
	var words []string
	for _, need := range needs {
		state := "not loaded"
		if need.Present {
			state = "there"
		}
		words = append(words, need.Name+" ("+state+")")
	}
	return strings.Join(words, ", ")
}

func parametersText(parameters []sysfs.Parameter) string {
	var words []string
	for _, p := range parameters {
		value := p.Value
		if p.Hidden {
			value = "?"
		}
		words = append(words, p.Name+"="+value)
	}
	return strings.Join(words, " ")
}

func (s *session) writeLoadable(m *why.Module) {
	heading, yes := "loadable now", "yes, as far as can be seen without trying"
	switch {
	case m.Builtin, m.Loaded != nil && !m.OfFile:
		return
	case m.Loaded != nil:
		heading, yes = "this file", "could be loaded, as far as can be seen, once the module of that name is removed"
	case m.ByName:
		yes = "yes, by its name, as far as can be seen without trying; not by an alias: see blacklist above"
	}
	if len(m.Obstacles) == 0 {
		s.row(heading, yes)
		return
	}
	s.row(heading, "no")
	for _, cause := range m.Obstacles {
		d := describe(cause)
		for _, line := range append(d.lines, "To fix: "+d.advice) {
			s.write("    ", s.shown(line), "\n")
		}
	}
}
