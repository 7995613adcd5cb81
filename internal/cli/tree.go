package cli

import (
	"errors"
	"os"
	"strconv"
	"strings"

	"gomod/internal/deptree"
	"gomod/internal/diag"
	"gomod/internal/getopt"
	"gomod/internal/jsontext"
	"gomod/internal/modname"
	"gomod/internal/resolve"
)

// treeOptions is what `gomod tree` was asked for.
type treeOptions struct {
	all, reverse, dot bool
	root, release     string
}

func newTree(s *session) *Tool {
	var options treeOptions
	return withHelp(Tool{
		Use:   "tree [options] [MODULE...]",
		Short: "show which module needs which",
		Long: "gomod tree shows the modules that are loaded, each with those that it uses below it, or only the MODULEs and what is below them. " +
			"Soft dependencies, which modprobe loads before or after a module if it can, and weak ones, which a module may ask for later, are marked. " +
			"What is shown in full elsewhere is marked with '...'.",
		Example: "  gomod tree\n  gomod tree --reverse crc16\n  gomod tree --all --dot ext4 | dot -Tsvg >ext4.svg",
		Options: []getopt.Option{
			getopt.Switch('a', "all", &options.all, "show the modules of the module folder, loaded or not"),
			getopt.Switch('r', "reverse", &options.reverse, "show below each module those that use it"),
			getopt.Switch(0, "dot", &options.dot, "write a graph for Graphviz"),
			s.jsonOption(),
			getopt.Text('d', "dirname", "DIR", &options.root, "use DIR as the root of the file system that holds the modules"),
			getopt.Text('S', "set-version", "RELEASE", &options.release, "use the modules of kernel RELEASE, not of the running one"),
		},
		run: func(operands []string) error { return s.tree(options, operands) },
		complete: func(operands []string, begun string) ([]string, directive) {
			if options.all {
				return s.namesOrFiles(options.root, options.release, begun)
			}
			return s.loadedModules(operands, begun)
		},
	})
}

func (s *session) tree(options treeOptions, operands []string) error {
	dir, err := s.moduleDir(options.root, options.release)
	if err != nil {
		return err
	}
	c := s.reportedConfig(dir)
	tree := resolve.NewTree(dir)
	tree.Configure(c)
	var graph *deptree.Graph
	var size *deptree.SizeError
	if options.all {
		if err := tree.Unindexed(); err != nil {
			if _, err := os.Stat(dir); err != nil {
				return errors.New("there is no folder of modules: " + err.Error())
			}
			cause := diag.NoIndex{Tree: diag.Tree{Dir: dir, Root: options.root}, Err: err}
			return errors.New(unindexed(dir, err) + ": " + indexAdvice(cause))
		}
		graph, err = deptree.All(tree, c)
	} else {
		graph, err = deptree.Loaded(s.Sysfs, tree, c)
	}
	switch {
	case errors.As(err, &size):
		return errors.New("the modules have too many dependencies to be shown: see softdep and weakdep in modprobe.d(5)")
	case err != nil:
		return errors.New("could not get list of modules: " + strerror(err))
	}
	if options.reverse {
		graph = graph.Reversed()
	}
	roots, err := rootsOf(graph, operands, options.all)
	if err != nil {
		return err
	}
	if len(operands) > 0 {
		graph = graph.Reach(roots)
	}
	s.tellTree(graph, roots, options)
	switch {
	case options.dot:
		s.writeDot(graph)
	default:
		p := treePrinter{session: s, graph: graph, shown: make(map[string]bool), lines: s.treeLines()}
		p.printAll(roots)
	}
	return nil
}

// rootsOf are the modules to begin with: the operands, or all that no other needs.
func rootsOf(graph *deptree.Graph, operands []string, all bool) ([]string, error) {
	if len(operands) == 0 {
		return graph.Roots(), nil
	}
	var roots []string
	for _, operand := range operands {
		name := modname.Name(operand)
		switch {
		case graph.Has(name):
			roots = append(roots, name)
		case all:
			return nil, errors.New("there is no module " + operand + " in the module folder: see gomod why " + operand)
		default:
			return nil, errors.New("no module " + operand + " is loaded: see gomod tree --all " + operand + ", or gomod why " + operand)
		}
	}
	return roots, nil
}

