package index

import "errors"

// errStop ends a walk that its caller has seen enough of.
var errStop = errors.New("index: stopped")

// All calls yield for each key in ascending order of bytes, with its values, until yield returns false. The slice is only
// valid during the call. Errors are as in Lookup; what stands before the damage has been yielded by then.
func (x *Index) All(yield func(key string, values []Value) bool) error {
	err := x.guarded(func() error {
		root, err := x.node(rootAt)
		if err != nil || root.at == 0 {
			return err
		}
		d := dump{walk: walk{Index: x, budget: int64(len(x.data))}, yield: yield}
		return d.subtree(root)
	})
	if err == errStop {
		return nil
	}
	return err
}

type dump struct {
	walk
	yield  func(key string, values []Value) bool
	values []Value
}

// subtree yields a node before its children.
func (d *dump) subtree(n node) error {
	table, at, err := d.into(n)
	if err != nil {
		return err
	}
	if n.parts&hasValues != 0 {
		values, behind, err := d.Index.values(d.values[:0], at)
		if err != nil {
			return err
		}
		if err := d.spend(at, behind-at); err != nil {
			return err
		}
		d.values = values
		if len(values) > 0 && !d.yield(string(d.key), values) {
			return errStop
		}
	}
	return d.each(table, d.subtree)
}
