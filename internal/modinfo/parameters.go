package modinfo

import (
	"strings"

	"gomod/internal/elfinfo"
)

// Parameter is a module parameter, told by `parm=NAME:DESCRIPTION` and `parmtype=NAME:TYPE`, of which either may be missing.
type Parameter struct {
	Name              string
	Description, Type *string
}

// BadParameterError is a parm or parmtype string without a colon.
type BadParameterError struct{ Field elfinfo.Field }

func (e *BadParameterError) Error() string {
	return `Found invalid "` + e.Field.Key + "=" + e.Field.Value + `": missing ':'`
}

// Parameters are the module's, in the order of their first mention; a later description or type replaces an earlier one.
// The errors are *BadParameterError.
func (i *Info) Parameters() ([]Parameter, []error) {
	var (
		parameters []Parameter
		bad        []error
		position   = make(map[string]int)
	)
	for _, field := range i.Fields {
		if !IsParameter(field.Key) {
			continue
		}
		name, text, colon := strings.Cut(field.Value, ":")
		if !colon {
			bad = append(bad, &BadParameterError{field})
			continue
		}
		at, known := position[name]
		if !known {
			at = len(parameters)
			position[name] = at
			parameters = append(parameters, Parameter{Name: name})
		}
		if field.Key == "parm" {
			parameters[at].Description = &text
		} else {
			parameters[at].Type = &text
		}
	}
	return parameters, bad
}

// IsParameter tells the keys of .modinfo that Parameters merges.
func IsParameter(key string) bool { return key == "parm" || key == "parmtype" }
