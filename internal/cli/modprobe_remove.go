package cli

import (
	"errors"

	"gomod/internal/diag"
	"gomod/internal/kernel"
	"gomod/internal/kmod"
	"gomod/internal/modname"
	"gomod/internal/resolve"
)

// removeOperand removes the modules of one operand up to the first that stays; it tells whether all are gone.
func (m *modprobe) removeOperand(operand string) bool {
	modules, found := m.removalModules(operand)
	if !found {
		return false
	}
	request := kmod.RemoveRequest{
		Depends:        m.options.showDepends,
		IgnoreCommands: m.options.ignoreCommands,
		FirstTime:      m.options.firstTime,
		Holders:        m.options.removeHolders,
		Unused:         m.options.removeUnused,
		Wait:           m.options.wait,
	}
	for _, module := range modules {
		m.tellModule(module, nil)
		if !m.hasRoom(1) { // of what Remove takes away nobody knows the number beforehand; it bounds that itself
			m.log.error("could not remove '" + module.Name + "': " + fullDocument{}.Error())
			return false
		}
		err := m.runner.Remove(module, request)
		m.badIndexes()
		if err != nil || m.ended {
			return false
		}
	}
	return true
}

// removalModules is what an operand stands for; false when it said that there is nothing. A module that is loaded need not be
// in the module folder.
func (m *modprobe) removalModules(operand string) ([]resolve.Module, bool) {
	name, err := modname.Alias(operand)
	if err != nil {
		// C kmod goes on to the next operand without a word.
		m.log.error("Module " + operand + " not found: unmatched bracket in its name.")
		m.explainNotFound(operand)
		return nil, false
	}
	if modules := m.lookup(operand); len(modules) > 0 {
		return modules, true
	}
	if module, loaded := m.runner.Loaded(name); loaded {
		return []resolve.Module{module}, true
	}
	m.refuse("Module " + operand + " not found.")
	m.explainNotFound(operand)
	return nil, false
}

// showRemoval prints a step, as in "rmmod dummy" or "remove echo bye".
func (m *modprobe) showRemoval(step kmod.RemovalStep) {
	m.tellRemoval(step)
	if !m.shows() {
		return
	}
	if step.Command == "" {
		m.out.WriteString("rmmod " + step.Name + "\n")
		return
	}
	m.out.WriteString("remove " + step.Command + "\n")
	m.out.Flush()
}

// removalFailed says why a module stays, and tells whether that ends the program.
func (m *modprobe) removalFailed(err error) (stop bool) {
	var obstacle *kmod.RemovalError
	var command *kmod.CommandError
	var refused *kernel.UnloadError
	var writable *kmod.WritableError
	var effort *kmod.EffortError
	switch {
	case errors.As(err, &effort):
		m.log.error("could not remove '" + effort.Name + "': " + tooManyModules)
	case errors.As(err, &obstacle):
		m.refuse("Module " + obstacle.Name + obstacleEnding(obstacle.Obstacle))
		m.keep(m.explainStay(m.tree, obstacle.Name, nil))
	case errors.As(err, &command):
		m.tellFailure()
		m.refuse("Error running remove command for " + command.Name)
		m.log.explain(commandText(err))
		if m.explaining() {
			m.explain(diag.CommandFailed(command.Name, command.Command, command.Where))
		}
	case errors.As(err, &refused):
		m.log.error("could not remove '" + refused.Name + "': " + strerror(err))
		m.keep(m.explainStay(m.tree, refused.Name, err))
		m.tellFailure()
	case errors.As(err, &writable):
		m.tellFailure()
		m.log.error(err.Error())
		if m.explaining() {
			m.explain(diag.CommandRefused(writable.Name, writable.Command, writable.Refusal))
		}
	default:
		m.log.error(err.Error())
	}
	return m.ended
}

func obstacleEnding(obstacle kmod.Obstacle) string {
	switch obstacle {
	case kmod.Builtin:
		return " is builtin."
	case kmod.InUse:
		return " is in use."
	}
	return " is not in kernel."
}
