// Package deptree is who needs whom: the dependencies of the loaded modules, or of all that a tree has.
package deptree

import (
	"slices"

	"gomod/internal/config"
	"gomod/internal/modname"
	"gomod/internal/resolve"
	"gomod/internal/sysfs"
)

// Kind is how much one module needs another.
type Kind int

const (
	// Hard is a dependency of symbols: without the other module the kernel refuses this one.
	Hard Kind = iota
	// SoftPre and SoftPost are of softdep lines: modprobe loads the other module before or after, if it can.
	SoftPre
	SoftPost
	// Weak is of weakdep lines: the other module may be asked for later, and belongs in the same initramfs.
	Weak
)

// Edge is one dependency.
type Edge struct {
	From, To string
	Kind     Kind
}

// Graph has modules and their dependencies. It may have cycles, of soft dependencies above all.
type Graph struct {
	// Names are the modules, sorted.
	Names []string
	// Edges are sorted by From, the hard ones first, then in the order of their source.
	Edges []Edge
	from  map[string][]Edge
}

// builder collects a graph.
type builder struct {
	tree   *resolve.Tree
	config *config.Config
	edges  map[string][]Edge
}

// Loaded has the modules that the kernel has loaded, with the hard dependencies that it tells of, and those soft and weak ones whose other
// module is loaded too. The error is that of /proc/modules.
func Loaded(fs *sysfs.FS, tree *resolve.Tree, c *config.Config) (*Graph, error) {
	modules, err := fs.Modules()
	if len(modules) == 0 && err != nil {
		return nil, err
	}
	b := newBuilder(tree, c)
	for i := range modules {
		b.edges[modules[i].Name] = nil
	}
	for i := range modules {
		for _, user := range modules[i].UserNames() {
			b.edges[user] = append(b.edges[user], Edge{user, modules[i].Name, Hard})
		}
	}
	for name := range b.edges {
		b.addOptional(name)
	}
	return b.graph(), nil
}

// All has the modules of a tree. modules.dep lists all that a module needs in any way; of these the hard dependencies here are those that no
// other of them needs.
func All(tree *resolve.Tree, c *config.Config) *Graph {
	b := newBuilder(tree, c)
	for module := range tree.Modules() {
		b.edges[module.Name] = nil
		for _, name := range direct(tree, module) {
			b.edges[module.Name] = append(b.edges[module.Name], Edge{module.Name, name, Hard})
		}
	}
	for name := range b.edges {
		b.addOptional(name)
	}
	return b.graph()
}

func newBuilder(tree *resolve.Tree, c *config.Config) *builder {
	return &builder{tree, c, make(map[string][]Edge)}
}

// direct are the names of what a module needs and nothing else that it needs does.
func direct(tree *resolve.Tree, module resolve.Module) []string {
	var names []string
	indirect := make(map[string]bool)
	for _, path := range module.Deps {
		name, err := modname.FromPath(path)
		if err != nil {
			continue
		}
		names = append(names, name)
		for _, deeper := range tree.Named(name).Deps {
			if below, err := modname.FromPath(deeper); err == nil {
				indirect[below] = true
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return indirect[name] })
}

// addOptional adds the soft and weak dependencies of a module on others of the graph.
func (b *builder) addOptional(name string) {
	if softdep, found := b.config.SoftdepOf(name); found {
		b.addNamed(name, softdep.Pre, SoftPre)
		b.addNamed(name, softdep.Post, SoftPost)
	}
	if weakdep, found := b.config.WeakdepOf(name); found {
		b.addNamed(name, weakdep.Deps, Weak)
	}
}

// addNamed resolves the names, which may be aliases.
func (b *builder) addNamed(from string, names []string, kind Kind) {
	for _, name := range names {
		modules, _ := b.tree.Lookup(name)
		for _, module := range modules {
			if _, there := b.edges[module.Name]; there {
				b.edges[from] = append(b.edges[from], Edge{from, module.Name, kind})
			}
		}
	}
}

func (b *builder) graph() *Graph {
	g := &Graph{from: b.edges}
	for name := range b.edges {
		g.Names = append(g.Names, name)
	}
	g.finish()
	return g
}

func (g *Graph) finish() {
	slices.Sort(g.Names)
	g.Edges = nil
	for _, name := range g.Names {
		slices.SortStableFunc(g.from[name], func(a, b Edge) int { return min(int(a.Kind), 1) - min(int(b.Kind), 1) })
		g.Edges = append(g.Edges, g.from[name]...)
	}
}

// Of are the dependencies of one module.
func (g *Graph) Of(name string) []Edge { return g.from[name] }

// Has tells whether the graph has a module.
func (g *Graph) Has(name string) bool {
	_, has := g.from[name]
	return has
}

// Reversed has every edge the other way round: who needs a module, in place of what it needs.
func (g *Graph) Reversed() *Graph {
	r := &Graph{Names: slices.Clone(g.Names), from: make(map[string][]Edge)}
	for _, name := range g.Names {
		r.from[name] = nil
	}
	for _, e := range g.Edges {
		r.from[e.To] = append(r.from[e.To], Edge{e.To, e.From, e.Kind})
	}
	r.finish()
	return r
}

// Roots are the modules that no other has a hard edge to; those of a cycle have none.
func (g *Graph) Roots() []string {
	below := make(map[string]bool)
	for _, e := range g.Edges {
		if e.Kind == Hard {
			below[e.To] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(g.Names), func(name string) bool { return below[name] })
}

// Reach are the names and all that they lead to, as a graph.
func (g *Graph) Reach(names []string) *Graph {
	r := &Graph{from: make(map[string][]Edge)}
	for todo := slices.Clone(names); len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		if _, done := r.from[name]; done || !g.Has(name) {
			continue
		}
		r.from[name] = g.from[name]
		r.Names = append(r.Names, name)
		for _, e := range g.from[name] {
			todo = append(todo, e.To)
		}
	}
	r.finish()
	return r
}
