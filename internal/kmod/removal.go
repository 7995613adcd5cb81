package kmod

import (
	"slices"
	"time"

	"gomod/internal/config"
	"gomod/internal/modname"
	"gomod/internal/resolve"
)

// RemoveRequest is how modules are to go.
type RemoveRequest struct {
	// Depends lists what would go without looking at what the kernel has.
	Depends bool
	// IgnoreCommands leaves out remove commands and soft dependencies.
	IgnoreCommands bool
	// FirstTime makes it an error when the module is not in the kernel.
	FirstTime bool
	// Holders removes the modules that use the module before it.
	Holders bool
	// Unused removes every module that it needed and nobody else does, not only those that C kmod finds at once.
	Unused bool
	// Wait is how long it is tried again while the module is in use.
	Wait time.Duration
}

// Removal is the plan to remove one module. What of it is done depends on the kernel's state at the time, and each soft
// dependency has a Removal of its own when its turn comes.
type Removal struct {
	Module resolve.Module
	// Command runs in place of the removal itself; nil for none.
	Command *config.Command
	// Post are soft dependencies that go before the module, Pre go after it, each from the last to the first. Their Deps are not filled in.
	Post, Pre []*resolve.Module
	// Problems are the *DependencyError of soft dependencies.
	Problems []error
}

// Removal plans to have a module out of the kernel.
func (p *Planner) Removal(module resolve.Module, request RemoveRequest) *Removal {
	removal := &Removal{Module: module}
	if request.IgnoreCommands {
		return removal
	}
	soft := p.softdepsOf(module.Name)
	removal.Pre, removal.Post, removal.Problems = soft.pre, soft.post, soft.problems
	if command, found := p.removeOf(module); found && module.Name != p.Running {
		removal.Command = &command
	}
	return removal
}

// depsOf are the names of what a module needs, the deepest first.
func depsOf(module *resolve.Module) []string {
	var names []string
	for _, path := range slices.Backward(module.Deps) {
		if name, err := modname.FromPath(path); err == nil {
			names = append(names, name)
		}
	}
	return names
}

// Loaded is a module that is in the kernel whether or not the module folder has it; false when /proc/modules does not list it.
func (p *Planner) Loaded(name string) (resolve.Module, bool) {
	loaded, _ := p.Sysfs.Modules()
	for _, module := range loaded {
		if module.Name == name {
			return p.Tree.Named(name), true
		}
	}
	return resolve.Module{}, false
}
