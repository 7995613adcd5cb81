package kmod

import (
	"errors"
	"io/fs"
	"syscall"

	"gomod/internal/kernel"
	"gomod/internal/resolve"
)

// Obstacle is why a module is not to be removed.
type Obstacle int

const (
	Builtin Obstacle = iota + 1
	NotLoaded
	Held             // by the modules of Holders
	InUse            // its reference count is not 0
	CannotBeUnloaded // the kernel was built without module unloading, or it is not a module
)

// RemovalError is a module that is better left where it is.
type RemovalError struct {
	Name     string
	Obstacle Obstacle
	Holders  []string // of Held
}

func (e *RemovalError) Error() string { return "module " + e.Name + " is not to be removed" }

// CheckRemoval tells whether the module can go: nil, or a *RemovalError. Problems are facts of /sys that could not be read and
// were taken for absent.
func (h *Host) CheckRemoval(tree *resolve.Tree, name string) (problems []error, err error) {
	if name == "" {
		// C kmod takes the folder of all modules for that of this one.
		nowhere := &fs.PathError{Op: "open", Path: "/sys/module//holders", Err: syscall.ENOENT}
		return []error{nowhere}, &RemovalError{Obstacle: CannotBeUnloaded}
	}
	if tree.Builtin(name) {
		return nil, &RemovalError{Name: name, Obstacle: Builtin}
	}
	if _, err := h.Sysfs.InitState(name); err != nil {
		if !errors.Is(err, syscall.ENOENT) {
			problems = append(problems, err)
		}
		return problems, &RemovalError{Name: name, Obstacle: NotLoaded}
	}
	holders, err := h.Sysfs.Holders(name)
	if err != nil {
		problems = append(problems, err)
	}
	if len(holders) > 0 {
		return problems, &RemovalError{Name: name, Obstacle: Held, Holders: holders}
	}
	refcnt, err := h.Sysfs.Refcnt(name)
	switch {
	case err != nil:
		return problems, &RemovalError{Name: name, Obstacle: CannotBeUnloaded}
	case refcnt > 0:
		return problems, &RemovalError{Name: name, Obstacle: InUse}
	}
	return problems, nil
}

// Remove asks the kernel to drop the module; the error is a *kernel.UnloadError.
func (h *Host) Remove(name string, force bool) error { return kernel.Remove(h.Kernel, name, force) }
