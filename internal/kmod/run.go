package kmod

import (
	"errors"
	"syscall"

	"gomod/internal/kernel"
	"gomod/internal/resolve"
	"gomod/internal/sysfs"
)

// Runner takes the steps of plans.
type Runner struct {
	*Planner
	Shell Shell
	// Variables are set for each command, beside MODPROBE_MODULE.
	Variables []string
	Clock     Clock
	Force     kernel.Force
	// DryRun takes no step, but goes through all of them.
	DryRun bool
	// Taking is called just before a module is inserted, TakingAway just before one is removed.
	Taking     func(*Step)
	TakingAway func(RemovalStep)
	// Failed is called for each insertion that failed, whether or not that matters, with its error.
	Failed func(*Step, error)
	// Logged is called for each module that was loaded with parameters while the kernel had something to say.
	Logged func(*Step, []kernel.Record)
	// NotRemoved is called for each removal that failed, whether or not that matters. When it returns true nothing more is done.
	NotRemoved func(error) (stop bool)
	// Problem is called for what is wrong and keeps nothing from being done.
	Problem func(error)

	stopped bool
	// removing are the modules that Remove is at, which ends cycles of soft dependencies.
	removing map[removalKey]bool
	// removals are those planned so far by Remove, and foreseen how many soft dependencies and holders have led to.
	removals map[plannedKey]*Removal
	foreseen int
	// counts are the reference counts that a dry run, which changes none, has asked for.
	counts map[string]refcount
}

// Insert carries out a plan. Whether the kernel has a module already is looked at when its turn comes, for an install command
// before it may have loaded it. The error is of a module that is required: a *PresentError, *MissingError, *CommandError,
// *WritableError, *EffortError, or one of Host.Insert.
func (r *Runner) Insert(plan *Plan, request InsertRequest) error {
	for _, problem := range plan.Problems {
		r.Problem(problem)
	}
	switch plan.Outcome {
	case Present:
		return r.alreadyPresent(plan.Module.Name, request)
	case Blacklisted:
		return nil
	case Excessive:
		return &EffortError{plan.Module.Name}
	}
	for step := range plan.Steps() {
		err := r.insertStep(step, request)
		switch {
		case err == nil:
		case errors.Is(err, syscall.EEXIST):
			if step.Wanted && request.FirstTime {
				return err
			}
		case step.Required:
			return err
		}
	}
	return nil
}

func (r *Runner) alreadyPresent(name string, request InsertRequest) error {
	if request.FirstTime {
		return &PresentError{name}
	}
	return nil
}

func (r *Runner) insertStep(step *Step, request InsertRequest) error {
	if !request.Depends {
		present, err := r.inKernel(step)
		if err != nil {
			r.Problem(err)
		}
		if present {
			return &PresentError{step.Module.Name}
		}
	}
	r.Taking(step)
	err := r.take(step)
	if err != nil {
		r.Failed(step, err)
	}
	return err
}

func (r *Runner) take(step *Step) error {
	switch {
	case step.Action == RunCommand:
		return r.runCommand("install", step.Module, step.Command, step.Parameters)
	case r.DryRun:
		return nil
	case step.Action == LoadFile:
		logged, err := r.Host.Insert(step.Module.Path, step.Parameters, r.Force)
		if err == nil && len(logged) > 0 {
			r.Logged(step, logged)
		}
		return err
	}
	return &MissingError{step.Module.Name}
}

// inKernel asks only once where nothing is done that could change the answer: a module may come thousands of times.
func (r *Runner) inKernel(step *Step) (bool, error) {
	if r.DryRun && step.asked {
		return step.present, nil
	}
	present, err := r.InKernel(r.Tree, step.Module)
	step.asked, step.present = err == nil, present
	return present, err
}

// InKernel tells whether the kernel has the module: it is built in, or loaded and ready. An error is a *sysfs.ValueError; the
// module counts as absent then.
func (h *Host) InKernel(tree *resolve.Tree, module resolve.Module) (bool, error) {
	if module.MarkedBuiltin() || tree.Builtin(module.Name) {
		return true, nil
	}
	state, err := h.Sysfs.InitState(module.Name)
	if err != nil && !errors.Is(err, syscall.ENOENT) {
		return false, err
	}
	return state == sysfs.Live, nil
}
