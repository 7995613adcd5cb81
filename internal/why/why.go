// Package why gathers all that is known of a module, an alias or a file: whether it is in the kernel, what the configuration says of it, and
// whether it could be loaded now. It changes nothing and loads nothing.
package why

import (
	"slices"
	"strings"

	"gomod/internal/builtin"
	"gomod/internal/config"
	"gomod/internal/diag"
	"gomod/internal/glob"
	"gomod/internal/modname"
	"gomod/internal/resolve"
	"gomod/internal/sysfs"
)

// Report is the answer to one question.
type Report struct {
	// Asked is the name, alias or path.
	Asked string
	// Modules are what it stands for.
	Modules []Module
	// Missing is why there are none; nil if there are.
	Missing *diag.Explanation
	// Lines of the configuration that touch what was asked for, where there are no modules.
	Lines []config.Entry
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
	Lines []config.Entry
	// KernelForbids tells that module_blacklist= on the kernel command line has it.
	KernelForbids bool
	// Obstacles are what would keep it from being loaded now; nil for what is in the kernel.
	Obstacles []diag.Cause
}

// Need is a module that another needs.
type Need struct {
	Name    string
	Present bool // loaded, or built in
}

// Asker answers questions.
type Asker struct{ *diag.System }

// Ask gathers what is known.
func (a *Asker) Ask(what string) *Report {
	r := &Report{Asked: what}
	told := make(map[string]bool)
	for _, module := range a.find(what) {
		if !told[module.Name] { // several aliases may lead to it, in a broken file thousands
			told[module.Name] = true
			r.Modules = append(r.Modules, a.module(module))
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
func (a *Asker) find(what string) []resolve.Module {
	if strings.Contains(what, "/") {
		if module, err := a.Tree.OfFile(what); err == nil {
			return []resolve.Module{module}
		}
	}
	modules, _ := a.Tree.Lookup(what)
	if len(modules) > 0 {
		return modules
	}
	name := modname.Name(what)
	if loaded := a.loaded(name); loaded != nil {
		return []resolve.Module{a.Tree.Named(name)}
	}
	return nil
}

func (a *Asker) loaded(name string) *sysfs.Module {
	modules, _ := a.Sysfs.Modules()
	if i := slices.IndexFunc(modules, func(m sysfs.Module) bool { return m.Name == name }); i >= 0 {
		return &modules[i]
	}
	return nil
}

func (a *Asker) module(found resolve.Module) Module {
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
			m.Needs = append(m.Needs, Need{name, a.inKernel(name)})
		}
	}
	switch {
	case m.Builtin:
		a.describeBuiltin(&m)
	case found.Path != "":
		facts := diag.ReadFacts(found.Path, a.SizeLimit)
		m.Description, m.License = facts.Field("description"), facts.Field("license")
		if m.Loaded == nil {
			m.Obstacles = a.Check(facts)
		}
	case m.Loaded == nil:
		m.Obstacles = a.Fileless(found).Causes
	}
	return m
}

func (a *Asker) inKernel(name string) bool {
	if a.Tree.Builtin(name) {
		return true
	}
	state, err := a.Sysfs.InitState(name)
	return err == nil && state == sysfs.Live
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

// lines are those of the configuration that touch a module found by an alias, or that alias.
func (a *Asker) lines(name, alias string) []config.Entry {
	var lines []config.Entry
	for entry := range a.Config.Entries() {
		if touches(entry, name, alias) {
			lines = append(lines, entry)
		}
	}
	return lines
}

func touches(e config.Entry, name, alias string) bool {
	switch e.Command {
	case "blacklist":
		return e.Key == name
	case "options":
		return e.Key == name || alias != "" && e.Key == alias
	case "alias":
		return e.Text == name || glob.Match(e.Key, name) || alias != "" && glob.Match(e.Key, alias)
	}
	return glob.Match(e.Key, name)
}
