package cli

import (
	"strings"

	"gomod/internal/jsontext"
	"gomod/internal/why"
)

// whyObject is one answer as JSON.
func whyObject(r *why.Report) jsontext.Object {
	modules := make([]jsontext.Object, 0, len(r.Modules))
	for i := range r.Modules {
		modules = append(modules, whyModule(&r.Modules[i]))
	}
	object := jsontext.Object{{Name: "asked", Value: r.Asked}, {Name: "modules", Value: modules}}
	if r.Others > 0 {
		object = append(object, jsontext.Member{Name: "others", Value: r.Others})
	}
	if r.Missing != nil {
		object = append(object, jsontext.Member{Name: "missing", Value: explanationObject(r.Missing)})
		object = append(object, lineMembers(r.Lines)...)
	}
	return object
}

func whyModule(m *why.Module) jsontext.Object {
	needs := make([]jsontext.Object, 0, len(m.Needs))
	for _, need := range m.Needs {
		needs = append(needs, jsontext.Object{{Name: "name", Value: need.Name}, {Name: "present", Value: need.Present}})
	}
	parameters := make([]jsontext.Object, 0, len(m.Parameters))
	for _, p := range m.Parameters {
		value := any(p.Value)
		if p.Hidden {
			value = nil
		}
		parameters = append(parameters, jsontext.Object{{Name: "name", Value: p.Name}, {Name: "value", Value: value}})
	}
	obstacles := make([]jsontext.Object, 0, len(m.Obstacles))
	for _, cause := range m.Obstacles {
		obstacles = append(obstacles, causeObject(cause))
	}
	object := jsontext.Object{
		{Name: "name", Value: m.Found.Name}, {Name: "builtin", Value: m.Builtin}, {Name: "loaded", Value: m.Loaded != nil}, {Name: "file", Value: m.Found.Path},
		{Name: "pattern", Value: m.Found.Pattern}, {Name: "description", Value: m.Description}, {Name: "license", Value: m.License},
		{Name: "needs", Value: needs}, {Name: "parameters", Value: parameters},
	}
	object = append(object, lineMembers(m.Lines)...)
	object = append(object, jsontext.Member{Name: "forbidden_by_kernel", Value: m.KernelForbids},
		jsontext.Member{Name: "loadable", Value: !m.Builtin && m.Loaded == nil && len(m.Obstacles) == 0}, jsontext.Member{Name: "obstacles", Value: obstacles})
	if m.Loaded != nil {
		object = append(object, jsontext.Member{Name: "state", Value: m.Loaded.State.String()}, jsontext.Member{Name: "refcount", Value: m.Loaded.Refcnt},
			jsontext.Member{Name: "holders", Value: m.Holders}, jsontext.Member{Name: "taint", Value: strings.Trim(m.Loaded.Taint, "()")})
	}
	return object
}
