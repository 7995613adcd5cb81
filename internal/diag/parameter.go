package diag

import (
	"iter"
	"slices"
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
	for key, text := range eachParameter(parameters) {
		if strings.ReplaceAll(key, "-", "_") == strings.ReplaceAll(name, "-", "_") {
			value, given = text, true
		}
	}
	return value, given
}

// eachParameter takes a module's parameters apart as the kernel does: at white space that is not within double quotes. Quotes around a value,
// or around all of a parameter, go, others stay; behind -- there are none.
func eachParameter(parameters string) iter.Seq2[string, string] {
	return func(yield func(key, value string) bool) {
		for rest := parameters; ; {
			var word string
			word, rest = cutParameter(rest)
			key, value := keyAndValue(word)
			if word == "" || key == "--" && !strings.Contains(word, "=") || !yield(key, value) {
				return
			}
		}
	}
}

// cutParameter gives the first word with its quotes; "" is none.
func cutParameter(text string) (word, rest string) {
	start := 0
	for start < len(text) && isSpace(text[start]) {
		start++
	}
	quoted := false
	end := start
	for end < len(text) && (quoted || !isSpace(text[end])) {
		quoted = quoted != (text[end] == '"')
		end++
	}
	return text[start:end], text[end:]
}

// isSpace is the kernel's, to which 0xa0 is white space too.
func isSpace(b byte) bool { return b == ' ' || '\t' <= b && b <= '\r' || b == 0xa0 }

// keyAndValue takes `a="x y"` and `"a=x y"` for the same. An equals sign at the beginning belongs to the key.
func keyAndValue(word string) (key, value string) {
	word, around := strings.CutPrefix(word, `"`)
	key, hasValue := word, false
	for i := 1; i < len(word); i++ {
		if word[i] == '=' {
			key, value, hasValue = word[:i], word[i+1:], true
			break
		}
	}
	value, before := strings.CutPrefix(value, `"`)
	if around || before {
		value = strings.TrimSuffix(value, `"`)
	}
	if around && !hasValue {
		key = strings.TrimSuffix(key, `"`)
	}
	return key, value
}

// Ignored are those of a module's parameters that the kernel did not find in it and ignored, by what it logged while it loaded the module.
func (s *System) Ignored(path, parameters string, logged []kernel.Record) []Parameter {
	if !anyIgnored(logged) {
		return nil
	}
	facts := ReadFacts(path, s.SizeLimit)
	_, names := facts.parameters()
	var ignored []Parameter
	for _, r := range logged {
		if m, _, ok := understand(r, facts.Name); ok && m.saying == saysIgnoredParameter {
			name := nameGiven(parameters, m.parts[0])
			_, bare, _ := strings.Cut(name, ".")
			nearest := bare
			if !slices.Contains(names, bare) {
				nearest = Nearest(name, names)
			}
			ignored = append(ignored, Parameter{Name: name, Problem: UnknownName, Nearest: nearest})
		}
	}
	return ignored
}

// nameGiven is what stood on the command line for a name in the log: the kernel cuts names off at a dot, as in gm_params.a_int, which is how
// parameters are given on its own command line.
func nameGiven(parameters, logged string) string {
	dotted := logged
	for key := range eachParameter(parameters) {
		if key == logged {
			return logged
		}
		if strings.HasPrefix(key, logged+".") {
			dotted = key
		}
	}
	return dotted
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
