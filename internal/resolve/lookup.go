package resolve

import (
	"strings"

	"gomod/internal/modname"
)

// Lookup resolves a name or alias as a user writes it. The first step that finds anything decides; nothing found is an empty
// result. The error is modname's: a bracket without its other half.
func (t *Tree) Lookup(alias string) ([]Module, error) {
	alias, err := modname.Alias(alias)
	if err != nil {
		return nil, err
	}
	for step := StepConfigAlias; step <= StepBuiltinAlias; step++ {
		if modules := t.try(step, alias); len(modules) > 0 {
			return modules, nil
		}
	}
	return nil, nil
}

// ByName resolves a module's name only, never an alias; `modinfo -m` asks for it.
func (t *Tree) ByName(name string) []Module {
	name = modname.Name(name)
	for _, step := range [...]Step{StepDep, StepBuiltin, StepBuiltinAlias} {
		if modules := t.try(step, name); len(modules) > 0 {
			return modules
		}
	}
	return nil
}

// Named is the module of a name that is known to be one's, whether or not the tree has it.
func (t *Tree) Named(name string) Module {
	module, _ := t.module(name)
	module.Step, module.Pattern = StepName, name
	return module
}

// OfFile is the module in the file at path, which is not looked at. What it needs is what modules.dep.bin says of its name.
// The error is modname's: a path without a file name.
func (t *Tree) OfFile(path string) (Module, error) {
	name, err := modname.FromPath(path)
	if err != nil {
		return Module{}, err
	}
	module, _ := t.module(name)
	module.Path, module.Step, module.Pattern = path, StepFile, name
	return module, nil
}

// Exporters are the modules that export a symbol. Configuration has no say in that: `alias * m` makes m no exporter of everything.
func (t *Tree) Exporters(symbol string) []Module { return t.bySymbol("symbol:" + symbol) }

// Builtin tells whether the kernel holds the module of that name. Only modules.builtin.bin decides: /sys/module has folders of
// other things as well.
func (t *Tree) Builtin(name string) bool {
	_, found := t.exact(builtinIndex, name)
	return found
}

func (t *Tree) try(step Step, alias string) []Module {
	switch step {
	case StepConfigAlias:
		return t.byConfigAlias(alias)
	case StepDep:
		return t.byDep(alias)
	case StepSymbol:
		return t.bySymbol(alias)
	case StepCommand:
		return t.byCommand(alias)
	case StepAlias:
		return t.wildcard(aliasIndex, alias, StepAlias)
	case StepBuiltin:
		return t.byBuiltin(alias)
	}
	return t.wildcard(builtinAliasIndex, alias, StepBuiltinAlias)
}

func (t *Tree) byConfigAlias(alias string) []Module {
	if t.config == nil {
		return nil
	}
	var modules []Module
	for _, line := range t.config.AliasesOf(alias) {
		module, _ := t.module(line.Target)
		module.Step, module.Pattern, module.Alias, module.Where = StepConfigAlias, line.Pattern, line.Pattern, line.Where
		modules = append(modules, module)
	}
	return modules
}

func (t *Tree) byDep(alias string) []Module {
	if strings.Contains(alias, ":") {
		return nil
	}
	module, found := t.module(alias)
	if !found {
		return nil
	}
	module.Step, module.Pattern = StepDep, alias
	return []Module{module}
}

func (t *Tree) bySymbol(alias string) []Module {
	if !strings.HasPrefix(alias, "symbol:") {
		return nil
	}
	return t.wildcard(symbolsIndex, alias, StepSymbol)
}

func (t *Tree) byCommand(alias string) []Module {
	if t.config == nil {
		return nil
	}
	command, found := t.config.CommandNamed(alias)
	if !found {
		return nil
	}
	module, _ := t.module(alias)
	module.Step, module.Pattern, module.Where = StepCommand, command.Key, command.Where
	return []Module{module}
}

func (t *Tree) byBuiltin(alias string) []Module {
	if !t.Builtin(alias) {
		return nil
	}
	return []Module{{Name: alias, Step: StepBuiltin, Pattern: alias}}
}

func (t *Tree) wildcard(file, alias string, step Step) []Module {
	var modules []Module
	for _, match := range t.search(file, alias) {
		module, _ := t.module(match.Value)
		module.Step, module.Pattern, module.Alias = step, match.Key, alias
		modules = append(modules, module)
	}
	return modules
}

// module reads a module's line of modules.dep.bin, such as "kernel/fs/ext4/ext4.ko: kernel/fs/jbd2/jbd2.ko kernel/lib/crc16.ko".
func (t *Tree) module(name string) (Module, bool) {
	line, found := t.exact(depIndex, name)
	if !found {
		return Module{Name: name}, false
	}
	return t.ofLine(name, line)
}

// ofLine takes a line of modules.dep.bin apart; false for one without a colon.
func (t *Tree) ofLine(name, line string) (Module, bool) {
	path, deps, colon := strings.Cut(line, ":")
	if !colon {
		return Module{Name: name}, false
	}
	module := Module{Name: name, Path: t.absolute(path)}
	// A blank of Unicode may stand in a path.
	for dep := range strings.FieldsFuncSeq(deps, isBlank) {
		module.Deps = append(module.Deps, t.absolute(dep))
	}
	return module, true
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' }

// absolute is the path of a file that modules.dep names: relative to the folder, unless it lies outside it.
func (t *Tree) absolute(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	return t.dir + "/" + path
}
