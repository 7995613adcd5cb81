// Package deptree is who needs whom: the dependencies of the loaded modules, or of all that a tree has.
package deptree

import (
	"slices"

	"gomod/internal/config"
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

// Loaded has the modules that the kernel has loaded, with the hard dependencies that it tells of, and those soft and weak ones whose other
// module is loaded too. The error is that of /proc/modules, or a *SizeError.
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
			b.add(Edge{user, modules[i].Name, Hard})
		}
	}
	return b.graph()
}

// All has the modules of a tree. modules.dep lists all that a module needs in any way; of these the hard dependencies here are those that no
// other of them needs.
// The error is a *SizeError.
func All(tree *resolve.Tree, c *config.Config) (*Graph, error) {
	b := newBuilder(tree, c)
	all := newClosure(tree)
	indirect := all.bits()
	for _, module := range all.modules {
		from := all.names[module]
		b.edges[from] = nil
		for _, to := range all.direct(module, indirect) {
			b.add(Edge{from, to, Hard})
		}
	}
	return b.graph()
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
