package kmod

import "gomod/internal/resolve"

// softdeps are the modules that a softdep line names. Names that nothing has are left out.
type softdeps struct {
	pre, post []*resolve.Module
	problems  []error
}

// softdepsOf is kept for the next time: an alias of many modules makes as many plans, with the same modules in them.
func (p *Planner) softdepsOf(name string) *softdeps {
	resolved := p.resolved[name]
	if resolved != nil {
		return resolved
	}
	resolved = &p.noSoftdeps
	p.spend(len(p.Config.Softdeps))
	if softdep, found := p.Config.SoftdepOf(name); found {
		resolved = new(softdeps)
		resolved.pre = p.lookupAll(softdep.Pre, &resolved.problems)
		resolved.post = p.lookupAll(softdep.Post, &resolved.problems)
	}
	if p.resolved == nil {
		p.resolved = make(map[string]*softdeps)
	}
	p.resolved[name] = resolved
	return resolved
}

// lookupAll resolves names in turn; what nothing has is left out. The problems are *DependencyError.
func (p *Planner) lookupAll(names []string, problems *[]error) (modules []*resolve.Module) {
	for _, name := range names {
		found := p.lookup(name)
		if found.err != nil {
			*problems = append(*problems, &DependencyError{name, found.err})
		}
		p.spend(costOfSoftdep * len(found.modules))
		if p.exhausted() {
			break
		}
		modules = append(modules, found.modules...)
	}
	return modules
}

// lookedUp is what a name of a softdep line stands for.
type lookedUp struct {
	modules []*resolve.Module
	err     error
}

// lookup gives the same Module wherever the same one is found, and without its dependencies: softdep lines may name thousands of modules
// that need a thousand each. needs has them when their turn comes.
func (p *Planner) lookup(name string) lookedUp {
	known, has := p.found[name]
	if has {
		return known
	}
	p.spend(costOfLookup + len(p.Config.Aliases))
	modules, err := p.Tree.Lookup(name)
	result := lookedUp{make([]*resolve.Module, len(modules)), err}
	for i := range modules {
		result.modules[i] = p.only(&modules[i])
	}
	if p.found == nil {
		p.found = make(map[string]lookedUp)
	}
	p.found[name] = result
	return result
}

func (p *Planner) only(module *resolve.Module) *resolve.Module {
	key := keyOf(module)
	one := p.soft[key]
	if one != nil {
		return one
	}
	if p.soft == nil {
		p.soft = make(map[nodeKey]*resolve.Module)
	}
	one = new(resolve.Module)
	*one = *module
	one.Deps = nil
	p.soft[key] = one
	return one
}

// needs are the files of all that a module from lookup needs, the deepest last.
func (p *Planner) needs(module *resolve.Module) []string {
	if module.Path == "" {
		return nil
	}
	return p.Tree.Named(module.Name).Deps
}
