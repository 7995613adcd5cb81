package cli

import (
	"iter"
	"strconv"

	"gomod/internal/config"
	"gomod/internal/diag"
	"gomod/internal/elfinfo"
	"gomod/internal/jsontext"
	"gomod/internal/kmod"
	"gomod/internal/resolve"
)

// operandAnswer is what modprobe's document says of one operand.
type operandAnswer struct {
	asked   string
	modules []jsontext.Object
	// steps are in the order in which they were taken; the last member of each is its result.
	steps        []jsontext.Object
	explanations []jsontext.Object
}

// begin is called when an operand's turn comes, end when it is over.
func (m *modprobe) begin(operand string) {
	m.answer = operandAnswer{asked: operand}
	m.runner.NextOperand()
}

func (m *modprobe) end() {
	if !m.json.wanted {
		return
	}
	a := &m.answer
	m.json.list = append(m.json.list, jsontext.Object{
		{Name: "asked", Value: a.asked}, {Name: "modules", Value: a.modules}, {Name: "steps", Value: a.steps}, {Name: "explanations", Value: a.explanations},
	})
}

// mostSteps is how many a document may have, of all operands: all of it is in memory until it is written.
const mostSteps = 50_000

// fullDocument is why nothing is done for a module. It is no variable, which every tool would make at its start.
type fullDocument struct{}

func (fullDocument) Error() string {
	return "the steps would be more than the " + strconv.Itoa(mostSteps) + " of a JSON document: do without --json, or give fewer modules at a time"
}

// hasRoom tells whether so many more steps have a place in the document. Steps of an alias's modules count together, and so do operands.
func (m *modprobe) hasRoom(steps int) bool { return !m.json.wanted || m.told+steps <= mostSteps }

// tellModule is one module that an operand stands for, and what came of it.
func (m *modprobe) tellModule(module resolve.Module, plan *kmod.Plan) {
	if !m.json.wanted {
		return
	}
	object := jsontext.Object{{Name: "name", Value: module.Name}, {Name: "file", Value: module.Path}, {Name: "pattern", Value: module.Pattern}}
	if plan != nil {
		object = append(object, jsontext.Member{Name: "outcome", Value: outcomeName(plan.Outcome)})
		if plan.Outcome == kmod.Blacklisted {
			object = append(object, jsontext.Member{Name: "blacklisted_by", Value: place(plan.Where)})
		}
	}
	m.answer.modules = append(m.answer.modules, object)
}

func outcomeName(outcome kmod.Outcome) string {
	switch outcome {
	case kmod.Present:
		return "present"
	case kmod.Blacklisted:
		return "blacklisted"
	case kmod.Excessive:
		return "excessive"
	}
	return "steps"
}

// The results of a step.
const (
	stepPlanned = "planned"
	stepDone    = "done"
	stepFailed  = "failed"
)

func (m *modprobe) result() string {
	if m.runner.DryRun {
		return stepPlanned
	}
	return stepDone
}

// tellStep counts a step as done until it fails.
func (m *modprobe) tellStep(action string, members ...jsontext.Member) {
	if !m.json.wanted {
		return
	}
	m.told++
	step := append(jsontext.Object{{Name: "action", Value: action}}, members...)
	m.answer.steps = append(m.answer.steps, append(step, jsontext.Member{Name: "result", Value: m.result()}))
}

// tellFailure is of the last step. A module without a file fails without having been a step.
func (m *modprobe) tellFailure() {
	if n := len(m.answer.steps); n > 0 {
		step := m.answer.steps[n-1]
		step[len(step)-1].Value = stepFailed
	}
}

func (m *modprobe) tellInsertion(step *kmod.Step) {
	members := []jsontext.Member{{Name: "module", Value: step.Module.Name}, {Name: "file", Value: step.Module.Path}, {Name: "parameters", Value: step.Parameters}}
	switch step.Action {
	case kmod.LoadFile:
		m.tellStep("insert", members...)
	case kmod.RunCommand:
		m.tellStep("install-command", append(members, jsontext.Member{Name: "command", Value: step.Command.Command}, jsontext.Member{Name: "where", Value: place(step.Command.Where)})...)
	case kmod.PartOfKernel:
		m.tellStep("builtin", members...)
	default:
		m.tellStep("no-file", members...)
	}
}

func (m *modprobe) tellRemoval(step kmod.RemovalStep) {
	if step.Command != "" {
		m.tellStep("remove-command", jsontext.Member{Name: "module", Value: step.Name}, jsontext.Member{Name: "command", Value: step.Command})
		return
	}
	m.tellStep("remove", jsontext.Member{Name: "module", Value: step.Name})
}

// explain says why, and keeps it for the document.
func (m *modprobe) explain(e *diag.Explanation) {
	if e == nil {
		return
	}
	m.explainCauses(e)
	m.keep(e)
}

func (m *modprobe) keep(e *diag.Explanation) {
	if e != nil && m.json.wanted {
		m.answer.explanations = append(m.answer.explanations, explanationObject(e))
	}
}

// tellSymbol is a line of --show-exports and --show-modversions.
func (m *modprobe) tellSymbol(module resolve.Module, symbol elfinfo.Symbol) {
	if m.json.wanted {
		m.json.list = append(m.json.list, jsontext.Object{
			{Name: "module", Value: module.Name}, {Name: "name", Value: symbol.Name}, {Name: "crc", Value: "0x" + hexadecimalCRC(symbol.CRC)},
		})
	}
}

// tellConfig is what `modprobe -c` shows. A hostile index gives aliases of gigabytes: they are gone through when they are written.
func (m *modprobe) tellConfig() {
	if !m.json.wanted {
		return
	}
	m.tell("configuration", iter.Seq[jsontext.Object](func(yield func(jsontext.Object) bool) {
		for e := range m.config.Entries() {
			if !yield(entryObject(e)) {
				return
			}
		}
	}))
	m.tell("aliases", iter.Seq[jsontext.Object](func(yield func(jsontext.Object) bool) {
		m.tree.Aliases(func(pattern []byte, module string) bool {
			return yield(jsontext.Object{{Name: "pattern", Value: string(pattern)}, {Name: "module", Value: module}})
		})
	}))
}

// entryObject is a line of the configuration.
func entryObject(e config.Entry) jsontext.Object {
	return jsontext.Object{
		{Name: "file", Value: e.File}, {Name: "line", Value: e.Line}, {Name: "command", Value: e.Command}, {Name: "key", Value: e.Key}, {Name: "text", Value: e.Text},
	}
}
