package index

// walk goes through whole subtrees. A damaged file could share nodes or have loops: budget counts down the bytes of the
// nodes gone through, of which a sound file has no more than its size, so that the work is bounded.
type walk struct {
	*Index
	budget int64
	// key is that of the current node.
	key []byte
	// visit is what each calls.
	visit func(node) error
}

// into appends the node's prefix to the key, and reads the table of its children. behind is the offset of its values.
func (w *walk) into(n node) (table children, behind int, err error) {
	at := n.at
	if n.parts&hasPrefix != 0 {
		prefix, behind, err := w.prefix(at)
		if err != nil {
			return table, 0, err
		}
		if len(w.key)+len(prefix) > MaxKey {
			return table, 0, w.corrupt(at, "key is too long", MaxKey)
		}
		w.key = append(w.key, prefix...)
		at = behind
	}
	if n.parts&hasChildren != 0 {
		if table, err = w.children(at); err != nil {
			return table, 0, err
		}
		at = table.behind()
	}
	return table, at, w.spend(n.at, at-n.at)
}

// spend takes from the budget what was read at an offset.
func (w *walk) spend(at, bytes int) error {
	if w.budget -= int64(bytes); w.budget < 0 {
		return w.corrupt(at, "nodes are shared or form a loop", uint64(len(w.data)))
	}
	return nil
}

// each calls visit for each child, with its byte appended to the key.
func (w *walk) each(table children) error {
	length := len(w.key)
	for i := range table.count {
		child, err := w.node(table.at + 4*i)
		if err != nil {
			return err
		}
		if child.at == 0 {
			continue
		}
		if length >= MaxKey {
			return w.corrupt(table.at, "key is too long", MaxKey)
		}
		w.key = append(w.key[:length], table.first+byte(i))
		if err := w.visit(child); err != nil {
			return err
		}
	}
	w.key = w.key[:length]
	return nil
}
