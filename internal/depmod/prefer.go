package depmod

import (
	"cmp"
	"strings"

	"gomod/internal/config"
	"gomod/internal/modname"
)

// preferences say which of several modules of one name is taken.
type preferences struct {
	run *run
	// overrides are paths below the module folder without the suffix; the last counts first.
	overrides []string
	// folders are paths with a slash at the end, those of external folders absolute.
	folders []preferred
	// builtIn is the priority of what lies in none of the folders.
	builtIn   int
	externals []string
}

type preferred struct {
	prefix   string
	external bool
	priority int
}

func (r *run) preferences() *preferences {
	p := &preferences{run: r, builtIn: -1}
	for _, o := range r.config.Overrides {
		if r.applies(o.Release) {
			p.overrides = append(p.overrides, o.Folder+"/"+o.Module)
		} else {
			r.Report(Event{Kind: OverrideMismatch, Path: o.File, Number: o.Line, Name: o.Release})
		}
	}
	for _, e := range r.config.Externals {
		if r.applies(e.Release) {
			p.externals = append(p.externals, e.Folder)
		} else {
			r.Report(Event{Kind: ExternalMismatch, Path: e.File, Number: e.Line, Name: e.Release})
		}
	}
	search := r.config.Search
	if len(search) == 0 {
		search = []string{"updates"}
	}
	p.number(distinct(search))
	return p
}

// distinct leaves out the words of a search list that it has before: of a folder the first counts.
func distinct(search []string) []string {
	var list []string
	seen := make(map[string]bool)
	for _, word := range search {
		if !seen[word] {
			seen[word] = true
			list = append(list, word)
		}
	}
	return list
}

// number gives the last of the search list priority 0, the one before 1, and so on; each external folder has one of its own.
func (p *preferences) number(search []string) {
	priority := 0
	for i := range search {
		folder := search[len(search)-1-i]
		switch folder {
		case config.SearchBuiltIn:
			p.builtIn = priority
			priority++
		case config.SearchExternal:
			for j := range p.externals {
				external := p.externals[len(p.externals)-1-j]
				p.folders = append(p.folders, preferred{external + "/", true, priority})
				priority++
			}
		default:
			p.folders = append(p.folders, preferred{folder + "/", false, priority})
			priority++
		}
	}
}

// candidate is a module with what speaks for it.
type candidate struct {
	module *module
	// override is the place of the line that asks for it; -1 for none.
	override int
	priority int
	// walk is 0 for the module folder, and counts external folders in the order in which they are read.
	walk int
}

func (p *preferences) candidate(path string) *candidate {
	m := p.run.module(path)
	c := &candidate{module: m, override: -1, priority: p.builtIn}
	bare := modname.TrimSuffix(m.relative)
	for i, wanted := range p.overrides {
		if bare == wanted {
			c.override = i
		}
	}
	listed := false
	for _, f := range p.folders {
		text := m.relative
		if f.external {
			text = m.path
		}
		if strings.HasPrefix(text, f.prefix) && (!listed || f.priority > c.priority) {
			c.priority, listed = f.priority, true
		}
	}
	return c
}

// compare tells whether c is to be taken, not its rival, and whether the order of their paths alone decides.
func (c *candidate) compare(rival *candidate) (better, tie bool) {
	by := cmp.Or(cmp.Compare(c.override, rival.override), cmp.Compare(c.priority, rival.priority), cmp.Compare(rival.walk, c.walk))
	if by != 0 {
		return by > 0, false
	}
	return c.module.path < rival.module.path, true
}
