package cli

import (
	"errors"
	"os"
	"strings"
	"syscall"

	"gomod/internal/diag"
	"gomod/internal/kernel"
	"gomod/internal/kmod"
	"gomod/internal/resolve"
)

// insertOperand has the modules of one operand loaded, or shows them; it tells whether that went well. Of several modules
// the last one decides.
func (m *modprobe) insertOperand(operand, parameters string) bool {
	modules, found := m.insertionModules(operand)
	if !found {
		return false
	}
	if m.options.resolve {
		for _, module := range modules {
			m.out.WriteString(module.Name + "\n")
			m.tellModule(module, nil)
		}
		return true
	}
	request := kmod.InsertRequest{
		Parameters:     parameters,
		Depends:        m.options.showDepends,
		IgnoreCommands: m.options.ignoreCommands,
		Blacklist:      m.options.useBlacklist,
		FirstTime:      m.options.firstTime,
	}
	good := true
	for _, module := range modules {
		plan := m.runner.Insertion(module, request)
		m.badIndexes()
		room := m.hasRoom(plan.Len())
		if !room {
			plan.Outcome = kmod.Excessive
		}
		m.tellModule(module, plan)
		if plan.Outcome == kmod.Blacklisted {
			m.log.notice(place(plan.Where) + " blacklists the module " + module.Name + ", which is therefore not loaded for " + operand)
		}
		err := m.runner.Insert(plan, request)
		if !room {
			err = fullDocument{}
		}
		if good = err == nil; !good {
			m.notInserted(plan.Module, err)
		}
	}
	return good
}

// insertionModules is what an operand stands for; false when it said that there is nothing.
func (m *modprobe) insertionModules(operand string) ([]resolve.Module, bool) {
	if strings.HasPrefix(operand, "/") || strings.HasPrefix(operand, "./") {
		module, err := m.fileModule(operand)
		if err != nil {
			m.refuse("Failed to get module from path " + operand + ": " + strerror(err))
			m.explainUnreadable(operand, err)
			return nil, false
		}
		return []resolve.Module{module}, true
	}
	modules := m.lookup(operand)
	if len(modules) == 0 {
		m.refuse("Module " + operand + " not found in directory " + m.dir)
		m.explainNotFound(operand)
		return nil, false
	}
	return modules, true
}

// explainNotFound is for a name that is no module's.
func (m *modprobe) explainNotFound(operand string) {
	if m.explaining() {
		m.explain(m.wholeSystem().NotFound(operand))
	}
}

// explainUnreadable is for an operand that means a file.
func (m *modprobe) explainUnreadable(path string, err error) {
	if m.explaining() {
		m.explain(m.wholeSystem().Unreadable(m.absolute(path), err))
	}
}

func (m *modprobe) fileModule(path string) (resolve.Module, error) {
	if _, err := os.Stat(path); err != nil {
		return resolve.Module{}, err
	}
	return m.tree.OfFile(m.absolute(path))
}

// showInsertion prints a step, as in "insmod /lib/modules/6.1.0/kernel/drivers/net/dummy.ko numdummies=2". The blank behind
// the path is there without parameters, too.
func (m *modprobe) showInsertion(step *kmod.Step) {
	m.tellInsertion(step)
	if !m.shows() {
		return
	}
	switch step.Action {
	case kmod.LoadFile:
		m.write("insmod ", step.Module.Path, " ", step.Parameters, "\n")
	case kmod.RunCommand:
		m.write("install ", step.Command.Command, " ", step.Parameters, "\n")
	case kmod.PartOfKernel:
		m.write("builtin ", step.Module.Name, "\n")
	}
	// A command writes to the same file by itself.
	if step.Action == kmod.RunCommand {
		m.out.Flush()
	}
}

// shows tells whether steps are printed.
func (m *modprobe) shows() bool { return m.options.showDepends || m.log.level > levelWarning }

// insertionFailed tells of a step that failed, whether or not it matters to the whole.
func (m *modprobe) insertionFailed(step *kmod.Step, err error) {
	m.failed = step
	m.tellFailure()
	var missing *kmod.MissingError
	switch {
	case errors.As(err, &missing):
		m.log.error(err.Error())
	case step.Action == kmod.RunCommand:
		m.log.error(commandText(err))
	default:
		m.log.info("Failed to insert module '" + step.Module.Path + "': " + strerror(err))
	}
}

// commandText is what is said of an install or remove command that failed.
func commandText(err error) string {
	var command *kmod.CommandError
	if !errors.As(err, &command) {
		return err.Error()
	}
	var exit *kmod.ExitError
	if errors.As(err, &exit) {
		return "Error running " + command.Kind + " command '" + command.Command + "' for module " + command.Name + ": " + exit.Error()
	}
	return "Could not run " + command.Kind + " command '" + command.Command + "' for module " + command.Name + ": " + strerror(err)
}

func (m *modprobe) notInserted(module resolve.Module, err error) {
	m.log.error("could not insert '" + module.Name + "': " + modprobeText(err))
	var effort *kmod.EffortError
	if !m.explaining() || errors.As(err, &effort) || errors.Is(err, fullDocument{}) {
		return
	}
	explanation := m.whyNotInserted(module, err)
	if culprit := explanation.Module; culprit != "" && culprit != module.Name {
		text := "it needs the module " + culprit + ", which could not be loaded"
		if explanation.Path != "" {
			text += ": " + explanation.Path
		}
		m.log.explain(text)
	}
	m.explain(explanation)
}

// whyNotInserted is about the module that failed, which need not be the one that was asked for.
func (m *modprobe) whyNotInserted(module resolve.Module, err error) *diag.Explanation {
	var refused *kernel.LoadError
	var missing *kmod.MissingError
	var command *kmod.CommandError
	var writable *kmod.WritableError
	var present *kmod.PresentError
	system := m.wholeSystem()
	switch {
	case errors.As(err, &refused):
		return system.Load(refused)
	case errors.As(err, &missing):
		if missing.Name != module.Name {
			module = m.tree.Named(missing.Name)
		}
		return system.Fileless(module)
	case errors.As(err, &command):
		return diag.CommandFailed(command.Name, command.Command, command.Where)
	case errors.As(err, &writable):
		return diag.CommandRefused(writable.Name, writable.Command, writable.Refusal)
	case errors.As(err, &present):
		return system.There(present.Name)
	}
	return system.Unreadable(m.failed.Module.Path, err)
}

// wholeSystem is where modprobe's explanations look.
func (m *modprobe) wholeSystem() *diag.System {
	system := m.system(m.tree)
	system.Config = m.config
	return system
}

// ignored tells of parameters that the kernel left out when it loaded a module.
func (m *modprobe) ignored(step *kmod.Step, logged []kernel.Record) {
	m.warnOfIgnored("module "+step.Module.Name, m.wholeSystem().Ignored(step.Module.Path, step.Parameters, logged))
}

// tooManyModules is said of a module of which nothing was done.
const tooManyModules = "its soft dependencies lead through too many modules: see softdep in modprobe.d(5)"

// modprobeText is modprobe's text for why a module could not be loaded.
func modprobeText(err error) string {
	var effort *kmod.EffortError
	switch {
	case errors.As(err, &effort):
		return tooManyModules
	case errors.Is(err, fullDocument{}):
		return err.Error()
	case errors.Is(err, syscall.EEXIST):
		return "Module already in kernel"
	case errors.Is(err, syscall.ENOENT):
		return "Unknown symbol in module, or unknown parameter (see dmesg)"
	}
	return strerror(err)
}