// treeSigns are the lines that lead to a module.
type treeSigns struct{ fork, last, pass, blank string }

// treeLines are drawn where the terminal's language has characters for them.
func (s *session) treeLines() treeSigns {
	for _, variable := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToLower(s.getenv(variable)); value != "" {
			if strings.Contains(value, "utf-8") || strings.Contains(value, "utf8") {
				return treeSigns{"├─ ", "└─ ", "│  ", "   "}
			}
			break
		}
	}
	return treeSigns{"|- ", "`- ", "|  ", "   "}
}

type treePrinter struct {
	*session
	graph *deptree.Graph
	// shown are the modules that were printed with all that is below them.
	shown map[string]bool
	lines treeSigns
}

// deepest is how far a tree goes to the right. What is below that comes at the left, as what no root leads to.
const deepest = 100

// printAll prints the trees below the roots, then what no root leads to.
func (p *treePrinter) printAll(roots []string) {
	for _, name := range roots {
		p.print(name, "", "", "", 0)
	}
	for _, name := range p.graph.Names {
		if !p.shown[name] {
			p.print(name, "", "", "", 0)
		}
	}
}

// print prints a module and what is below it. lead stands before the module, indent before what is below.
func (p *treePrinter) print(name, lead, indent, mark string, depth int) {
	edges := p.graph.Of(name)
	if (p.shown[name] || depth == deepest) && len(edges) > 0 {
		p.write(lead, name, mark, " ...\n")
		return
	}
	p.shown[name] = true
	p.write(lead, name, mark, "\n")
	for i, e := range edges {
		sign, next := p.lines.fork, p.lines.pass
		if i == len(edges)-1 {
			sign, next = p.lines.last, p.lines.blank
		}
		p.print(e.To, indent+sign, indent+next, kindMark(e.Kind), depth+1)
	}
}

func kindMark(kind deptree.Kind) string {
	if kind == deptree.Hard {
		return ""
	}
	return " (" + kindName(kind) + ")"
}

// kindName is the word for a kind of dependency, also in JSON.
func kindName(kind deptree.Kind) string {
	switch kind {
	case deptree.SoftPre:
		return "soft, before"
	case deptree.SoftPost:
		return "soft, after"
	case deptree.Weak:
		return "weak"
	}
	return "hard"
}

// writeDot writes the graph in Graphviz's language: hard edges as lines, soft ones dashed, weak ones dotted.
func (s *session) writeDot(graph *deptree.Graph) {
	s.out.WriteString("digraph modules {\n")
	for _, name := range graph.Names {
		s.write("  ", dotName(name), ";\n")
	}
	for _, e := range graph.Edges {
		style := ""
		switch e.Kind {
		case deptree.SoftPre, deptree.SoftPost:
			style = " [style=dashed, label=" + dotName(kindName(e.Kind)) + "]"
		case deptree.Weak:
			style = " [style=dotted, label=weak]"
		}
		s.write("  ", dotName(e.From), " -> ", dotName(e.To), style, ";\n")
	}
	s.out.WriteString("}\n")
}

func dotName(name string) string { return strconv.Quote(name) }

func (s *session) tellTree(graph *deptree.Graph, roots []string, options treeOptions) {
	if !s.json.wanted {
		return
	}
	edges := make([]jsontext.Object, 0, len(graph.Edges))
	for _, e := range graph.Edges {
		edges = append(edges, jsontext.Object{{Name: "from", Value: e.From}, {Name: "to", Value: e.To}, {Name: "dependency", Value: kindName(e.Kind)}})
	}
	of := "loaded"
	if options.all {
		of = "tree"
	}
	s.tell("of", of)
	s.tell("reverse", options.reverse)
	s.tell("roots", roots)
	s.tell("modules", graph.Names)
	s.tell("dependencies", edges)
}
