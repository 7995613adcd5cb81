package index

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// place is an entry while entries are sorted: they are too large to be moved about.
type place struct {
	word  uint64
	entry int32
}

const wordSize = 8

// sort brings the entries into the order in which a walk through the index meets them. Keys are compared by words of eight bytes:
// aliases have long beginnings in common, which are so looked at once and not by every comparison.
func (b *Builder) sort() {
	if b.sorted {
		return
	}
	places := make([]place, len(b.entries))
	for i := range places {
		places[i].entry = int32(i)
	}
	b.sortFrom(0, places)
	sorted := make([]builderEntry, len(places))
	for i, p := range places {
		sorted[i] = b.entries[p.entry]
	}
	b.entries, b.sorted = sorted, true
}

// sortFrom sorts entries whose keys have their first depth bytes in common.
func (b *Builder) sortFrom(depth int, places []place) {
	for i := range places {
		places[i].word = wordAt(b.entries[places[i].entry].key, depth)
	}
	slices.SortFunc(places, func(x, y place) int { return cmp.Compare(x.word, y.word) })
	for len(places) > 1 {
		same := 1
		for same < len(places) && places[same].word == places[0].word {
			same++
		}
		switch ended := byte(places[0].word) == 0; {
		case same == 1:
		case ended:
			slices.SortFunc(places[:same], b.compareEqual)
		default:
			b.sortFrom(depth+wordSize, places[:same])
		}
		places = places[same:]
	}
}

// compareEqual orders entries of one key.
func (b *Builder) compareEqual(x, y place) int {
	one, other := &b.entries[x.entry], &b.entries[y.entry]
	return cmp.Or(cmp.Compare(one.priority, other.priority), cmp.Compare(other.added, one.added))
}

// wordAt is the next bytes of a key, in an order that compares like they do. Keys have no NUL, which so stands for their end.
func wordAt(key string, depth int) uint64 {
	if len(key)-depth >= wordSize {
		return binary.BigEndian.Uint64([]byte(key[depth : depth+wordSize]))
	}
	word := uint64(0)
	for i := range wordSize {
		word <<= 8
		if depth+i < len(key) {
			word |= uint64(key[depth+i])
		}
	}
	return word
}
