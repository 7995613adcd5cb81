// Package resolve finds the modules that a name or an alias stands for.
package resolve

import (
	"gomod/internal/index"
)

// Step is how a module was found: the steps of a look-up, in the order they are tried.
type Step int

const (
	// StepDep is an exact name of modules.dep.bin.
	StepDep Step = iota + 1
	// StepSymbol is a pattern `symbol:NAME` of modules.symbols.bin.
	StepSymbol
	// StepAlias is a pattern of modules.alias.bin.
	StepAlias
	// StepBuiltin is an exact name of modules.builtin.bin.
	StepBuiltin
	// StepBuiltinAlias is a pattern of modules.builtin.alias.bin.
	StepBuiltinAlias
)

// Module is one result of a look-up.
type Module struct {
	Name string
	// Path is of the module's file; empty for one that modules.dep.bin does not know, as most of the built-in ones.
	Path string
	// Deps are the files of all modules it needs, the deepest last, as in modules.dep.
	Deps []string
	// Step and Pattern tell what found it. Pattern is the text in the index, equal to the name for exact steps.
	Step    Step
	Pattern string
}

// Tree is one kernel release's module folder, such as /lib/modules/6.1.0-9-amd64. An index that is missing or damaged holds nothing.
type Tree struct {
	dir     string
	indexes map[string]*index.Index
}

// NewTree touches no file: each index is opened when a step needs it.
func NewTree(dir string) *Tree { return &Tree{dir: dir, indexes: make(map[string]*index.Index)} }

// Dir is the folder.
func (t *Tree) Dir() string { return t.dir }

// Close releases the indexes.
func (t *Tree) Close() {
	for _, x := range t.indexes {
		if x != nil {
			x.Close()
		}
	}
}
