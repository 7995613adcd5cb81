package kmod

import (
	"gomod/internal/config"
	"gomod/internal/resolve"
)

// mostRemovals is how many removals soft dependencies and holders may lead to for one operand. Two for each module make a million of twenty
// modules, for in a dry run, by a remove command, or where it is in use, a module is there still when its turn comes again. C kmod goes on.
const mostRemovals = 20_000

// foresee tells whether a removal would end in good time if the kernel stayed as it is.
func (r *Runner) foresee(module resolve.Module, request RemoveRequest) bool {
	removal := r.removal(&module, request)
	if len(removal.Pre)+len(removal.Post) > 0 || request.Holders {
		f := foresight{r, make(map[removalKey]bool)}
		f.count(&module, request)
	}
	return !r.tooMany()
}

func (r *Runner) tooMany() bool { return r.foreseen > mostRemovals || r.exhausted() }

// plannedKey tells removals apart of which each has a plan of its own.
type plannedKey struct {
	nodeKey
	step  resolve.Step
	where config.Where
}

func (r *Runner) removal(module *resolve.Module, request RemoveRequest) *Removal {
	key := plannedKey{keyOf(module), module.Step, module.Where}
	removal := r.removals[key]
	if removal == nil {
		removal = r.Removal(*module, request)
		r.removals[key] = removal
	}
	return removal
}

// foresight goes the way of Runner.remove, and removes nothing.
type foresight struct {
	*Runner
	inside map[removalKey]bool
}

func (f *foresight) count(module *resolve.Module, request RemoveRequest) {
	f.foreseen++
	key := removalKey{keyOf(module), request.Holders}
	if f.inside[key] || f.tooMany() {
		return
	}
	f.inside[key] = true
	defer delete(f.inside, key)
	removal := f.removal(module, request)
	if removal.Command == nil && !request.Depends && !f.there(module) {
		return
	}
	f.countAll(removal.Post, request)
	if request.Holders {
		f.countHolders(module.Name, request)
	}
	f.countAll(removal.Pre, request)
}

func (f *foresight) there(module *resolve.Module) bool {
	if module.MarkedBuiltin() || f.Tree.Builtin(module.Name) {
		return false
	}
	_, err := f.Sysfs.InitState(module.Name)
	return err == nil
}

func (f *foresight) countAll(modules []*resolve.Module, request RemoveRequest) {
	request.Holders = false
	for _, module := range modules {
		if f.tooMany() {
			return
		}
		f.count(module, request)
	}
}

func (f *foresight) countHolders(name string, request RemoveRequest) {
	request.Holders = false
	holders, _ := f.Sysfs.Holders(name) // what is wrong there is told when they are removed
	for _, holder := range holders {
		module := f.Tree.Named(holder)
		f.count(&module, request)
	}
}
