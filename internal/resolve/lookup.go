package resolve

import (
	"strings"

	"gomod/internal/index"
	"gomod/internal/modname"
)

// Lookup resolves a name or alias as a user writes it. The first step that finds anything decides; nothing found is an empty
// result. The error is modname's: a bracket without its other half.
func (t *Tree) Lookup(alias string) ([]Module, error) {
	alias, err := modname.Alias(alias)
	if err != nil {
		return nil, err
	}
	steps := []func(string) []Module{t.byDep, t.bySymbol, t.byAlias, t.byBuiltin, t.byBuiltinAlias}
	for _, step := range steps {
		if modules := step(alias); len(modules) > 0 {
			return modules, nil
		}
	}
	return nil, nil
}

// ByName resolves a module's name only, never an alias; `modinfo -m` asks for it.
func (t *Tree) ByName(name string) []Module {
	name = modname.Name(name)
	for _, step := range []func(string) []Module{t.byDep, t.byBuiltin, t.byBuiltinAlias} {
		if modules := step(name); len(modules) > 0 {
			return modules
		}
	}
	return nil
}

// Builtin tells whether the kernel holds the module of that name. Only modules.builtin.bin decides: /sys/module has folders of
// other things as well.
func (t *Tree) Builtin(name string) bool {
	_, found := t.exact("modules.builtin.bin", name)
	return found
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

// module reads a module's line of modules.dep.bin, such as "kernel/fs/ext4/ext4.ko: kernel/fs/jbd2/jbd2.ko kernel/lib/crc16.ko".
func (t *Tree) module(name string) (Module, bool) {
	line, found := t.exact("modules.dep.bin", name)
	path, deps, colon := strings.Cut(line, ":")
	if !found || !colon {
		return Module{Name: name}, false
	}
	module := Module{Name: name, Path: t.absolute(path)}
	for _, dep := range strings.Fields(deps) {
		module.Deps = append(module.Deps, t.absolute(dep))
	}
	return module, true
}

// absolute is the path of a file that modules.dep names: relative to the folder, unless it lies outside it.
func (t *Tree) absolute(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	return t.dir + "/" + path
}

func (t *Tree) bySymbol(alias string) []Module {
	if !strings.HasPrefix(alias, "symbol:") {
		return nil
	}
	return t.wildcard("modules.symbols.bin", alias, StepSymbol)
}

func (t *Tree) byAlias(alias string) []Module {
	return t.wildcard("modules.alias.bin", alias, StepAlias)
}

func (t *Tree) byBuiltin(alias string) []Module {
	if !t.Builtin(alias) {
		return nil
	}
	return []Module{{Name: alias, Step: StepBuiltin, Pattern: alias}}
}

func (t *Tree) byBuiltinAlias(alias string) []Module {
	return t.wildcard("modules.builtin.alias.bin", alias, StepBuiltinAlias)
}

func (t *Tree) wildcard(file, alias string, step Step) []Module {
	x := t.open(file)
	if x == nil {
		return nil
	}
	matches, err := x.Search(alias)
	if err != nil {
		return nil
	}
	modules := make([]Module, 0, len(matches))
	for _, match := range matches {
		module, _ := t.module(match.Value)
		module.Step, module.Pattern = step, match.Key
		modules = append(modules, module)
	}
	return modules
}

func (t *Tree) exact(file, key string) (string, bool) {
	x := t.open(file)
	if x == nil {
		return "", false
	}
	value, found, err := x.Lookup(key)
	return value, found && err == nil
}

// open maps an index on its first use; nil when it cannot be read, which is remembered.
func (t *Tree) open(file string) *index.Index {
	x, tried := t.indexes[file]
	if !tried {
		x, _ = index.Open(t.dir + "/" + file)
		if x != nil {
			// C kmod gives ties so wherever it did not map all indexes beforehand.
			x.ReverseTies(true)
		}
		t.indexes[file] = x
	}
	return x
}
