package depmod

import (
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"gomod/internal/config"
	"gomod/internal/ere"
	"gomod/internal/modname"
)

// find fills r.modules, each name once, in no order that counts.
func (r *run) find() error {
	if len(r.Files) > 0 {
		return r.takeFiles()
	}
	if r.config = new(config.Depmod); r.Config != nil {
		r.config = r.Config()
	}
	p := r.preferences()
	chosen := make(map[string]*candidate)
	walks := 0
	visit := func(_ int, _, path string) bool {
		if !r.fitPath(path) {
			return true
		}
		c := p.candidate(path)
		c.walk = walks
		r.offer(chosen, c)
		return true
	}
	w := walker{skip: r.skips, report: r.Report, file: visit}
	if err := w.walk(r.Dir); err != nil {
		r.Report(Event{Kind: UnopenedFolder, Path: r.Dir, Err: err})
		return &SearchError{r.Dir, err}
	}
	for i := range p.externals {
		// The last configured comes first, as C kmod goes through its list.
		folder := p.externals[len(p.externals)-1-i]
		walks++
		if err := w.walk(folder); err != nil {
			r.Report(Event{Kind: UnopenedFolder, Path: folder, Err: err})
		}
	}
	r.modules = make([]*module, 0, len(chosen))
	for _, c := range chosen {
		r.modules = append(r.modules, c.module)
	}
	return nil
}

// offer keeps the better of two modules that have one name.
func (r *run) offer(chosen map[string]*candidate, c *candidate) {
	rival := chosen[c.module.name]
	if rival == nil {
		chosen[c.module.name] = c
		return
	}
	better, tie := c.compare(rival)
	if tie && r.TellNeeds && c.module.path != rival.module.path {
		first, second := c, rival
		if !better {
			first, second = rival, c
		}
		r.Report(Event{Kind: Tie, Path: first.module.path, Name: second.module.path})
	}
	if better {
		chosen[c.module.name] = c
	}
}

func (r *run) skips(name string) bool {
	return name == "build" || name == "source" || slices.Contains(r.config.Exclude, name)
}

// takeFiles takes what was named on the command line.
func (r *run) takeFiles() error {
	taken := make(map[string]bool)
	for _, path := range r.Files {
		if !strings.HasPrefix(path, "/") {
			return &OperandError{Path: path, Err: ErrNotAbsolute}
		}
		var stat unix.Stat_t
		if err := unix.Stat(path, &stat); err != nil {
			return &OperandError{Path: path, Err: err}
		}
		name, err := modname.FromPath(path)
		if err != nil {
			return &OperandError{Path: path, Err: syscall.ENOENT}
		}
		if taken[name] {
			return &OperandError{Path: path, Name: name, Err: syscall.EEXIST}
		}
		taken[name] = true
		if r.fitPath(path) {
			r.modules = append(r.modules, r.module(path))
		}
	}
	return nil
}

// applies tells whether an override or external line is for the release.
func (r *run) applies(pattern string) bool {
	return pattern == "*" || ere.Match(pattern, r.Release)
}
