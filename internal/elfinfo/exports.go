package elfinfo

import (
	"bytes"
	"math"
)

// Symbol is a symbol with the checksum of its type (CONFIG_MODVERSIONS).
type Symbol struct {
	Name string
	CRC  uint64 // 0: not known; NoCRC: the module names a place outside of itself
}

// NoCRC stands where a module's checksum cannot be read.
const NoCRC = math.MaxUint64

const crcPrefix = "__crc_"

// Exports gives the symbols that the module offers to others: those with a __crc_NAME beside them, in the order of .symtab; if
// .symtab is missing, broken or has none of these, the strings of __ksymtab_strings, with checksum 0. A module with neither is
// ENODATA.
func (f *File) Exports() ([]Symbol, error) { return f.exports(true) }

// ExportNames is Exports with all checksums left 0, which reads less of the file.
func (f *File) ExportNames() ([]Symbol, error) { return f.exports(false) }

func (f *File) exports(withCRC bool) ([]Symbol, error) {
	symbols, err := f.exportsOfSymtab(withCRC)
	if len(symbols) > 0 || isIO(err) {
		return symbols, err
	}
	data, err := f.mustBytes(ksymtabStringsSection)
	if err != nil {
		return nil, err
	}
	if n := len(data); n > 0 && data[n-1] != 0 {
		return nil, invalid(f.found[ksymtabStringsSection].off+int64(n)-1, "__ksymtab_strings does not end with NUL but with", uint64(data[n-1]))
	}
	text := string(data)
	symbols = make([]Symbol, 0, maxStrings(data))
	for text != "" {
		var name string
		if name, text = nextString(text); name != "" {
			symbols = append(symbols, Symbol{Name: name})
		}
	}
	return symbols, nil
}

func (f *File) exportsOfSymtab(withCRC bool) ([]Symbol, error) {
	t, err := f.symtab()
	if err != nil {
		return nil, err
	}
	var names nameList
	var crcs []uint64
	reader := crcReader{file: f}
	size := t.symbolSize()
	for at := size; at < len(t.entries); at += size {
		name, err := t.nameFrom(at)
		if err != nil {
			return nil, err
		}
		if !bytes.HasPrefix(name, []byte(crcPrefix)) {
			continue
		}
		if name, err = t.cut(name[len(crcPrefix):]); err != nil {
			return nil, err
		}
		names.add(name)
		if withCRC {
			crc, err := reader.read(t.section(at), t.value(at))
			if err != nil {
				return nil, err
			}
			crcs = append(crcs, crc)
		}
	}
	symbols := make([]Symbol, names.len())
	names.each(func(i int, name string) { symbols[i].Name = name })
	for i, crc := range crcs {
		symbols[i].CRC = crc
	}
	return symbols, nil
}
