package diag

import (
	"strings"

	"gomod/internal/kernel"
)

// parameter is a parameter of the module and what is wrong with it.
func (l *load) parameter(name, value string, problem ParameterProblem) Cause {
	types, names := l.facts.parameters()
	// Of an array the kernel names the first element only.
	if whole, given := parameterGiven(l.refused.Params, name); given {
		value = whole
	}
	p := Parameter{Name: name, Value: value, Problem: problem, Type: types[name]}
	for _, m := range l.messages {
		if m.saying == saysParameterDetail && m.parts[0] == name {
			p.Said = m.record.Text
		}
	}
	if problem == UnknownName {
		p.Nearest = Nearest(name, names)
	}
	return p
}

// parameters are the names of the module's parameters, and the types of those that have one.
func (f *Facts) parameters() (types map[string]string, names []string) {
	types = make(map[string]string)
	for _, field := range f.Fields {
		if field.Key != "parmtype" && field.Key != "parm" {
			continue
		}
		name, text, _ := strings.Cut(field.Value, ":")
		if _, known := types[name]; !known {
			names = append(names, name)
			types[name] = ""
		}
		if field.Key == "parmtype" {
			types[name] = text
		}
	}
	return types, names
}

// parameterGiven is the last value that a module was to be loaded with for a parameter.
func parameterGiven(parameters, name string) (value string, given bool) {
	for word := range strings.FieldsSeq(parameters) {
		key, text, _ := strings.Cut(word, "=")
		if strings.ReplaceAll(key, "-", "_") == strings.ReplaceAll(name, "-", "_") {
			value, given = text, true
		}
	}
	return value, given
}

// Ignored are the parameters that the kernel did not find in a module and ignored, by what it logged while it loaded the module.
func (s *System) Ignored(path string, logged []kernel.Record) []Parameter {
	if !anyIgnored(logged) {
		return nil
	}
	facts := ReadFacts(path, s.SizeLimit)
	_, names := facts.parameters()
	var ignored []Parameter
	for _, r := range logged {
		if m, _, ok := understand(r, facts.Name); ok && m.saying == saysIgnoredParameter {
			ignored = append(ignored, Parameter{Name: m.parts[0], Problem: UnknownName, Nearest: Nearest(m.parts[0], names)})
		}
	}
	return ignored
}

// anyIgnored saves reading the file of a module that merely had something to say.
func anyIgnored(logged []kernel.Record) bool {
	for _, r := range logged {
		if strings.Contains(r.Text, "unknown parameter '") {
			return true
		}
	}
	return false
}
