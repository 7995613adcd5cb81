package depmod

import "strings"

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
	// seen[i] is the last module that was found to need module i, counted from 1.
	seen := make([]int32, len(r.modules))
	for i, m := range r.modules {
		for _, need := range m.needs {
			name := r.withoutPrefix(strings.TrimPrefix(need.Name, "."))
			found, ok := r.symbols.names[name]
			if r.CheckSymbols {
				r.check(m, need.Name, name, need.CRC, need.Weak, ok)
			}
			if !ok || found.owner == noOwner || seen[found.owner] == int32(i)+1 {
				continue
			}
			seen[found.owner] = int32(i) + 1
			owner := r.modules[found.owner]
			m.deps = append(m.deps, found.owner)
			owner.users++
			if r.TellNeeds {
				r.Report(Event{Kind: Needs, Path: m.path, Name: name, Owner: owner.path})
			}
		}
		m.needs = nil
	}
}

// check tells what -e asks for, if there is a list of the kernel's symbols. A module can do without its weak ones.
func (r *run) check(m *module, written, name string, crc uint64, weak, known bool) {
	switch {
	case weak, r.Symvers == "" && r.SystemMap == "":
	case !known:
		r.Report(Event{Kind: UnknownSymbol, Path: m.path, Name: written})
	case r.Symvers != "" && r.symbols.names[name].crc != crc:
		r.Report(Event{Kind: OtherVersion, Path: m.path, Name: written})
	}
}
