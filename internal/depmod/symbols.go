package depmod

import (
	"strings"

	"gomod/internal/elfinfo"
)

const (
	symbolBuckets = 2048
	// noOwner is the owner of the kernel's own symbols.
	noOwner = -1
)

// symbolTable is all symbols that modules can need.
type symbolTable struct {
	names map[string]symbol
}

type symbol struct {
	crc uint64
	// owner is a place in run.modules, or noOwner.
	owner int32
}

// collectSymbols gives every symbol to the last module that has it.
func (r *run) collectSymbols() {
	for i, m := range r.modules {
		if m.err != nil && !isNoData(m.err) {
			r.Report(Event{Kind: BadModule, Path: m.path, Err: m.err})
		}
		m.misfits.tell(m.path, r.Report)
		if m.modinfoErr != nil {
			r.Report(Event{Kind: BadModinfo, Path: m.path, Err: m.modinfoErr})
		}
		for _, s := range m.exports {
			r.symbols.names[r.withoutPrefix(s.Name)] = symbol{s.CRC, int32(i)}
		}
	}
}

// withoutPrefix drops the character that all symbols of some architectures begin with.
func (r *run) withoutPrefix(name string) string {
	if r.Prefix != 0 && name != "" && name[0] == r.Prefix {
		return name[1:]
	}
	return name
}

// findNeeds fills the modules' deps and users.
func (r *run) findNeeds() {
	events := make([][]Event, len(r.modules))
	r.parallel(len(r.modules), func() func(i int) {
		// seen[i] is the last module that was found to need module i, counted from 1.
		seen := make([]int32, len(r.modules))
		return func(i int) { events[i] = r.needsOf(i, seen) }
	})
	for i, m := range r.modules {
		for _, event := range events[i] {
			r.Report(event)
		}
		for _, dep := range m.deps {
			r.modules[dep].users++
		}
	}
}

// needsOf fills the deps of module i, and gives what is to be told about them.
func (r *run) needsOf(i int, seen []int32) (events []Event) {
	m := r.modules[i]
	for k, number := range m.needs {
		if r.CheckSymbols {
			events = r.check(events, m, m.checked[k])
		}
		owner := m.names.owner(r, number)
		if owner == noOwner || seen[owner] == int32(i)+1 {
			continue
		}
		seen[owner] = int32(i) + 1
		m.deps = append(m.deps, owner)
		if r.TellNeeds {
			name := r.lookedUp(m.names.all[number])
			events = append(events, Event{Kind: Needs, Path: m.path, Name: name, Owner: r.modules[owner].path})
		}
	}
	m.needs, m.checked, m.names = nil, nil, nil
	return events
}

// lookedUp is the name by which a needed symbol is offered.
func (r *run) lookedUp(name string) string { return r.withoutPrefix(strings.TrimPrefix(name, ".")) }

// check adds what -e asks for, if there is a list of the kernel's symbols. A module can do without its weak ones.
func (r *run) check(events []Event, m *module, need elfinfo.Need) []Event {
	found, known := r.symbols.names[r.lookedUp(need.Name)]
	switch {
	case need.Weak, r.Symvers == "" && r.SystemMap == "":
	case !known:
		return append(events, Event{Kind: UnknownSymbol, Path: m.path, Name: need.Name})
	case r.Symvers != "" && found.crc != need.CRC:
		return append(events, Event{Kind: OtherVersion, Path: m.path, Name: need.Name})
	}
	return events
}
