package elfinfo

import "bytes"

// Special section indexes (elf(5)).
const (
	shnUndef = 0
	shnABS   = 0xfff1
)

// symtab is .symtab with its names in .strtab.
type symtab struct {
	layout
	entries []byte // a whole number of symbols
	names   []byte // ends with NUL
	off     int64  // of entries in the file
	room    int64  // bytes of names that may still be given out: the file's size
}

// symtab opens the symbol table; ENODATA if there is none.
func (f *File) symtab() (*symtab, error) {
	names, err := f.mustBytes(strtabSection)
	if err != nil {
		return nil, err
	}
	entries, err := f.mustBytes(symtabSection)
	if err != nil {
		return nil, err
	}
	t := &symtab{f.layout, entries, names, f.found[symtabSection].off, f.size}
	if len(entries)%t.symbolSize() != 0 {
		return nil, invalid(f.found[symtabSection].header, "size of .symtab is no multiple of "+decimal(int64(t.symbolSize())), uint64(len(entries)))
	}
	if len(names) == 0 || names[len(names)-1] != 0 {
		return nil, invalid(f.found[strtabSection].header, ".strtab does not end with NUL, its size is", uint64(len(names)))
	}
	return t, nil
}

// The methods below take the offset of a symbol in entries. They read no more than they are asked for: depmod walks the symbols
// of every module.

// info gives binding and type.
func (t *symtab) info(at int) byte { return t.entries[at+t.pick(12, 4)] }

func (t *symtab) section(at int) uint16 { return t.u16(t.entries[at+t.pick(14, 6):]) }

func (t *symtab) value(at int) uint64 { return t.word(t.entries[at+t.pick(4, 8):]) }

// nameFrom gives the string table from the symbol's name on.
func (t *symtab) nameFrom(at int) ([]byte, error) {
	off := t.u32(t.entries[at:])
	if uint64(off) >= uint64(len(t.names)) {
		return nil, invalid(t.off+int64(at), "name of a symbol is outside .strtab, at", uint64(off))
	}
	return t.names[off:], nil
}

// cut ends a name from nameFrom at its NUL. Names may overlap each other; those given out may not exceed the file together, so
// that many symbols cannot share one huge name.
func (t *symtab) cut(name []byte) ([]byte, error) {
	name = name[:bytes.IndexByte(name, 0)]
	if t.room -= int64(len(name)); t.room < 0 {
		return nil, invalid(t.off, "names of symbols are longer together than the file, this one is", uint64(len(name)))
	}
	return name, nil
}
