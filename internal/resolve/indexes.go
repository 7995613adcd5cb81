package resolve

import (
	"errors"

	"gomod/internal/config"
	"gomod/internal/index"
)

const (
	depIndex          = "modules.dep.bin"
	aliasIndex        = "modules.alias.bin"
	symbolsIndex      = "modules.symbols.bin"
	builtinAliasIndex = "modules.builtin.alias.bin"
	builtinIndex      = "modules.builtin.bin"
)

// Preload opens all indexes, as C kmod's modprobe does before its first look-up. Only where it can have all but
// modules.builtin.alias.bin do modules of one priority come in the usual order; it stops at the first that it cannot have.
//
// The errors are *index.MagicError and *index.VersionError, of which C kmod tells too, and those of opening for which the system is to blame.
func (t *Tree) Preload() []error {
	var bad []error
	t.inOrder = true
	for _, file := range [...]string{depIndex, aliasIndex, symbolsIndex, builtinAliasIndex, builtinIndex} {
		x, err := index.Open(t.dir + "/" + file)
		t.indexes[file] = x
		if err == nil {
			continue
		}
		var magic *index.MagicError
		var version *index.VersionError
		if errors.As(err, &magic) || errors.As(err, &version) || config.SystemFailed(err) {
			bad = append(bad, err)
		}
		if file != builtinAliasIndex {
			t.reverseAll()
			break
		}
	}
	return bad
}

func (t *Tree) reverseAll() {
	t.inOrder = false
	for _, x := range t.indexes {
		if x != nil {
			x.ReverseTies(true)
		}
	}
}

// open maps an index on its first use; nil when it cannot be read, which is remembered.
func (t *Tree) open(file string) *index.Index {
	x, tried := t.indexes[file]
	if !tried {
		var err error
		if x, err = index.Open(t.dir + "/" + file); config.SystemFailed(err) {
			t.problem(file, err)
		}
		if x != nil {
			x.ReverseTies(!t.inOrder)
		}
		t.indexes[file] = x
	}
	return x
}

func (t *Tree) exact(file, key string) (string, bool) {
	x := t.open(file)
	if x == nil {
		return "", false
	}
	value, found, err := x.Lookup(key)
	if err != nil {
		t.problem(file, err)
		return "", false
	}
	return value, found
}

func (t *Tree) search(file, query string) []index.Match {
	x := t.open(file)
	if x == nil {
		return nil
	}
	matches, err := x.Search(query)
	if err != nil {
		t.problem(file, err)
		return nil
	}
	return matches
}

// problem notes the damage that a look-up met, once for each index.
func (t *Tree) problem(file string, err error) {
	if t.damaged[file] {
		return
	}
	if t.damaged == nil {
		t.damaged = make(map[string]bool)
	}
	t.damaged[file] = true
	t.problems = append(t.problems, err)
}

// Problems are what look-ups found damaged in the indexes since it was asked last, each index once: a step counts as empty then.
func (t *Tree) Problems() []error {
	problems := t.problems
	t.problems = nil
	return problems
}

// Unindexed is why there is no modules.dep.bin that can be read, without which modules are not found; nil if there is one. The errors are
// those of index.Open.
func (t *Tree) Unindexed() error {
	if t.open(depIndex) != nil {
		return nil
	}
	x, err := index.Open(t.dir + "/" + depIndex)
	t.indexes[depIndex] = x
	return err
}
