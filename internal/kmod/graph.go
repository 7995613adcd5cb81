package kmod

import (
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
	soft          bool // it has soft dependencies
	expanded      bool // pre, post and soft are known
	pre, post     []*node
	depsExpanded  bool
	deps          []*node
}

// nodeKey tells nodes apart: options may differ with the alias by which a module was found.
type nodeKey struct{ name, alias string }

// graph is the modules around the one that is wanted, found as the list is made.
type graph struct {
	*Planner
	plan  *Plan
	nodes map[nodeKey]*node
	list  []*node
}

func (g *graph) node(module resolve.Module) *node {
	key := nodeKey{module.Name, module.Alias}
	n := g.nodes[key]
	if n == nil {
		n = &node{module: module}
		g.nodes[key] = n
	}
	return n
}

// get puts a module into the list behind all that it needs: hard dependencies, each with its soft ones around it, deepest first,
// then its own soft dependencies. That each module is got only once ends every cycle of soft dependencies.
func (g *graph) get(n *node, required, ignoreCommand bool) {
	if n.visited {
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
		g.list = append(g.list, n)
		return
	}
	g.withSoftdeps(n)
}

// withSoftdeps puts a module into the list even if it is there: C kmod's `modprobe -D` shows shared dependencies repeatedly.
func (g *graph) withSoftdeps(n *node) {
	g.expand(n)
	for _, pre := range n.pre {
		g.get(pre, false, false)
	}
	g.list = append(g.list, n)
	for _, post := range n.post {
		g.get(post, false, false)
	}
}

func (g *graph) expand(n *node) {
	if n.expanded {
		return
	}
	n.expanded = true
	resolved := g.softdepsOf(n.module.Name)
	g.plan.Problems = append(g.plan.Problems, resolved.problems...)
	n.pre, n.post = g.nodesOf(resolved.pre), g.nodesOf(resolved.post)
	n.soft = len(n.pre)+len(n.post) > 0
}

// softdeps are the modules that a softdep line names. Names that nothing has are left out.
type softdeps struct {
	pre, post []resolve.Module
	problems  []error
}

func (p *Planner) softdepsOf(name string) softdeps {
	resolved, known := p.resolved[name]
	if known {
		return resolved
	}
	if softdep, found := p.Config.SoftdepOf(name); found {
		var problems []error
		resolved.pre, resolved.problems = lookupAll(p.Tree, softdep.Pre)
		resolved.post, problems = lookupAll(p.Tree, softdep.Post)
		resolved.problems = append(resolved.problems, problems...)
	}
	if p.resolved == nil {
		p.resolved = make(map[string]softdeps)
	}
	p.resolved[name] = resolved
	return resolved
}

func (g *graph) nodesOf(modules []resolve.Module) []*node {
	nodes := make([]*node, len(modules))
	for i, module := range modules {
		nodes[i] = g.node(module)
	}
	return nodes
}

// deps are the hard dependencies, the deepest first. Where one of them was named by the user as another file, C kmod goes on
// without any.
func (g *graph) deps(n *node) []*node {
	if n.depsExpanded {
		return n.deps
	}
	n.depsExpanded = true
	if n.bare {
		n.module.Deps = g.Tree.Named(n.module.Name).Deps
	}
	deps := make([]*node, 0, len(n.module.Deps))
	for i := len(n.module.Deps) - 1; i >= 0; i-- {
		path := n.module.Deps[i]
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
	n.deps = deps
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
