package deptree

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gomod/internal/config"
	"gomod/internal/index/indextest"
	"gomod/internal/resolve"
)

// folder is a module folder with the modules of a modules.dep, and the lines of a file of modprobe.d.
func folder(t *testing.T, dep, conf string) (*resolve.Tree, *config.Config) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.conf")
	err := errors.Join(os.WriteFile(filepath.Join(dir, "modules.dep"), []byte(dep), 0o644), os.WriteFile(path, []byte(conf), 0o644), indextest.Write(dir))
	if err != nil {
		t.Fatal(err)
	}
	c := config.Load(config.Sources{Paths: []string{path}})
	tree := resolve.NewTree(dir)
	tree.Configure(c)
	t.Cleanup(tree.Close)
	return tree, c
}

// listed is a modules.dep.
func listed(needs map[string][]string) string {
	var text strings.Builder
	for name, needed := range needs {
		text.WriteString(name + ".ko:")
		for _, other := range needed {
			text.WriteString(" " + other + ".ko")
		}
		text.WriteString("\n")
	}
	return text.String()
}

// directly is the rule itself: what is needed, and by nothing else that is.
func directly(needs map[string][]string, name string) (names []string) {
	for _, needed := range needs[name] {
		if !slices.ContainsFunc(needs[name], func(other string) bool { return slices.Contains(needs[other], needed) }) {
			names = append(names, needed)
		}
	}
	return names
}

// TestDirect has any lists, also such as no depmod would write: with circles, gaps, unknown modules and the same one twice. Some are so long that
// they are kept as bits.
func TestDirect(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 0))
		needs := make(map[string][]string)
		modules := 2 + r.IntN(150)
		for i := range modules {
			name := fmt.Sprint("m", i)
			needs[name] = nil
			for range r.IntN(1 + r.IntN(20)) {
				needs[name] = append(needs[name], fmt.Sprint("m", r.IntN(modules+2)))
			}
		}
		graph, err := All(folder(t, listed(needs), ""))
		if err != nil {
			t.Fatal(err)
		}
		for name := range needs {
			var got []string
			for _, e := range graph.Of(name) {
				got = append(got, e.To)
			}
			if want := directly(needs, name); !slices.Equal(got, want) {
				t.Fatalf("seed %d: %s needs %q, not %q", seed, name, got, want)
			}
		}
	}
}

// The graph of a long chain takes its time by the pairs of modules.dep, not by the pairs times their length.
func TestLongChain(t *testing.T) {
	const modules, most = 200, 5
	needs := make(map[string][]string)
	pairs := 0
	for i := range modules {
		name := fmt.Sprint("m", i)
		needs[name] = nil
		for j := i - 1; j >= 0; j-- {
			needs[name] = append(needs[name], fmt.Sprint("m", j))
			pairs++
		}
	}
	tree, c := folder(t, listed(needs), "")
	var graph *Graph
	objects := testing.AllocsPerRun(1, func() { graph, _ = All(tree, c) }) / float64(pairs)
	if graph == nil || len(graph.Edges) != modules-1 {
		t.Fatalf("%+v", graph)
	}
	t.Logf("%.1f objects for each pair", objects)
	if objects > most {
		t.Error("too many")
	}
}

// Names that are aliases of all modules, in the softdep line of each of these, would be 27 million edges.
func TestTooManyEdges(t *testing.T) {
	const modules = 300
	var conf strings.Builder
	needs := make(map[string][]string)
	for i := range modules {
		needs[fmt.Sprint("m", i)] = nil
		fmt.Fprintf(&conf, "alias x* m%d\nsoftdep m%d pre:", i, i)
		for j := range modules {
			fmt.Fprintf(&conf, " x%d", j)
		}
		conf.WriteString("\n")
	}
	tree, c := folder(t, listed(needs), conf.String())
	var size *SizeError
	if graph, err := All(tree, c); !errors.As(err, &size) {
		t.Errorf("%d edges, %v", len(graph.Edges), err)
	}
}

// Names that nothing has are looked up, too, and no more of them than that ends in good time: modules.softdep has room for 600,000.
func TestTooManyNames(t *testing.T) {
	for names, tooMany := range map[int]bool{2000: false, 50_000: true} {
		for _, line := range []string{"softdep h pre:", "softdep h post:", "weakdep h"} {
			var conf strings.Builder
			conf.WriteString(line)
			for i := range names {
				fmt.Fprintf(&conf, " n%d", i)
			}
			tree, c := folder(t, "h.ko:\n", conf.String()+"\n")
			var size *SizeError
			if _, err := All(tree, c); errors.As(err, &size) != tooMany {
				t.Errorf("%s and %d names: %v", line, names, err)
			}
		}
	}
}
