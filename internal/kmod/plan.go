package kmod

import (
	"iter"

	"gomod/internal/config"
	"gomod/internal/resolve"
)

// Planner says what has to be done to have a module. It reads /sys and the indexes, and changes nothing.
type Planner struct {
	*Host
	Tree   *resolve.Tree
	Config *config.Config
	// Running is the module whose install or remove command this program was started by, from MODPROBE_MODULE; "" for none.
	// That command is not run again.
	Running string
	// resolved are the soft dependencies looked up so far, by module; found is what each of their names stands for, soft each module of that.
	resolved   map[string]*softdeps
	noSoftdeps softdeps
	found      map[string]lookedUp
	soft       map[nodeKey]*resolve.Module
	spent      int // of mostEffort
}

// InsertRequest is how modules are wanted.
type InsertRequest struct {
	// Parameters are for the modules asked for, never for those they need.
	Parameters string
	// Depends plans for a list of what is needed, which does not look at what the kernel has already.
	Depends bool
	// IgnoreCommands leaves out the module's install command and soft dependencies.
	IgnoreCommands bool
	// Blacklist obeys the blacklist for modules that were found by name, too.
	Blacklist bool
	// FirstTime makes it an error when the module is in the kernel already.
	FirstTime bool
}

// Outcome is what a Plan comes to.
type Outcome int

const (
	// Proceed leaves the steps to be taken.
	Proceed Outcome = iota
	// Present is a module that is loaded, or built in: there is nothing to do.
	Present
	// Blacklisted is a module that the configuration keeps from being loaded: nothing is done, and that is no error.
	Blacklisted
	// Excessive is a module whose soft dependencies lead too far: nothing is done. The configurations that lead there are no sane ones.
	Excessive
)

// Plan is what has to be done for one result of a look-up.
type Plan struct {
	// Module is the one asked for.
	Module  resolve.Module
	Outcome Outcome
	// Where is the line of configuration that blacklists the module.
	Where config.Where
	// Problems were met on the way and do not keep the rest from being done: *DependencyError, *PathConflictError and what
	// could not be read in /sys.
	Problems []error
	list     []*node
}

// Len is the number of steps.
func (p *Plan) Len() int { return len(p.list) }

// Steps are in the order in which they are taken. A module may come more than once, and has the same Step then: of a long chain of modules
// there may be a million.
func (p *Plan) Steps() iter.Seq[*Step] {
	return func(yield func(*Step) bool) {
		for _, n := range p.list {
			if !yield(n.step) {
				return
			}
		}
	}
}

// Action is what a step does.
type Action int

const (
	// LoadFile inserts the file of the module.
	LoadFile Action = iota + 1
	// RunCommand runs the module's install command in place of that.
	RunCommand
	// PartOfKernel does nothing, for the module is built in.
	PartOfKernel
	// NoFile cannot be done: nobody knows the file of the module.
	NoFile
)

// Step is one module's turn. Unless the plan was made for a list, it is taken only if the kernel does not have the module then.
type Step struct {
	Module resolve.Module
	Action Action
	// Parameters are the options of the configuration, and behind a blank those of the command line.
	Parameters string
	// Command is of RunCommand.
	Command config.Command
	// Required tells that a failure ends the whole plan; other modules are soft dependencies.
	Required bool
	// Wanted tells that it is the very module that was asked for.
	Wanted bool
	// asked tells that present is what the kernel said when its turn came last.
	asked, present bool
}

// Insertion plans to have a module in the kernel. One that is forbidden is refused also where a blacklist would be obeyed in silence.
func (p *Planner) Insertion(module resolve.Module, request InsertRequest) *Plan {
	plan := &Plan{Module: module}
	if !request.Depends {
		present, err := p.InKernel(p.Tree, module)
		if err != nil {
			plan.Problems = append(plan.Problems, err)
		}
		if present {
			plan.Outcome = Present
			return plan
		}
	}
	entry, blacklisted := p.Config.BlacklistOf(module.Name)
	_, forbidden := p.Config.Forbidden(module.Name)
	if blacklisted && (module.Alias != "" || request.Blacklist) && (!forbidden || request.Depends) {
		plan.Outcome, plan.Where = Blacklisted, entry.Where
		return plan
	}
	g := graph{Planner: p, plan: plan, nodes: make(map[nodeKey]*node)}
	wanted := g.node(&module, false)
	g.get(wanted, true, request.IgnoreCommands)
	if p.exhausted() {
		plan.Outcome, plan.list = Excessive, nil
		return plan
	}
	steps := make([]Step, 0, len(g.nodes))
	for _, n := range plan.list {
		if n.step == nil {
			steps = append(steps, p.step(n, n == wanted, request))
			n.step = &steps[len(steps)-1]
		}
	}
	return plan
}

func (p *Planner) step(n *node, wanted bool, request InsertRequest) Step {
	module := n.module
	step := Step{Module: module, Required: n.required, Wanted: wanted}
	step.Parameters = config.JoinOptions(p.Config.OptionsOf(module.Name, module.Alias))
	if step.Parameters != "" {
		step.Parameters += " "
	}
	if wanted {
		step.Parameters += request.Parameters
	}
	if denial, forbidden := p.Config.Forbidden(module.Name); forbidden {
		step.Action, step.Command = RunCommand, denial
		return step
	}
	if !n.ignoreCommand && module.Name != p.Running && !(n.hasSoftdeps() && request.Depends && request.IgnoreCommands) {
		if command, found := p.installOf(module); found {
			step.Action, step.Command = RunCommand, command
			return step
		}
	}
	switch {
	case module.Path != "":
		step.Action = LoadFile
	case module.MarkedBuiltin() || p.Tree.Builtin(module.Name):
		step.Action = PartOfKernel
	default:
		step.Action = NoFile
	}
	return step
}

// installOf is the install command of a module. One that a line of configuration made a module of has that line's, though
// the pattern of an earlier one may fit; so it is in C kmod.
func (p *Planner) installOf(module resolve.Module) (config.Command, bool) {
	if command, found := foundBy(p.Config.Installs, module); found {
		return command, true
	}
	return p.Config.InstallOf(module.Name)
}

// removeOf is the remove command of a module, as of installOf.
func (p *Planner) removeOf(module resolve.Module) (config.Command, bool) {
	if command, found := foundBy(p.Config.Removes, module); found {
		return command, true
	}
	return p.Config.RemoveOf(module.Name)
}

func foundBy(commands []config.Command, module resolve.Module) (config.Command, bool) {
	if module.Step == resolve.StepCommand {
		for _, command := range commands {
			if command.Where == module.Where && command.Key == module.Name {
				return command, true
			}
		}
	}
	return config.Command{}, false
}
