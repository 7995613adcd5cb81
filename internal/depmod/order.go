package depmod

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

const (
	moduleBuckets = 512
	// unlisted is the sortKey of a module that modules.order does not have. Those it has get negative ones.
	unlisted = 1
)

// arrange sorts the modules into the order of C kmod: those that modules.order lists in its order, then the others by bucket
// and name.
func (r *run) arrange() error {
	if len(r.modules) > maxModules {
		return ErrTooMany
	}
	sortByBucket(r.modules, moduleBuckets, func(m *module) string { return m.name })
	path := r.Dir + "/modules.order"
	data, err := readInput(path, orderLimit)
	if err != nil {
		r.Report(Event{Kind: NoOrder, Path: r.Dir, Err: err})
		return nil
	}
	if line := r.readOrder(data); line > 0 {
		r.Report(Event{Kind: BadOrder, Path: path, Number: line})
		return nil
	}
	slices.SortStableFunc(r.modules, func(a, b *module) int { return cmp.Compare(a.sortKey, b.sortKey) })
	return nil
}

// sortByBucket sorts as C kmod's hash tables do: by bucket, and by name within one.
func sortByBucket[T any](list []T, buckets uint32, name func(T) string) {
	type keyed struct {
		bucket uint32
		name   string
		item   T
	}
	all := make([]keyed, len(list))
	for i, item := range list {
		text := name(item)
		all[i] = keyed{hash(text) % buckets, text, item}
	}
	slices.SortFunc(all, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.bucket, b.bucket), strings.Compare(a.name, b.name))
	})
	for i := range all {
		list[i] = all[i].item
	}
}

// maxLine is how many bytes of a line C kmod reads at once, without its newline.
const maxLine = 4094

// readOrder reads modules.order, lines such as
//
//	kernel/fs/ext4/ext4.ko
//
// and gives the number of a line that is too long or has a NUL in it, or 0. The last line needs no newline.
func (r *run) readOrder(data []byte) (badLine int) {
	byPath := make(map[string]*module, len(r.modules))
	for _, m := range r.modules {
		byPath[m.listedAs()] = m
	}
	key := -len(r.modules)
	for number := 1; len(data) > 0; number++ {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte{'\n'})
		if len(line) > maxLine || bytes.IndexByte(line, 0) >= 0 {
			return number
		}
		if m := byPath[string(line)]; m != nil && m.sortKey == unlisted {
			m.sortKey = key
			key++
		}
	}
	return 0
}
