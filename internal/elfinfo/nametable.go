package elfinfo

import "hash/maphash"

// nameTable finds the first of some needs by name. A map does the same, but makes Needs take half as long again, and depmod calls
// it for every module. The seed is random, so no file can choose names that all meet.
type nameTable struct {
	seed  maphash.Seed
	needs []Need
	slots []int32 // index into needs plus one, 0 if free; the length is a power of two, at least twice that of needs
}

func newNameTable(needs []Need) *nameTable {
	size := 4
	for size < 2*len(needs) {
		size *= 2
	}
	return &nameTable{maphash.MakeSeed(), needs, make([]int32, size)}
}

// insert adds needs[i], unless one of that name is there already.
func (t *nameTable) insert(i int) (inserted bool) {
	name := t.needs[i].Name
	mask := uint64(len(t.slots) - 1)
	for at := maphash.String(t.seed, name); ; at++ {
		slot := &t.slots[at&mask]
		if *slot == 0 {
			*slot = int32(i + 1)
			return true
		}
		if t.needs[*slot-1].Name == name {
			return false
		}
	}
}

// find gives the index of the first need of this name, or -1.
func (t *nameTable) find(name []byte) int {
	mask := uint64(len(t.slots) - 1)
	for at := maphash.Bytes(t.seed, name); ; at++ {
		i := int(t.slots[at&mask]) - 1
		if i < 0 || t.needs[i].Name == string(name) {
			return i
		}
	}
}
