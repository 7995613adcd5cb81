package depmod

import (
	"strings"

	"gomod/internal/modname"
)

// making is what makes one file: its content, and how it is checked.
type making = func(report func(Event)) ([]byte, func([]byte) error, error)

func (r *run) dependencyIndex(lines []string) making {
	return func(report func(Event)) ([]byte, func([]byte) error, error) {
		b := indexBuilder{name: "modules.dep.bin", report: report}
		b.Grow(len(lines))
		for i, m := range r.modules {
			b.add(m.name, strings.TrimSuffix(lines[i], "\n"), i)
		}
		return indexOf(&b.Builder)
	}
}

func (r *run) aliasIndex(report func(Event)) ([]byte, func([]byte) error, error) {
	b := indexBuilder{name: "modules.alias.bin", report: report}
	count := 0
	for _, m := range r.modules {
		count += len(m.aliases)
	}
	b.Grow(count)
	for i, m := range r.modules {
		var own map[string]bool
		if r.WarnDuplicates {
			own = make(map[string]bool)
		}
		for _, alias := range m.aliases {
			key, err := modname.Alias(alias)
			if err != nil {
				report(Event{Kind: BadBracket, Name: alias})
				continue
			}
			if r.WarnDuplicates {
				if own[key] {
					report(Event{Kind: DuplicateAlias, Name: key, Owner: m.name})
				}
				own[key] = true
			}
			b.add(key, m.name, i)
		}
	}
	return indexOf(&b.Builder)
}

func (r *run) symbolIndex(owned func() []ownedSymbol) making {
	return func(report func(Event)) ([]byte, func([]byte) error, error) {
		symbols := owned()
		b := indexBuilder{name: "modules.symbols.bin", report: report}
		b.Grow(len(symbols))
		for _, s := range symbols {
			b.add("symbol:"+s.name, r.modules[s.owner].name, int(s.owner))
		}
		return indexOf(&b.Builder)
	}
}
