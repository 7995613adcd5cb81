package depmod

import (
	"bytes"
	"strings"

	"gomod/internal/strtoull"
)

// readSources reads the kernel's own symbols, if a file is given that has them.
func (r *run) readSources() error {
	r.symbols.names = make(map[string]symbol)
	path, read := r.Symvers, r.readSymvers
	if path == "" {
		path, read = r.SystemMap, r.readSystemMap
	}
	if path == "" {
		return nil
	}
	data, err := readOperand(path)
	if err != nil {
		return &SourceError{path, err}
	}
	read(path, data)
	// The linker and the module loader make these.
	for _, name := range [...]string{"__this_module", "_GLOBAL_OFFSET_TABLE_", "TOC."} {
		if _, there := r.symbols.names[name]; !there {
			r.symbols.names[name] = symbol{owner: noOwner}
		}
	}
	return nil
}

// readSymvers reads Module.symvers (Documentation/kbuild/modules.rst), lines such as
//
//	0x9a1dfd65	module_layout	vmlinux	EXPORT_SYMBOL
//
// of which only those of vmlinux count. The newline belongs to the last word of a line, so that lines of three do not.
func (r *run) readSymvers(path string, data []byte) {
	for number := 1; len(data) > 0; number++ {
		var line []byte
		line, data = cutLine(data, sourceLine)
		words := strings.FieldsFunc(string(line), isBlank)
		if len(words) < 3 || words[2] != "vmlinux" {
			continue
		}
		crc, ok := strtoull.Parse(words[0], 16)
		if !ok {
			r.Report(Event{Kind: BadSymvers, Path: path, Number: number, Name: words[0]})
			continue
		}
		r.addKernelSymbol(words[1], crc)
	}
}

// readSystemMap reads System.map, lines such as
//
//	ffffffff82a5b0f4 r __ksymtab_printk
func (r *run) readSystemMap(path string, data []byte) {
	for number := 1; len(data) > 0; number++ {
		var line []byte
		line, data = cutLine(data, sourceLine)
		_, rest, found := bytes.Cut(line, []byte{' '})
		_, name, found2 := bytes.Cut(rest, []byte{' '})
		if !found || !found2 {
			r.Report(Event{Kind: BadSystemMap, Path: path, Number: number, Name: string(line)})
			continue
		}
		name = bytes.TrimSuffix(name, []byte{'\n'})
		if r.Prefix != 0 && len(name) > 0 && name[0] == r.Prefix {
			name = name[1:]
		}
		if exported, ok := bytes.CutPrefix(name, []byte("__ksymtab_")); ok {
			r.addKernelSymbol(string(exported), 0)
		}
	}
}

func (r *run) addKernelSymbol(name string, crc uint64) {
	r.symbols.names[r.withoutPrefix(name)] = symbol{crc, noOwner}
}

// sourceLine is how many bytes C kmod takes for a line where no newline comes before.
const sourceLine = 10239

// cutLine cuts off the first line with its newline, at most so many bytes, without what follows a NUL in it.
func cutLine(data []byte, most int) (line, rest []byte) {
	most = min(most, len(data))
	if end := bytes.IndexByte(data[:most], '\n'); end >= 0 {
		most = end + 1
	}
	line, rest = data[:most], data[most:]
	line, _, _ = bytes.Cut(line, []byte{0})
	return line, rest
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' }
