package index

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// A reference is the offset of a node and the parts that the node has, which follow one another in this order:
//
//	prefix    bytes NUL
//	children  first byte, last byte, a reference for each byte from the first to the last; 0 is none
//	values    count, then count times: priority, bytes NUL
//
// Numbers have 32 bits, the most significant byte first.
const (
	hasPrefix   = 0x80000000
	hasValues   = 0x40000000
	hasChildren = 0x20000000
	offsetMask  = 0x0fffffff
)

// node is a reference taken apart. at 0 is no node.
type node struct {
	at    int
	parts uint32
}

// node reads the reference at an offset that is known to be in the file.
func (x *Index) node(referenceAt int) (node, error) {
	reference := binary.BigEndian.Uint32(x.data[referenceAt:])
	at := int(reference & offsetMask)
	if at == 0 {
		return node{}, nil
	}
	if at < headerSize || at > len(x.data) {
		return node{}, x.corrupt(referenceAt, "reference to a node outside of the file", uint64(reference))
	}
	return node{at, reference &^ offsetMask}, nil
}

// prefix gives the bytes up to the NUL, and where the next part begins.
func (x *Index) prefix(at int) (prefix []byte, behind int, err error) {
	length := bytes.IndexByte(x.data[at:], 0)
	if length < 0 {
		return nil, 0, x.corrupt(at, "text without an end", uint64(len(x.data)-at))
	}
	return x.data[at : at+length], at + length + 1, nil
}

// children is the table of a node's children.
type children struct {
	first byte
	// count of references, from at on.
	count, at int
}

// behind is where the next part begins.
func (c children) behind() int { return c.at + 4*c.count }

func (x *Index) children(at int) (children, error) {
	if at+2 > len(x.data) {
		return children{}, x.corrupt(at, "children beyond the end of the file", uint64(len(x.data)))
	}
	first, last := x.data[at], x.data[at+1]
	table := children{first, int(last) - int(first) + 1, at + 2}
	if first == 0 || first > last || last > 127 {
		return children{}, x.corrupt(at, "range of children", uint64(first)<<8|uint64(last))
	}
	if table.behind() > len(x.data) {
		return children{}, x.corrupt(at, "children beyond the end of the file", uint64(len(x.data)))
	}
	return table, nil
}

// child gives the node for the byte, if there is one.
func (x *Index) child(table children, b byte) (node, error) {
	i := int(b) - int(table.first)
	if i < 0 || i >= table.count {
		return node{}, nil
	}
	return x.node(table.at + 4*i)
}

// Value is one of a key's values.
type Value struct {
	Text string
	// Priority is the place of the module in depmod's order: the lower, the earlier.
	Priority uint32
}

// count gives the number of values at an offset, which have room in the file, and where the first is.
func (x *Index) count(at int) (count, first int, err error) {
	const least = len("ppppN")
	if at+4 > len(x.data) {
		return 0, 0, x.corrupt(at, "values beyond the end of the file", uint64(len(x.data)))
	}
	claimed := binary.BigEndian.Uint32(x.data[at:])
	if first = at + 4; uint64(claimed) > uint64(len(x.data)-first)/uint64(least) {
		return 0, 0, x.corrupt(at, "count of values", uint64(claimed))
	}
	return int(claimed), first, nil
}

// value reads one, and gives where the next is. text keeps the bytes, which are gone when the index is closed.
func (x *Index) value(at int, text func([]byte) string) (value Value, behind int, err error) {
	if at+4 > len(x.data) {
		return Value{}, 0, x.corrupt(at, "values beyond the end of the file", uint64(len(x.data)))
	}
	bytes, behind, err := x.prefix(at + 4)
	if err != nil {
		return Value{}, 0, err
	}
	return Value{text(bytes), binary.BigEndian.Uint32(x.data[at:])}, behind, nil
}

func copied(text []byte) string { return string(text) }

// values appends all that a node has to dst, in the order in which they count, and gives the offset behind them.
func (x *Index) values(dst []Value, at int, text func([]byte) string) (all []Value, behind int, err error) {
	count, at, err := x.count(at)
	if err != nil {
		return nil, 0, err
	}
	own := len(dst)
	for range count {
		var value Value
		if value, at, err = x.value(at, text); err != nil {
			return nil, 0, err
		}
		dst = append(dst, value)
	}
	if x.reverseTies {
		slices.Reverse(dst[own:])
		slices.SortStableFunc(dst[own:], func(a, b Value) int { return cmp.Compare(a.Priority, b.Priority) })
	}
	return dst, at, nil
}
