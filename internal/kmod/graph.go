package kmod

import (
	"slices"

	"gomod/internal/modname"
	"gomod/internal/resolve"
)

// node is a module in a graph.
type node struct {
	module        resolve.Module
	bare          bool // module.Deps is not known yet
	visited       bool
	required      bool
	ignoreCommand bool
	soft          *softdeps // nil until its first turn
	settled       bool      // all of soft were got
	step          *Step     // nil until the list is complete
}

// nodeKey tells nodes apart: options may differ with the alias by which a module was found.
type nodeKey struct{ name, alias string }

func keyOf(module *resolve.Module) nodeKey { return nodeKey{module.Name, module.Alias} }

// graph is the modules around the one that is wanted, found as the list is made.
type graph struct {
	*Planner
	plan  *Plan
	nodes map[nodeKey]*node
}

// node is that of a module whose dependencies, where it is bare, are to be asked for.
func (g *graph) node(module *resolve.Module, bare bool) *node {
	key := keyOf(module)
	n := g.nodes[key]
	if n == nil {
		n = &node{module: *module, bare: bare}
		g.nodes[key] = n
	}
	return n
}

// get puts a module into the list behind all that it needs: hard dependencies, each with its soft ones around it, deepest first,
// then its own soft dependencies. That each module is got only once ends every cycle of soft dependencies.
func (g *graph) get(n *node, required, ignoreCommand bool) {
	if n.visited || g.exhausted() {
		return
	}
	n.visited = true
	deps := g.deps(n)
	if required {
		n.required = true
		for _, dep := range deps {
			dep.required = true
		}
	}
	for _, dep := range deps {
		g.withSoftdeps(dep)
	}
	if ignoreCommand {
		n.ignoreCommand = true
		g.append(n)
		return
	}
	g.withSoftdeps(n)
}

// withSoftdeps puts a module into the list even if it is there: C kmod's `modprobe -D` shows shared dependencies repeatedly.
func (g *graph) withSoftdeps(n *node) {
	g.expand(n)
	if n.settled {
		g.append(n)
		return
	}
	g.getAll(n.soft.pre)
	g.append(n)
	g.getAll(n.soft.post)
	n.settled = true
}

func (g *graph) append(n *node) {
	g.spend(costOfStep)
	g.plan.list = append(g.plan.list, n)
}

func (g *graph) getAll(modules []*resolve.Module) {
	g.spend(costOfGet * len(modules))
	for _, module := range modules {
		g.get(g.node(module, true), false, false)
	}
}

func (g *graph) expand(n *node) {
	if n.soft != nil {
		return
	}
	g.spend(len(g.Config.Options) + len(g.Config.Installs)) // of which step looks at all
	n.soft = g.softdepsOf(n.module.Name)
	g.plan.Problems = append(g.plan.Problems, n.soft.problems...)
}

// hasSoftdeps tells of a module that had its turn with soft dependencies around it.
func (n *node) hasSoftdeps() bool { return n.soft != nil && len(n.soft.pre)+len(n.soft.post) > 0 }

// deps are the hard dependencies, the deepest first. Where one of them was named by the user as another file, C kmod goes on
// without any.
func (g *graph) deps(n *node) []*node {
	paths := n.module.Deps
	if n.bare {
		paths = g.needs(&n.module)
	}
	deps := make([]*node, 0, len(paths))
	for _, path := range slices.Backward(paths) {
		name, err := modname.FromPath(path)
		if err != nil {
			continue
		}
		dep := g.dep(name, path)
		if dep.module.Path != path && dep.module.Step == resolve.StepFile {
			g.plan.Problems = append(g.plan.Problems, &PathConflictError{Name: name, New: path, Old: dep.module.Path})
			return nil
		}
		deps = append(deps, dep)
	}
	return deps
}

// dep is the node of a hard dependency. What that needs itself matters only where it is a soft dependency, too.
func (g *graph) dep(name, path string) *node {
	key := nodeKey{name: name}
	n := g.nodes[key]
	if n == nil {
		n = &node{module: resolve.Module{Name: name, Path: path, Step: resolve.StepDep, Pattern: name}, bare: true}
		g.nodes[key] = n
	}
	return n
}
