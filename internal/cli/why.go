package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gomod/internal/config"
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

// shown keeps what a module says from steering a terminal.
func (s *session) shown(text string) string {
	if s.Terminal() {
		return printable(text)
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

func (s *session) writeLines(lines []config.Entry) {
	if len(lines) == 0 {
		return
	}
	s.write("  configuration\n")
	for _, entry := range lines {
		line := strings.TrimRight(entry.Command+" "+entry.Key+" "+entry.Text, " ")
		s.write("    ", place(entry.Where), ": ", s.shown(line), "\n")
		if e := effectOf(entry); e.text != "" {
			s.write("      ", e.text, "\n")
		}
	}
}

// effect is whom a line of configuration stops.
type effect struct {
	text string
	// stops are words of the JSON output: by-alias, by-name, as-dependency for each of modprobe, libkmod and the kernel's own requests.
	modprobe, libkmod, kernel []string
}

const (
	byAlias      = "by-alias"
	byName       = "by-name"
	asDependency = "as-dependency"
)

func effectOf(e config.Entry) effect {
	all := []string{byAlias, byName, asDependency}
	if e.Refused {
		return effect{text: "is not obeyed, for anyone may write or replace that file: modprobe refuses " + e.Key + ";\n      to fix: chown root " + e.File + "; chmod 644 " + e.File, modprobe: all}
	}
	switch e.Command {
	case "blacklist":
		if filepath.Base(e.File) == config.ForbiddenFile {
			return effect{"with the install line: forbidden by gomod forbid, for everyone but insmod", all, all, all}
		}
		return effect{
			"stops modprobe by an alias, the kernel's requests by an alias, and udev and systemd-modules-load by alias and name;\n" +
				"      stops neither modprobe " + e.Key + " nor a module that needs " + e.Key,
			[]string{byAlias}, []string{byAlias, byName}, []string{byAlias},
		}
	case "install":
		switch {
		case filepath.Base(e.File) == config.ForbiddenFile && strings.TrimSpace(e.Text) == config.Denial:
			return effect{"with the blacklist line: forbidden by gomod forbid, for everyone but insmod", all, all, all}
		case (config.Command{Command: e.Text}).Denies():
			return effect{"stops modprobe, udev and other programs with libkmod, and the kernel's requests, by alias, name and as a dependency;\n" +
				"      stops neither insmod nor modprobe --ignore-install", all, all, all}
		}
		return effect{text: "runs the command in place of loading the module"}
	case "remove":
		return effect{text: "runs the command in place of removing the module"}
	case "alias":
		if e.Text == "off" || e.Text == "null" {
			return effect{"stops whoever asks for " + e.Key + " by that name: there is no module " + e.Text, []string{byAlias, byName}, []string{byAlias, byName}, []string{byAlias, byName}}
		}
	}
	return effect{}
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

// whyObject is one answer as JSON.
func whyObject(r *why.Report) jsontext.Object {
	modules := make([]jsontext.Object, 0, len(r.Modules))
	for i := range r.Modules {
		modules = append(modules, whyModule(&r.Modules[i]))
	}
	object := jsontext.Object{{Name: "asked", Value: r.Asked}, {Name: "modules", Value: modules}}
	if r.Missing != nil {
		object = append(object, jsontext.Member{Name: "missing", Value: explanationObject(r.Missing)}, jsontext.Member{Name: "configuration", Value: lineObjects(r.Lines)})
	}
	return object
}

func whyModule(m *why.Module) jsontext.Object {
	needs := make([]jsontext.Object, 0, len(m.Needs))
	for _, need := range m.Needs {
		needs = append(needs, jsontext.Object{{Name: "name", Value: need.Name}, {Name: "present", Value: need.Present}})
	}
	parameters := make([]jsontext.Object, 0, len(m.Parameters))
	for _, p := range m.Parameters {
		value := any(p.Value)
		if p.Hidden {
			value = nil
		}
		parameters = append(parameters, jsontext.Object{{Name: "name", Value: p.Name}, {Name: "value", Value: value}})
	}
	obstacles := make([]jsontext.Object, 0, len(m.Obstacles))
	for _, cause := range m.Obstacles {
		obstacles = append(obstacles, causeObject(cause))
	}
	object := jsontext.Object{
		{Name: "name", Value: m.Found.Name}, {Name: "builtin", Value: m.Builtin}, {Name: "loaded", Value: m.Loaded != nil}, {Name: "file", Value: m.Found.Path},
		{Name: "pattern", Value: m.Found.Pattern}, {Name: "description", Value: m.Description}, {Name: "license", Value: m.License},
		{Name: "needs", Value: needs}, {Name: "parameters", Value: parameters}, {Name: "configuration", Value: lineObjects(m.Lines)},
		{Name: "forbidden_by_kernel", Value: m.KernelForbids},
		{Name: "loadable", Value: !m.Builtin && m.Loaded == nil && len(m.Obstacles) == 0}, {Name: "obstacles", Value: obstacles},
	}
	if m.Loaded != nil {
		object = append(object, jsontext.Member{Name: "state", Value: m.Loaded.State.String()}, jsontext.Member{Name: "refcount", Value: m.Loaded.Refcnt},
			jsontext.Member{Name: "holders", Value: m.Holders}, jsontext.Member{Name: "taint", Value: strings.Trim(m.Loaded.Taint, "()")})
	}
	return object
}

func lineObjects(lines []config.Entry) []jsontext.Object {
	objects := make([]jsontext.Object, 0, len(lines))
	for _, e := range lines {
		of := effectOf(e)
		objects = append(objects, jsontext.Object{
			{Name: "file", Value: e.File}, {Name: "line", Value: e.Line}, {Name: "command", Value: e.Command}, {Name: "key", Value: e.Key}, {Name: "text", Value: e.Text},
			{Name: "stops", Value: jsontext.Object{{Name: "modprobe", Value: of.modprobe}, {Name: "libkmod", Value: of.libkmod}, {Name: "kernel", Value: of.kernel}}},
		})
	}
	return objects
}
