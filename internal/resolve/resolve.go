// Package resolve finds the modules that a name or an alias stands for.
package resolve

import (
	"gomod/internal/config"
	"gomod/internal/index"
)

// Step is how a module was found: the steps of a look-up, in the order they are tried.
type Step int

const (
	// StepConfigAlias is a line `alias PATTERN MODULE` of the configuration.
	StepConfigAlias Step = iota + 1
	// StepDep is an exact name of modules.dep.bin.
	StepDep
	// StepSymbol is a pattern `symbol:NAME` of modules.symbols.bin.
	StepSymbol
	// StepCommand is a line `install NAME COMMAND` or `remove NAME COMMAND` of the configuration, which makes a module of a name
	// that nothing else knows.
	StepCommand
	// StepAlias is a pattern of modules.alias.bin.
	StepAlias
	// StepBuiltin is an exact name of modules.builtin.bin.
	StepBuiltin
	// StepBuiltinAlias is a pattern of modules.builtin.alias.bin.
	StepBuiltinAlias
	// StepFile is a file that the user named, and no look-up.
	StepFile
	// StepName is a module's name that came from elsewhere, such as /sys/module, and no look-up.
	StepName
)

// Module is one result of a look-up.
type Module struct {
	Name string
	// Path is of the module's file; empty for one that modules.dep.bin does not know, as most of the built-in ones.
	Path string
	// Deps are the files of all modules it needs, the deepest last, as in modules.dep.
	Deps []string
	// Step and Pattern tell what found it. Pattern is the text in the index or in the configuration, equal to the name for exact
	// steps.
	Step    Step
	Pattern string
	// Alias is what options in the configuration may be keyed by besides the name: the pattern of a config alias, else the
	// text that was looked up; "" for a module that was found by its name. Only what has one is subject to the blacklist.
	Alias string
	// Where is the line of configuration that found it, of StepConfigAlias and StepCommand.
	Where config.Where
}

// MarkedBuiltin tells that an index of built-in modules found it; Tree.Builtin knows of the others.
func (m *Module) MarkedBuiltin() bool { return m.Step == StepBuiltin || m.Step == StepBuiltinAlias }

// Tree is one kernel release's module folder, such as /lib/modules/6.1.0-9-amd64. An index that is missing or damaged holds nothing.
type Tree struct {
	dir    string
	config *config.Config
	// indexes has nil for one that cannot be read.
	indexes map[string]*index.Index
	// inOrder is that of C kmod where it could map all indexes beforehand; else values of one priority come reversed.
	inOrder bool
	// damaged are the indexes whose damage is among the problems, or was.
	damaged  map[string]bool
	problems []error
}

// NewTree touches no file: each index is opened when a step needs it. Look-ups do without the steps of the configuration.
func NewTree(dir string) *Tree { return &Tree{dir: dir, indexes: make(map[string]*index.Index)} }

// Configure makes look-ups use the aliases and commands of a configuration too.
func (t *Tree) Configure(c *config.Config) { t.config = c }

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
