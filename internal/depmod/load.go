package depmod

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"gomod/internal/elfinfo"
	"gomod/internal/kofile"
)

// load reads all modules, several at a time. Each writes only to its own place, so that nothing depends on who comes first.
func (r *run) load() {
	var done atomic.Int64
	var progress, large sync.Mutex
	r.parallel(len(r.modules), func() func(i int) {
		reader := reader{run: r, large: &large, names: newNames()}
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
	// large is held by the one worker whose module has more than its share.
	large *sync.Mutex
	names *names
	needs []int32
}

// read gives what a module says. Parts that cannot be read are left out.
func (r *reader) read(path string) (c contents) {
	file, image, err := r.open(path, r.share())
	if large := (*kofile.LimitError)(nil); errors.As(err, &large) && r.share() != r.SizeLimit {
		r.large.Lock()
		defer r.large.Unlock()
		file, image, err = r.open(path, r.SizeLimit)
	}
	if err != nil {
		c.err = err
		return c
	}
	defer file.Close()
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

const (
	// memory is what the decompressed modules of all workers may have together, but for one that is larger than its share.
	memory = 128 << 20
	// leastShare is what each has with many workers: a kernel has a handful of larger modules, and most have a hundredth of it.
	leastShare = 4 << 20
)

// share is the most bytes that a compressed module may have beside others.
func (r *reader) share() int64 {
	share := int64(max(memory/r.Workers, leastShare))
	if r.SizeLimit > 0 {
		share = min(share, r.SizeLimit)
	}
	return share
}

// open opens a module, and decompresses it up to so many bytes. Xz and zstd say beforehand how many it has.
func (r *reader) open(path string, most int64) (*kofile.File, *kofile.Image, error) {
	r.opener.Limit = r.SizeLimit
	file, err := r.opener.Open(path)
	if err != nil {
		return nil, nil, err
	}
	if file.Compression() != kofile.None {
		r.opener.Limit = most
	}
	image, err := file.Image()
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	return file, image, nil
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
