package elfinfo

import (
	"bytes"
	"encoding/binary"
)

// testELF lays a small ELF file: header, contents of the sections, section name table, section headers.
type testELF struct {
	layout
	machine  uint16
	sections []testSection
}

type testSection struct {
	name  string
	data  string
	flags uint64
	off   uint64 // overrides where the header says the contents are, if not zero
	size  uint64 // the same for their size
	at    int    // overrides where the header says the name is, if not zero
}

// Where fields of the ELF header are: in 32-bit, in 64-bit files.
var (
	fieldShoff     = [2]int{32, 40}
	fieldShentsize = [2]int{46, 58}
	fieldShnum     = [2]int{48, 60}
	fieldShstrndx  = [2]int{50, 62}
)

func (e testELF) byteOrder() binary.AppendByteOrder {
	if e.BigEndian {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

func (e testELF) word(b []byte, v uint64) []byte {
	if e.Is64 {
		return e.byteOrder().AppendUint64(b, v)
	}
	return e.byteOrder().AppendUint32(b, uint32(v))
}

// build gives the file. Section 0 is the null section, sections[i] is section i+1, the last is .shstrtab.
func (e testELF) build() []byte {
	order := e.byteOrder()
	names := []byte{0}
	sections := append([]testSection{{}}, e.sections...)
	sections = append(sections, testSection{name: ".shstrtab"})
	nameOffs := make([]int, len(sections))
	for i, s := range sections {
		if nameOffs[i] = s.at; s.at == 0 && s.name != "" {
			nameOffs[i] = len(names)
			names = append(append(names, s.name...), 0)
		}
	}
	sections[len(sections)-1].data = string(names)

	body := make([]byte, e.headerSize())
	for i, s := range sections {
		if s.off == 0 {
			sections[i].off = uint64(len(body))
		}
		if s.size == 0 {
			sections[i].size = uint64(len(s.data))
		}
		body = append(body, s.data...)
	}
	shoff := len(body)
	for i, s := range sections {
		body = order.AppendUint32(body, uint32(nameOffs[i]))
		body = order.AppendUint32(body, 1) // sh_type: SHT_PROGBITS
		for _, v := range []uint64{s.flags, 0, s.off, s.size} {
			body = e.word(body, v)
		}
		body = append(body, make([]byte, e.sectionHeaderSize()-8-4*e.wordSize())...)
	}
	copy(body, e.header(uint64(shoff), len(sections)))
	return body
}

func (e testELF) header(shoff uint64, sections int) []byte {
	order := e.byteOrder()
	b := append([]byte(elfMagic), byte(e.pick(1, 2)), 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	if e.BigEndian {
		b[identData] = 2
	}
	b = order.AppendUint16(b, 1) // e_type: ET_REL
	b = order.AppendUint16(b, e.machine)
	b = order.AppendUint32(b, 1)
	b = e.word(e.word(b, 0), 0)
	b = e.word(b, shoff)
	b = order.AppendUint32(b, 0)
	for _, v := range []int{int(e.headerSize()), 0, 0, e.sectionHeaderSize(), sections, sections - 1} {
		b = order.AppendUint16(b, uint16(v))
	}
	return b
}

// testSymbol is one entry of a symbol table; index is the number of its section.
type testSymbol struct {
	name  string
	info  byte
	index uint16
	value uint64
}

// symbols makes .symtab and .strtab, beginning with the null symbol.
func (e testELF) symbols(symbols ...testSymbol) []testSection {
	order := e.byteOrder()
	names := []byte{0}
	table := make([]byte, e.symbolSize())
	for _, s := range symbols {
		at := 0
		if s.name != "" {
			at = len(names)
			names = append(append(names, s.name...), 0)
		}
		table = order.AppendUint32(table, uint32(at))
		if e.Is64 {
			table = append(table, s.info, 0)
			table = order.AppendUint16(table, s.index)
			table = order.AppendUint64(order.AppendUint64(table, s.value), 0)
			continue
		}
		table = order.AppendUint32(order.AppendUint32(table, uint32(s.value)), 0)
		table = append(table, s.info, 0)
		table = order.AppendUint16(table, s.index)
	}
	return []testSection{{name: ".symtab", data: string(table)}, {name: ".strtab", data: string(names)}}
}

// versions makes __versions.
func (e testELF) versions(symbols ...Symbol) testSection {
	var data []byte
	for _, s := range symbols {
		entry := append(e.word(nil, s.CRC), s.Name...)
		data = append(data, append(entry, make([]byte, versionSize-len(entry))...)...)
	}
	return testSection{name: "__versions", data: string(data), flags: flagAlloc}
}

// extVersions makes __version_ext_crcs and __version_ext_names.
func (e testELF) extVersions(symbols ...Symbol) []testSection {
	var crcs, names []byte
	for _, s := range symbols {
		crcs = e.byteOrder().AppendUint32(crcs, uint32(s.CRC))
		names = append(append(names, s.Name...), 0)
	}
	return []testSection{
		{name: "__version_ext_crcs", data: string(crcs), flags: flagAlloc},
		{name: "__version_ext_names", data: string(names), flags: flagAlloc},
	}
}

// u32s makes section contents of 32-bit numbers.
func (e testELF) u32s(numbers ...uint32) string {
	var b []byte
	for _, n := range numbers {
		b = e.byteOrder().AppendUint32(b, n)
	}
	return string(b)
}

// put16 overwrites a header field.
func (e testELF) put16(image []byte, field [2]int, v uint16) []byte {
	image = bytes.Clone(image)
	copy(image[e.pick(field[0], field[1]):], e.byteOrder().AppendUint16(nil, v))
	return image
}

// put32 overwrites a field of the file.
func (e testELF) put32(image []byte, at int, v uint32) []byte {
	image = bytes.Clone(image)
	copy(image[at:], e.byteOrder().AppendUint32(nil, v))
	return image
}

// putWord overwrites a header field.
func (e testELF) putWord(image []byte, field [2]int, v uint64) []byte {
	image = bytes.Clone(image)
	copy(image[e.pick(field[0], field[1]):], e.word(nil, v))
	return image
}

// kinds are the four kinds of ELF file.
func kinds() []testELF {
	return []testELF{
		{layout: layout{Is64: true}, machine: 62},
		{layout: layout{Is64: true, BigEndian: true}, machine: 22},
		{layout: layout{}, machine: 40},
		{layout: layout{BigEndian: true}, machine: 20},
	}
}

func (e testELF) with(sections ...testSection) testELF {
	e.sections = append(e.sections[:len(e.sections):len(e.sections)], sections...)
	return e
}

func (e testELF) String() string {
	return map[bool]string{false: "32", true: "64"}[e.Is64] + map[bool]string{false: "LE", true: "BE"}[e.BigEndian]
}
