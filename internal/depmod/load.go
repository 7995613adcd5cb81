package depmod

import (
	"slices"
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
		reader := reader{run: r, opener: kofile.Opener{Limit: r.SizeLimit}, names: newNames()}
		return func(i int) {
			m := r.modules[i]
			m.contents = reader.read(m.path)
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

// reader is what one worker keeps from module to module.
type reader struct {
	*run
	opener kofile.Opener
	names  *names
	needs  []int32
}

// read gives what a module says. Parts that cannot be read are left out.
func (r *reader) read(path string) (c contents) {
	file, err := r.opener.Open(path)
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
	var exports []elfinfo.Symbol
	if r.compareVersions() {
		exports, c.err = elf.Exports()
	} else {
		exports, c.err = elf.ExportNames()
	}
	c.fitExports(exports)
	r.readNeeds(&c, elf)
	fields, err := elf.Modinfo()
	if err != nil && !isNoData(err) {
		c.modinfoErr = err
	}
	c.keep(fields)
	return c
}

func (r *reader) readNeeds(c *contents, elf *elfinfo.File) {
	c.names, r.needs = r.names, r.needs[:0]
	if r.CheckSymbols {
		c.checked, _ = elf.Needs()
		for _, need := range c.checked {
			r.needs = append(r.needs, r.names.number([]byte(need.Name)))
		}
	} else if err := elf.EachNeed(func(name []byte) { r.needs = append(r.needs, r.names.number(name)) }); err != nil {
		return
	}
	c.needs = slices.Clone(r.needs)
}

// compareVersions tells whether checksums count.
func (r *run) compareVersions() bool { return r.CheckSymbols && r.Symvers != "" }

// keep takes what depmod writes down from a module's .modinfo.
func (c *contents) keep(fields []elfinfo.Field) {
	for _, f := range fields {
		var list *[]string
		switch f.Key {
		case "alias":
			list = &c.aliases
		case "softdep":
			list = &c.softdeps
		case "weakdep":
			list = &c.weakdeps
		default:
			continue
		}
		if err := misfitOf(f.Key, f.Value); err != nil {
			c.misfits.add(err)
			continue
		}
		*list = append(*list, f.Value)
	}
}
