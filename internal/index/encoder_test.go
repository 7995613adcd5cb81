package index

import (
	"encoding/binary"
	"slices"
)

// entry is what depmod puts into an index.
type entry struct {
	key, value string
	priority   uint32
}

// order is in which order the nodes are written; a reader must not care.
type order int

const (
	preOrder  order = iota // kmod since 34: a node, then its children
	postOrder              // kmod to 33: the root last
)

var orders = map[string]order{"pre-order": preOrder, "post-order": postOrder}

// encode writes an index as depmod does.
func encode(entries []entry, o order) []byte {
	root := &trie{}
	for _, e := range entries {
		root.insert(e.key, Value{e.value, e.priority})
	}
	file := binary.BigEndian.AppendUint32(nil, 0xB007F457)
	file = binary.BigEndian.AppendUint32(file, 0x00020001)
	file = binary.BigEndian.AppendUint32(file, 0)
	var reference uint32
	if o == preOrder {
		file, reference = root.writeFirst(file)
	} else {
		file, reference = root.writeLast(file)
	}
	binary.BigEndian.PutUint32(file[8:], reference)
	return file
}

// trie is a node. A node without prefix, children and values takes no room, and a reference to it has no flags.
type trie struct {
	prefix   string
	values   []Value
	children [128]*trie
}

func (n *trie) insert(key string, value Value) {
	common := 0
	for common < len(key) && common < len(n.prefix) && key[common] == n.prefix[common] {
		common++
	}
	if common < len(n.prefix) {
		tail, differing := *n, n.prefix[common]
		tail.prefix = n.prefix[common+1:]
		*n = trie{prefix: n.prefix[:common]}
		n.children[differing] = &tail
	}
	if key = key[common:]; key == "" {
		at := 0
		for at < len(n.values) && n.values[at].Priority < value.Priority {
			at++
		}
		n.values = slices.Insert(n.values, at, value)
		return
	}
	if n.children[key[0]] == nil {
		n.children[key[0]] = &trie{prefix: key[1:], values: []Value{value}}
		return
	}
	n.children[key[0]].insert(key[1:], value)
}

// parts are the flags of a reference to the node.
func (n *trie) parts() uint32 {
	var parts uint32
	if n.prefix != "" {
		parts |= 0x80000000
	}
	if len(n.values) > 0 {
		parts |= 0x40000000
	}
	if first, _ := n.span(); first < 128 {
		parts |= 0x20000000
	}
	return parts
}

// span gives the first and last byte that has a child; 128 is none.
func (n *trie) span() (first, last int) {
	first = 128
	for b, child := range n.children {
		if child != nil {
			first, last = min(first, b), b
		}
	}
	return first, last
}

// write appends the node itself.
func (n *trie) write(file []byte, references *[128]uint32) []byte {
	if n.prefix != "" {
		file = append(append(file, n.prefix...), 0)
	}
	if first, last := n.span(); first < 128 {
		file = append(file, byte(first), byte(last))
		for b := first; b <= last; b++ {
			file = binary.BigEndian.AppendUint32(file, references[b])
		}
	}
	if len(n.values) > 0 {
		file = binary.BigEndian.AppendUint32(file, uint32(len(n.values)))
	}
	for _, value := range n.values {
		file = binary.BigEndian.AppendUint32(file, value.Priority)
		file = append(append(file, value.Text...), 0)
	}
	return file
}

// writeFirst leaves room for the node, which is filled when the references to its children are known.
func (n *trie) writeFirst(file []byte) ([]byte, uint32) {
	var references [128]uint32
	at := len(file)
	file = n.write(file, &references)
	for b, child := range n.children {
		if child != nil {
			file, references[b] = child.writeFirst(file)
		}
	}
	n.write(file[:at], &references)
	return file, uint32(at) | n.parts()
}

func (n *trie) writeLast(file []byte) ([]byte, uint32) {
	var references [128]uint32
	for b, child := range n.children {
		if child != nil {
			file, references[b] = child.writeLast(file)
		}
	}
	at := len(file)
	return n.write(file, &references), uint32(at) | n.parts()
}
