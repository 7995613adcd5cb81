package kmod

import (
	"errors"
	"slices"
	"syscall"

	"gomod/internal/kernel"
	"gomod/internal/resolve"
)

// RemovalStep is one thing done on the way to remove modules.
type RemovalStep struct {
	// Name is the module's.
	Name string
	// Command is the shell command that runs in its place; "" to remove the module.
	Command string
}

// Remove removes a module with its soft dependencies and what nobody uses then. Each failure was told to NotRemoved; the error
// is that of the module itself: a *RemovalError, *CommandError, *WritableError or *kernel.UnloadError; or an *EffortError, before anything was
// removed.
func (r *Runner) Remove(module resolve.Module, request RemoveRequest) error {
	r.removing, r.removals, r.counts = make(map[removalKey]bool), make(map[plannedKey]*Removal), make(map[string]refcount)
	if !r.foresee(module, request) {
		return r.notRemoved(&EffortError{module.Name})
	}
	return r.remove(module, request, true)
}

// Stopped tells that NotRemoved asked for nothing more to be done.
func (r *Runner) Stopped() bool { return r.stopped }

// removalKey tells removals apart of which one inside the other is a cycle. C kmod has no end there.
type removalKey struct {
	nodeKey
	holders bool
}

// remove is Remove for a module that is wanted gone, or for one around it.
func (r *Runner) remove(module resolve.Module, request RemoveRequest, wanted bool) error {
	key := removalKey{nodeKey{module.Name, module.Alias}, request.Holders}
	if r.removing[key] {
		return nil
	}
	r.removing[key] = true
	defer delete(r.removing, key)
	removal := r.removal(&module, request)
	for _, problem := range removal.Problems {
		r.Problem(problem)
	}
	checked := removal.Command == nil && !request.Depends
	if checked {
		if there, err := r.removable(module, request, wanted); !there {
			return err
		}
	}
	if err := r.removeBefore(removal, request); err != nil {
		return err
	}
	if checked && request.Wait == 0 && r.used(module.Name) {
		return r.notRemoved(&RemovalError{Name: module.Name, Obstacle: InUse})
	}
	if err := r.removeItself(removal, request); err != nil {
		return err
	}
	if removal.Command == nil {
		r.removeDeps(depsOf(&module), request)
	}
	r.removeAll(removal.Pre, request)
	return nil
}

// removable tells whether there is something to remove; where there is not, that may be an error.
func (r *Runner) removable(module resolve.Module, request RemoveRequest, wanted bool) (bool, error) {
	if module.MarkedBuiltin() || r.Tree.Builtin(module.Name) {
		if wanted {
			return false, r.notRemoved(&RemovalError{Name: module.Name, Obstacle: Builtin})
		}
		return false, nil
	}
	_, err := r.Sysfs.InitState(module.Name)
	if err == nil {
		return true, nil
	}
	if !errors.Is(err, syscall.ENOENT) {
		r.Problem(err)
	}
	return false, r.notThere(module.Name, request)
}

func (r *Runner) notThere(name string, request RemoveRequest) error {
	if request.FirstTime {
		return r.notRemoved(&RemovalError{Name: name, Obstacle: NotLoaded})
	}
	return nil
}

// removeBefore removes what has to go before the module: soft dependencies, whose failures do not matter, and holders.
func (r *Runner) removeBefore(removal *Removal, request RemoveRequest) error {
	r.removeAll(removal.Post, request)
	if r.stopped {
		return errStopped
	}
	if !request.Holders {
		return nil
	}
	holders, err := r.Sysfs.Holders(removal.Module.Name)
	if err != nil {
		r.Problem(err)
	}
	// As C kmod does, it goes no deeper than the direct holders.
	request.Holders = false
	for _, holder := range slices.Backward(holders) {
		if err := r.remove(r.Tree.Named(holder), request, false); err != nil {
			return err
		}
	}
	return nil
}

// errStopped ends everything after NotRemoved has asked for that.
var errStopped = errors.New("stopped")

// removeAll removes soft dependencies, the last first.
func (r *Runner) removeAll(modules []*resolve.Module, request RemoveRequest) {
	request.Holders = false
	for _, soft := range slices.Backward(modules) {
		if r.stopped {
			return
		}
		module := *soft
		module.Deps = r.needs(soft)
		r.remove(module, request, false)
	}
}

func (r *Runner) removeItself(removal *Removal, request RemoveRequest) error {
	name := removal.Module.Name
	if removal.Command == nil {
		err := r.unload(name, request)
		if errors.Is(err, syscall.EEXIST) {
			return r.notThere(name, request)
		}
		return err
	}
	r.TakingAway(RemovalStep{Name: name, Command: substitute(removal.Command.Command, "")})
	if err := r.runCommand("remove", removal.Module, *removal.Command, ""); err != nil {
		return r.notRemoved(err)
	}
	return nil
}

// unload takes one module out of the kernel.
func (r *Runner) unload(name string, request RemoveRequest) error {
	r.TakingAway(RemovalStep{Name: name})
	if r.DryRun {
		return nil
	}
	if err := r.unloadWaiting(name, request.Wait); err != nil {
		return r.notRemoved(err)
	}
	return nil
}

// removeDeps removes what the module needed. One pass from the deepest on, as in C kmod, leaves those that only others of them
// used; a second one from the other end takes those too.
func (r *Runner) removeDeps(deps []string, request RemoveRequest) {
	gone := make(map[string]bool)
	for _, dep := range deps {
		if r.unused(dep) && !r.stopped {
			r.unload(dep, request)
			gone[dep] = true
		}
	}
	if !request.Unused {
		return
	}
	for _, dep := range slices.Backward(deps) {
		if gone[dep] || r.stopped || !r.unused(dep) {
			continue
		}
		r.TakingAway(RemovalStep{Name: dep})
		if !r.DryRun {
			kernel.Remove(r.Kernel, dep, false)
		}
	}
}

// used tells whether a module's reference count keeps it in the kernel.
func (r *Runner) used(name string) bool {
	refcnt := r.refcnt(name)
	return refcnt.known && refcnt.count > 0
}

// unused tells whether a module is loaded and nobody uses it.
func (r *Runner) unused(name string) bool {
	refcnt := r.refcnt(name)
	return refcnt.known && refcnt.count == 0
}

type refcount struct {
	count int
	known bool
}

// refcnt asks only once where nothing is done that could change the answer, as inKernel does.
func (r *Runner) refcnt(name string) refcount {
	if answer, asked := r.counts[name]; asked {
		return answer
	}
	count, err := r.Sysfs.Refcnt(name)
	answer := refcount{count, err == nil}
	if err != nil && !errors.Is(err, syscall.ENOENT) {
		r.Problem(err)
		return answer
	}
	if r.DryRun {
		r.counts[name] = answer
	}
	return answer
}

// notRemoved hands an error on after telling it.
func (r *Runner) notRemoved(err error) error {
	if r.NotRemoved(err) {
		r.stopped = true
	}
	return err
}
