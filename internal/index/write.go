package index

import "encoding/binary"

const version = major<<16 | 1

// Bytes gives the file, which is the same that depmod of kmod 34 writes: a node, then its children in ascending order of
// bytes, each with all that is below it. The error is ErrTooLarge.
func (b *Builder) Bytes() ([]byte, error) {
	b.sort()
	w := writer{file: make([]byte, 0, b.estimate())}
	w.file = binary.BigEndian.AppendUint32(w.file, magic)
	w.file = binary.BigEndian.AppendUint32(w.file, version)
	w.file = binary.BigEndian.AppendUint32(w.file, 0)
	// The root is the one node that never has a prefix.
	root := w.node(b.entries, 0, 0)
	binary.BigEndian.PutUint32(w.file[rootAt:], root)
	if w.tooLarge {
		return nil, ErrTooLarge
	}
	return w.file, nil
}

// estimate is about the length of the file, in bytes.
func (b *Builder) estimate() int {
	size := headerSize
	for i := range b.entries {
		size += len(b.entries[i].key)/2 + len(b.entries[i].value) + 24
	}
	return size
}

type writer struct {
	file     []byte
	tooLarge bool
}

// node appends the node of some sorted entries, all of which have the first depth bytes of their keys in common, of which the
// first start are told by the nodes above. It gives the reference to the node.
func (w *writer) node(entries []builderEntry, start, depth int) uint32 {
	at := len(w.file)
	if at > offsetMask {
		w.tooLarge = true
		return 0
	}
	reference := uint32(at)
	if depth > start {
		reference |= hasPrefix
		w.file = append(append(w.file, entries[0].key[start:depth]...), 0)
	}
	own := 0
	for own < len(entries) && len(entries[own].key) == depth {
		own++
	}
	below := entries[own:]
	table := len(w.file)
	if len(below) > 0 {
		reference |= hasChildren
		first, last := below[0].key[depth], below[len(below)-1].key[depth]
		w.file = append(w.file, first, last)
		w.file = append(w.file, make([]byte, 4*(int(last)-int(first)+1))...)
	}
	if own > 0 {
		reference |= hasValues
		w.values(entries[:own])
	}
	w.children(below, depth, table)
	return reference
}

func (w *writer) values(entries []builderEntry) {
	w.file = binary.BigEndian.AppendUint32(w.file, uint32(len(entries)))
	for i := range entries {
		w.file = binary.BigEndian.AppendUint32(w.file, entries[i].priority)
		w.file = append(append(w.file, entries[i].value...), 0)
	}
}

// children appends a node for each byte that the keys go on with, and enters it in the table at an offset.
func (w *writer) children(entries []builderEntry, depth, table int) {
	if len(entries) == 0 {
		return
	}
	first := entries[0].key[depth]
	for len(entries) > 0 && !w.tooLarge {
		b := entries[0].key[depth]
		count := 1
		for count < len(entries) && entries[count].key[depth] == b {
			count++
		}
		reference := w.node(entries[:count], depth+1, common(entries[:count], depth+1))
		binary.BigEndian.PutUint32(w.file[table+2+4*int(b-first):], reference)
		entries = entries[count:]
	}
}

// common is the length of what the keys of sorted entries have in common, which is at least from bytes.
func common(entries []builderEntry, from int) int {
	first, last := entries[0].key, entries[len(entries)-1].key
	length := from
	for length < len(first) && length < len(last) && first[length] == last[length] {
		length++
	}
	return length
}
