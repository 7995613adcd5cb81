package index

import "errors"

// errStop ends a walk that its caller has seen enough of.
var errStop = errors.New("index: stopped")

// All calls yield for each key in ascending order of bytes, with its values, until yield returns false. Both slices are only
// valid during the call. Errors are as in Lookup; what stands before the damage has been yielded by then.
func (x *Index) All(yield func(key []byte, values []Value) bool) error {
	err := x.guarded(func() error {
		root, err := x.node(rootAt)
		if err != nil || root.at == 0 {
			return err
		}
		d := dump{walk: walk{Index: x, budget: int64(len(x.data))}, yield: yield, texts: make(map[string]string)}
		d.visit = d.subtree
		return d.subtree(root)
	})
	if err == errStop {
		return nil
	}
	return err
}

type dump struct {
	walk
	yield  func(key []byte, values []Value) bool
	values []Value
	// texts are the values met so far: in modules.alias.bin a few thousand names stand for tens of thousands of values.
	texts map[string]string
}

func (d *dump) text(value []byte) string {
	text, known := d.texts[string(value)]
	if !known {
		text = string(value)
		d.texts[text] = text
	}
	return text
}

// subtree yields a node before its children.
func (d *dump) subtree(n node) error {
	table, at, err := d.into(n)
	if err != nil {
		return err
	}
	if n.parts&hasValues != 0 {
		values, behind, err := d.Index.values(d.values[:0], at, d.text)
		if err != nil {
			return err
		}
		if err := d.spend(at, behind-at); err != nil {
			return err
		}
		d.values = values
		if len(values) > 0 && !d.yield(d.key, values) {
			return errStop
		}
	}
	return d.each(table)
}
