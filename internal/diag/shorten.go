package diag

import "strings"

const (
	// mostSymbols are kept of all the modules that one needs: broken ones may have millions that the kernel does not have.
	mostSymbols = 10_000
	// leastSymbols are kept of each cause, whatever others have: so many are shown of one.
	leastSymbols = 10
)

// shortenedNeeds shortens what is wrong with the modules that another needs, and leaves that one's own causes as they are.
func shortenedNeeds(causes []Cause, room *int) []Cause {
	for _, cause := range causes {
		if dependency, ok := cause.(Dependency); ok {
			for i := range dependency.Causes {
				dependency.Causes[i] = shortened(dependency.Causes[i], room)
			}
		}
	}
	return causes
}

// shortened is a cause without the symbols for which there is no room left. What it keeps keeps nothing else of the module in memory.
func shortened(cause Cause, room *int) Cause {
	switch c := cause.(type) {
	case UnknownSymbols:
		c.Symbols, c.Others = kept(c.Symbols, room, func(s *MissingSymbol) { s.Name = strings.Clone(s.Name) })
		return c
	case GPLOnly:
		c.Symbols, c.Others = kept(c.Symbols, room, func(name *string) { *name = strings.Clone(*name) })
		return c
	case SymbolVersions:
		c.Symbols, c.Others = kept(c.Symbols, room, func(s *SymbolVersion) {
			s.Name = strings.Clone(s.Name)
			s.Module, s.Kernel = cloned(s.Module), cloned(s.Kernel)
		})
		return c
	}
	return cause
}

func kept[T any](list []T, room *int, free func(*T)) (some []T, others int) {
	n := min(len(list), max(*room, leastSymbols))
	*room -= n
	some = append(some, list[:n]...)
	for i := range some {
		free(&some[i])
	}
	return some, len(list) - n
}

func cloned(crc *uint64) *uint64 {
	if crc == nil {
		return nil
	}
	value := *crc
	return &value
}
