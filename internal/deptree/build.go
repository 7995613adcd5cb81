package deptree

import (
	"slices"

	"gomod/internal/config"
	"gomod/internal/resolve"
)

// A graph is bounded, for some lines of modprobe.d can make more edges than any machine has memory for. A unit is about as long as it takes to
// compare two names; mostEffort of them are some seconds.
const (
	mostEffort = 1 << 27
	costOfEdge = 1024 // 131,072 edges: a whole kernel has some 4,000
	// costOfLookup is for the search in the indexes, where a name that nothing has may take the longest: 4,096 names. All softdep and weakdep
	// lines of a distribution's kernel have a hundred.
	costOfLookup = 1 << 15
)

// SizeError is a graph that would have too many edges.
type SizeError struct{}

func (*SizeError) Error() string { return "there are too many dependencies" }

// builder collects a graph.
type builder struct {
	tree   *resolve.Tree
	config *config.Config
	edges  map[string][]Edge
	// found are the modules of the graph that the names in softdep and weakdep lines stand for.
	found map[string][]string
	spent int // of mostEffort
}

func newBuilder(tree *resolve.Tree, c *config.Config) *builder {
	return &builder{tree: tree, config: c, edges: make(map[string][]Edge), found: make(map[string][]string)}
}

func (b *builder) add(e Edge) {
	if b.spent += costOfEdge; b.spent <= mostEffort {
		b.edges[e.From] = append(b.edges[e.From], e)
	}
}

// addOptional adds the soft and weak dependencies of a module on others of the graph.
func (b *builder) addOptional(name string) {
	b.spent += len(b.config.Softdeps) + len(b.config.Weakdeps)
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
		if b.spent++; b.spent > mostEffort {
			return
		}
		for _, to := range b.lookup(name) {
			b.add(Edge{from, to, kind})
		}
	}
}

func (b *builder) lookup(name string) []string {
	found, known := b.found[name]
	if known {
		return found
	}
	modules, _ := b.tree.Lookup(name)
	for _, module := range modules {
		if _, there := b.edges[module.Name]; there {
			found = append(found, module.Name)
		}
	}
	b.found[name] = found
	b.spent += costOfLookup + len(b.config.Aliases) + costOfEdge*len(modules)
	return found
}

// graph is that of the modules in edges, with their soft and weak dependencies.
func (b *builder) graph() (*Graph, error) {
	g := &Graph{from: b.edges}
	for name := range b.edges {
		g.Names = append(g.Names, name)
	}
	slices.Sort(g.Names)
	for _, name := range g.Names {
		if b.spent <= mostEffort {
			b.addOptional(name)
		}
	}
	if b.spent > mostEffort {
		return nil, new(SizeError)
	}
	g.finish()
	return g, nil
}
