package modinfo

import (
	"errors"
	"strings"
	"testing"

	"gomod/internal/elfinfo"
)

// info has the fields of lines KEY=VALUE.
func info(lines ...string) *Info {
	var i Info
	for _, line := range lines {
		key, value, _ := strings.Cut(line, "=")
		i.Fields = append(i.Fields, elfinfo.Field{Key: key, Value: value})
	}
	return &i
}

// text writes a parameter as NAME:DESCRIPTION (TYPE), with - for what was not told.
func text(p Parameter) string {
	shown := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	return p.Name + ":" + shown(p.Description) + " (" + shown(p.Type) + ")"
}

func TestParameters(t *testing.T) {
	parameters, bad := info("license=GPL", "parmtype=b:int", "parm=a:first: of two", "parm=b:second", "parm=nocolon", "parmtype=only:charp",
		"parm=a:again", "parm=:", "parmtype=").Parameters()
	var got []string
	for _, p := range parameters {
		got = append(got, text(p))
	}
	const want = "b:second (int)|a:again (-)|only:- (charp)|: (-)"
	if strings.Join(got, "|") != want {
		t.Errorf("%q, not %q", strings.Join(got, "|"), want)
	}
	texts := make([]string, len(bad))
	for i, err := range bad {
		texts[i] = err.Error()
	}
	const wantBad = `Found invalid "parm=nocolon": missing ':'|Found invalid "parmtype=": missing ':'`
	if strings.Join(texts, "|") != wantBad {
		t.Errorf("%q, not %q", strings.Join(texts, "|"), wantBad)
	}
}

// FuzzParameters wants each field of a parameter either merged under its name or reported.
func FuzzParameters(f *testing.F) {
	f.Add("parm=a:b\nparmtype=a:int\nparm=bad")
	f.Fuzz(func(t *testing.T, data string) {
		i := info(strings.Split(data, "\n")...)
		parameters, bad := i.Parameters()
		known := make(map[string]Parameter)
		for _, p := range parameters {
			if _, twice := known[p.Name]; twice {
				t.Errorf("%q is there twice", p.Name)
			}
			known[p.Name] = p
		}
		for _, field := range i.Fields {
			name, _, colon := strings.Cut(field.Value, ":")
			if !IsParameter(field.Key) || !colon {
				continue
			}
			if p, ok := known[name]; !ok || field.Key == "parm" && p.Description == nil || field.Key == "parmtype" && p.Type == nil {
				t.Errorf("%v was lost: %v", field, p)
			}
		}
		for _, err := range bad {
			var parameter *BadParameterError
			if !errors.As(err, &parameter) || strings.Contains(parameter.Field.Value, ":") {
				t.Errorf("%v", err)
			}
		}
	})
}
