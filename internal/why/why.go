// Package why gathers all that is known of a module, an alias or a file: whether it is in the kernel, what the configuration says of it, and
// whether it could be loaded now. It changes nothing and loads nothing.
package why

import (
	"slices"
	"strings"

	"gomod/internal/builtin"
	"gomod/internal/config"
	"gomod/internal/diag"
	"gomod/internal/modname"
	"gomod/internal/resolve"
	"gomod/internal/sysfs"
)

// Report is the answer to one question.
type Report struct {
	// Asked is the name, alias or path.
	Asked string
	// Modules are what it stands for, up to mostModules; Others counts the rest.
	Modules []Module
	Others  int
	// Missing is why there are none; nil if there are.
	Missing *diag.Explanation
	// Lines of the configuration that touch what was asked for, where there are no modules.
	Lines Lines
}

// Module is one module.
type Module struct {
	// Found is how the look-up came to it.
	Found resolve.Module
	// Builtin tells that it is a part of the kernel.
	Builtin bool
	// Loaded is its line of /proc/modules, nil if it has none. Holders are the modules that use it.
	Loaded  *sysfs.Module
	Holders []string
	// Parameters are those with a file in /sys, of loaded and built-in modules.
	Parameters []sysfs.Parameter
	// Needs are the modules that it cannot be without, the deepest first.
	Needs []Need
	// Description and License are the module's own words.
	Description, License string
	// Lines of the configuration that touch it.
	Lines Lines
	// KernelForbids tells that module_blacklist= on the kernel command line has it.
	KernelForbids bool
	// Obstacles are what would keep it from being loaded now; nil for what is in the kernel, unless a file was asked for: that one could take
	// the place of the loaded module.
	Obstacles []diag.Cause
	// OfFile tells that a file was asked for.
	OfFile bool
	// ByName is set where only the alias that was asked for is blacklisted.
	ByName bool
	// Known tells that it is a module: its file is one, or the kernel or the tree has it.
	Known bool
}

// Need is a module that another needs.
type Need struct {
	Name    string
	Present bool // loaded, or built in
}

// Asker answers questions.
type Asker struct {
	*diag.System
	// Modules are those that the kernel has loaded, from /proc/modules.
	Modules []sysfs.Module
	entries []config.Entry // of the configuration, once they were asked for
	// lineCosts is what the lines cost that were told, beyond the own room of each module.
	lineCosts int
}

// mostModules is of how many modules a report tells. No alias of a sane system has more than some; of thousands each would come with the
// lines of all.
const mostModules = 100

// Ask gathers what is known.
func (a *Asker) Ask(what string) *Report {
	r := &Report{Asked: what}
	told := make(map[string]bool)
	modules, ofFile := a.find(what)
	for _, module := range modules {
		if !told[module.Name] { // several aliases may lead to it, in a broken file thousands
			told[module.Name] = true
			if len(r.Modules) == mostModules {
				r.Others++
				continue
			}
			r.Modules = append(r.Modules, a.module(module, ofFile))
		}
	}
	if len(r.Modules) == 0 {
		r.Missing = a.NotFound(what)
		if name, err := modname.Alias(what); err == nil {
			r.Lines = a.lines(name, "")
		}
	}
	return r
}

// find resolves a path, a name or an alias, else a name that only the kernel has.
func (a *Asker) find(what string) (modules []resolve.Module, ofFile bool) {
	if strings.Contains(what, "/") {
		if module, err := a.Tree.OfFile(what); err == nil {
			return []resolve.Module{module}, true
		}
	}
	if modules, _ = a.Tree.Lookup(what); len(modules) > 0 {
		return modules, false
	}
	name := modname.Name(what)
	if loaded := a.loaded(name); loaded != nil {
		return []resolve.Module{a.Tree.Named(name)}, false
	}
	return nil, false
}

func (a *Asker) loaded(name string) *sysfs.Module {
	if i := slices.IndexFunc(a.Modules, func(m sysfs.Module) bool { return m.Name == name }); i >= 0 {
		return &a.Modules[i]
	}
	// There is no /proc, perhaps, or a kernel without modules, whose parts have folders in /sys: what is no part has a state there.
	if a.Modules == nil && !a.Tree.Builtin(name) && a.Sysfs.Attribute(name, "initstate") != "" {
		if state, err := a.Sysfs.InitState(name); err == nil {
			return &sysfs.Module{Name: name, State: state}
		}
	}
	return nil
}

func (a *Asker) module(found resolve.Module, ofFile bool) Module {
	m := Module{
		Found:         found,
		Builtin:       found.MarkedBuiltin() || a.Tree.Builtin(found.Name),
		Loaded:        a.loaded(found.Name),
		Parameters:    a.Sysfs.Parameters(found.Name),
		Lines:         a.lines(found.Name, found.Alias),
		KernelForbids: a.KernelForbids(found.Name),
	}
	m.Holders, _ = a.Sysfs.Holders(found.Name)
	for _, path := range slices.Backward(found.Deps) {
		if name, err := modname.FromPath(path); err == nil {
			m.Needs = append(m.Needs, Need{name, a.InKernel(name)})
		}
	}
	a.describe(&m, ofFile)
	return m
}

// describe tells of what the module is made, and what is in its way.
func (a *Asker) describe(m *Module, ofFile bool) {
	m.OfFile, m.Known = ofFile, true
	switch {
	case m.Builtin:
		a.describeBuiltin(m)
	case m.Found.Path != "":
		facts := diag.ReadFacts(m.Found.Path, a.SizeLimit)
		m.Description, m.License = facts.Field("description"), facts.Field("license")
		m.Known = !ofFile || facts.Err == nil
		if m.Loaded == nil || ofFile {
			m.Obstacles = withoutPresent(a.Check(facts, m.Found.Alias), m.Loaded != nil)
			a.checkBlacklist(m)
		}
	case m.Loaded == nil:
		m.Known = false
		m.Obstacles = a.Fileless(m.Found).Causes
	}
}

// withoutPresent leaves out that the module is there, where that has been told.
func withoutPresent(causes []diag.Cause, told bool) []diag.Cause {
	return slices.DeleteFunc(causes, func(cause diag.Cause) bool {
		_, present := cause.(diag.Present)
		return present && told
	})
}

// checkBlacklist is for modules that were asked for by an alias: blacklist lines stop nothing else.
func (a *Asker) checkBlacklist(m *Module) {
	entry, found := a.Config.BlacklistOf(m.Found.Name)
	if !found || m.Loaded != nil {
		return
	}
	switch m.Found.Step {
	case resolve.StepConfigAlias, resolve.StepAlias, resolve.StepBuiltinAlias, resolve.StepSymbol:
		m.Obstacles = append([]diag.Cause{diag.Blacklisted{Name: m.Found.Name, Where: entry.Where}}, m.Obstacles...)
	default:
		m.ByName = true
	}
}

// describeBuiltin takes a built-in module's words from where the kernel's build has left them.
func (a *Asker) describeBuiltin(m *Module) {
	records, _ := builtin.Modinfo(a.Tree.Dir()+"/modules.builtin.modinfo", m.Found.Name)
	for _, record := range records {
		switch key, value, _ := strings.Cut(record, "="); key {
		case "description":
			m.Description = value
		case "license":
			m.License = value
		}
	}
}
