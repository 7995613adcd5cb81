package resolve

import (
	"strings"

	"gomod/internal/index"
)

// Names gives the names of all modules that have a file, in the order of bytes, of which only those that begin with a prefix.
func (t *Tree) Names(prefix string) []string {
	x := t.open(depIndex)
	if x == nil {
		return nil
	}
	var names []string
	// Where the index is damaged, what stands before the damage is what can be known.
	_ = x.All(func(name []byte, _ []index.Value) bool {
		if name := string(name); strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
		return true
	})
	return names
}
