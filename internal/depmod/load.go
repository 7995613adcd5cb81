package depmod

import (
	"sync"
	"sync/atomic"

	"gomod/internal/elfinfo"
	"gomod/internal/kofile"
)

// load reads all modules, several at a time. Each writes only to its own place, so that nothing depends on who comes first.
func (r *run) load() {
	var done atomic.Int64
	var progress sync.Mutex
	r.parallel(len(r.modules), func() func(i int) {
		opener := kofile.Opener{Limit: r.SizeLimit}
		return func(i int) {
			m := r.modules[i]
			m.contents = r.read(&opener, m.path)
			finished := done.Add(1)
			if r.Progress != nil && progress.TryLock() {
				r.Progress(int(finished), len(r.modules))
				progress.Unlock()
			}
		}
	})
	if r.Progress != nil {
		r.Progress(len(r.modules), len(r.modules))
	}
}

// read gives what a module says. Parts that cannot be read are left out.
func (r *run) read(opener *kofile.Opener, path string) (c contents) {
	file, err := opener.Open(path)
	if err != nil {
		c.err = err
		return c
	}
	defer file.Close()
	image, err := file.Image()
	if err != nil {
		c.err = err
		return c
	}
	elf, err := elfinfo.Parse(image)
	if err != nil {
		c.err = err
		return c
	}
	if r.compareVersions() {
		c.exports, c.err = elf.Exports()
	} else {
		c.exports, c.err = elf.ExportNames()
	}
	c.needs, _ = elf.Needs()
	fields, _ := elf.Modinfo()
	c.keep(fields)
	return c
}

// compareVersions tells whether checksums count.
func (r *run) compareVersions() bool { return r.CheckSymbols && r.Symvers != "" }

// keep takes what depmod writes down from a module's .modinfo.
func (c *contents) keep(fields []elfinfo.Field) {
	for _, f := range fields {
		switch f.Key {
		case "alias":
			c.aliases = append(c.aliases, f.Value)
		case "softdep":
			c.softdeps = append(c.softdeps, f.Value)
		case "weakdep":
			c.weakdeps = append(c.weakdeps, f.Value)
		}
	}
}
