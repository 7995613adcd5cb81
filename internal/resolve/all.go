package resolve

import (
	"iter"

	"gomod/internal/index"
)

// Modules are all modules that have a file, by name. Of a damaged index come those before the damage.
func (t *Tree) Modules() iter.Seq[Module] {
	return func(yield func(Module) bool) {
		t.each(depIndex, func(key []byte, values []index.Value) bool {
			for _, value := range values {
				if module, ok := t.ofLine(string(key), value.Text); ok {
					module.Step, module.Pattern = StepName, module.Name
					return yield(module)
				}
			}
			return true
		})
	}
}

// Builtins are the names of all modules that are part of the kernel.
func (t *Tree) Builtins() iter.Seq[string] {
	return func(yield func(string) bool) {
		t.each(builtinIndex, func(key []byte, _ []index.Value) bool { return yield(string(key)) })
	}
}

// Aliases goes through modules.alias.bin and modules.symbols.bin, as `modprobe -c` shows them. Of a damaged one comes what
// stands before the damage.
func (t *Tree) Aliases(yield func(pattern []byte, module string) bool) {
	for _, file := range [...]string{aliasIndex, symbolsIndex} {
		more := true
		t.each(file, func(key []byte, values []index.Value) bool {
			for _, value := range values {
				if more = yield(key, value.Text); !more {
					return false
				}
			}
			return true
		})
		if !more {
			return
		}
	}
}

// each goes through an index; its damage is a problem.
func (t *Tree) each(file string, use func(key []byte, values []index.Value) bool) {
	x := t.open(file)
	if x == nil {
		return
	}
	if err := x.All(use); err != nil {
		t.problem(file, err)
	}
}
