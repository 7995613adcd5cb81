package depmod

import (
	"cmp"
	"slices"
	"strings"

	"gomod/internal/config"
)

// dependencies gives the lines of modules.dep, such as
//
//	kernel/fs/ext4/ext4.ko: kernel/lib/crc16.ko kernel/fs/mbcache.ko kernel/fs/jbd2/jbd2.ko
func (r *run) dependencies() []string {
	lines := make([]string, len(r.modules))
	c := r.closures()
	var line []byte
	for i, m := range r.modules {
		line = append(append(line[:0], m.relative...), ':')
		for _, rank := range c.of(i) {
			line = append(append(line, ' '), c.byRank[rank].relative...)
		}
		lines[i] = string(append(line, '\n'))
	}
	return lines
}

func (r *run) aliases(func(Event)) []byte {
	size := 0
	for _, m := range r.modules {
		for _, alias := range m.aliases {
			size += len("alias ") + len(alias) + len(" ") + len(m.name) + len("\n")
		}
	}
	const header = "# Aliases extracted from modules themselves.\n"
	out := append(make([]byte, 0, len(header)+size), header...)
	for _, m := range r.modules {
		for _, alias := range m.aliases {
			out = appendLine(out, "alias ", alias, " ", m.name)
		}
	}
	return out
}

func (r *run) softdeps(report func(Event)) []byte {
	out := []byte("# Soft dependencies extracted from modules themselves.\n")
	for _, m := range r.modules {
		out = m.appendFitting(out, "softdep", m.softdeps, report)
	}
	return out
}

func (r *run) weakdeps(report func(Event)) []byte {
	out := []byte("# Weak dependencies extracted from modules themselves.\n")
	for _, m := range r.modules {
		out = m.appendFitting(out, "weakdep", m.weakdeps, report)
	}
	return out
}

// appendFitting leaves out what would make the file longer than modprobe reads it.
func (m *module) appendFitting(out []byte, command string, texts []string, report func(Event)) []byte {
	var left misfits
	for _, text := range texts {
		if len(out)+len(command)+len(m.name)+len(text)+len("  \n") > config.ModulesLimit {
			left.add(&MisfitError{command, text, ErrFull})
			continue
		}
		out = appendLine(out, command, " ", m.name, " ", text)
	}
	left.tell(m.path, report)
	return out
}

func (r *run) symbolText(symbols []ownedSymbol) []byte {
	const header, usual = "# Aliases for symbols, used by symbol_request().\n", 60
	out := append(make([]byte, 0, len(header)+usual*len(symbols)), header...)
	for _, s := range symbols {
		out = appendLine(out, "alias symbol:", s.name, " ", r.modules[s.owner].name)
	}
	return out
}

func appendLine(out []byte, parts ...string) []byte {
	for _, part := range parts {
		out = append(out, part...)
	}
	return append(out, '\n')
}

// ownedSymbol is a symbol that a module has.
type ownedSymbol struct {
	name   string
	owner  int32
	bucket uint32
}

// ownedSymbols gives them in the order of C kmod's hash table.
func (r *run) ownedSymbols() []ownedSymbol {
	symbols := make([]ownedSymbol, 0, len(r.symbols.names))
	for name, s := range r.symbols.names {
		if s.owner != noOwner {
			symbols = append(symbols, ownedSymbol{name, s.owner, hash(name) % symbolBuckets})
		}
	}
	slices.SortFunc(symbols, func(a, b ownedSymbol) int {
		return cmp.Or(cmp.Compare(a.bucket, b.bucket), strings.Compare(a.name, b.name))
	})
	return symbols
}
