package elfinfo

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// plain is a module as debug/elf finds it. What it says is put together here the plain way, with no bound and several copies.
type plain struct {
	*elf.File
	image []byte
}

// fuzzPlain compares the header, the places of sections and what they say with what debug/elf finds, where that can read the file, too. It
// refuses more, and reads section headers that stand elsewhere where their number is 0.
func fuzzPlain(t *testing.T, image []byte) {
	f, err := Parse(memory(image))
	theirs, theirErr := elf.NewFile(bytes.NewReader(image))
	if err != nil || theirErr != nil || len(theirs.Sections) != len(f.table)/f.sectionHeaderSize() {
		return
	}
	p := plain{theirs, image}
	if uint16(p.Type) != f.Type || uint16(p.Machine) != f.Machine || (p.Class == elf.ELFCLASS64) != f.Is64 || (p.Data == elf.ELFDATA2MSB) != f.BigEndian {
		t.Fatalf("%+v, %+v", f, p.FileHeader)
	}
	for name := range wantedSections {
		want, got := p.section(name), f.found[name]
		if got.present != (want != nil) || want != nil && (uint64(got.off) != want.Offset || uint64(got.size) != want.FileSize) {
			t.Fatalf("section %v: %+v instead of %+v", name, got, want)
		}
	}
	fields, err := f.Modinfo()
	want, ok := p.modinfo()
	plainly(t, "modinfo", fields, err, want, ok)
	id, err := f.BuildID()
	wantID, ok := p.buildID()
	plainly(t, "build-id", id, err, wantID, ok)
	versions, err := f.Versions()
	wantVersions, ok := p.shownVersions()
	plainly(t, "versions", versions, err, wantVersions, ok)
	if !p.readsSymbols() {
		return
	}
	needs, err := f.Needs()
	wantNeeds, ok := p.needs()
	plainly(t, "needs", needs, err, wantNeeds, ok)
	exports, err := f.Exports()
	wantExports, ok := p.exports()
	plainly(t, "exports", exports, err, wantExports, ok)
}

func plainly[T comparable](t *testing.T, what string, got []T, err error, want []T, ok bool) {
	t.Helper()
	if ok != (err == nil) || ok && !slices.Equal(got, want) {
		t.Fatalf("%s: %v %v instead of %v %v", what, got, err, want, ok)
	}
}

// typed gives the tables of a copy the types and the link by which debug/elf finds them; f and the kernel go by their names.
func typed(f *File, image []byte) []byte {
	image = bytes.Clone(image)
	size := f.sectionHeaderSize()
	header := func(i int) []byte { return image[int(f.tableOff)+i*size:][:size] }
	put := func(to []byte, v uint32) { copy(to, testELF{layout: f.layout}.u32s(v)) }
	names := int(f.u16(image[f.pick(50, 62):]))
	put(header(names)[4:], uint32(elf.SHT_STRTAB))
	for i := range len(f.table) / size {
		if f.u32(header(i)[4:]) == uint32(elf.SHT_SYMTAB) {
			put(header(i)[4:], uint32(elf.SHT_PROGBITS))
		}
	}
	symtab, strtab := f.found[symtabSection], f.found[strtabSection]
	if symtab.present && strtab.present {
		at := image[symtab.header:]
		put(at[4:], uint32(elf.SHT_SYMTAB))
		put(at[f.pick(24, 40):], uint32((strtab.header-f.tableOff)/int64(size)))
	}
	return image
}

// section is the first of that name which lies in the file.
func (p plain) section(name sectionName) *elf.Section {
	for _, s := range p.Sections {
		if s.Name == name.String() && s.Offset > 0 && p.inside(s) {
			return s
		}
	}
	return nil
}

func (p plain) inside(s *elf.Section) bool {
	size := uint64(len(p.image))
	return s.Offset <= size && s.FileSize <= size-s.Offset
}

func (p plain) bytes(name sectionName) (data []byte, present bool) {
	s := p.section(name)
	if s == nil {
		return nil, false
	}
	return p.image[s.Offset:][:s.FileSize], true
}

func (p plain) modinfo() (fields []Field, ok bool) {
	data, present := p.bytes(modinfoSection)
	for line := range strings.SplitSeq(string(data), "\x00") {
		if key, value, _ := strings.Cut(line, "="); line != "" {
			fields = append(fields, Field{key, value})
		}
	}
	return fields, present
}

// readsSymbols tells whether p.Symbols reads the tables that f does: others may have their type or no type, be packed, or lie elsewhere.
func (p plain) readsSymbols() bool {
	table := p.SectionByType(elf.SHT_SYMTAB)
	names := p.section(strtabSection)
	if table == nil || names == nil || table != p.section(symtabSection) || int(table.Link) >= len(p.Sections) || p.Sections[table.Link] != names {
		return false
	}
	return (table.Flags|names.Flags)&elf.SHF_COMPRESSED == 0 && names.Type != elf.SHT_NOBITS
}

// symbols are those of .symtab; ok is false for a table that is broken.
func (p plain) symbols() (symbols []elf.Symbol, ok bool) {
	names, _ := p.bytes(strtabSection)
	table, _ := p.bytes(symtabSection)
	if len(names) == 0 || names[len(names)-1] != 0 {
		return nil, false
	}
	if len(table) == 0 { // debug/elf takes it for none
		return nil, true
	}
	symbols, err := p.Symbols()
	return symbols, err == nil
}

// outside tells whether the name of a symbol, which debug/elf leaves empty then, is outside of .strtab.
func (p plain) outside(i int) bool {
	table, _ := p.bytes(symtabSection)
	names, _ := p.bytes(strtabSection)
	size := elf.Sym64Size
	if p.Class == elf.ELFCLASS32 {
		size = elf.Sym32Size
	}
	return uint64(p.ByteOrder.Uint32(table[(i+1)*size:])) >= uint64(len(names))
}

func (p plain) needs() (needs []Need, ok bool) {
	symbols, ok := p.symbols()
	text := 0
	for i, s := range symbols {
		sparc := p.Machine == elf.EM_SPARC || p.Machine == elf.EM_SPARC32PLUS || p.Machine == elf.EM_SPARCV9
		if s.Section != elf.SHN_UNDEF || sparc && elf.ST_TYPE(s.Info) == 13 {
			continue
		}
		text += len(s.Name)
		if ok = ok && !p.outside(i); s.Name != "" {
			needs = append(needs, Need{Name: s.Name, Weak: elf.ST_BIND(s.Info) == elf.STB_WEAK})
		}
	}
	versions, fine := p.versions()
	undefined, told := len(needs), make(map[string]bool)
	for _, v := range versions {
		known := false
		for i := range needs[:undefined] {
			if needs[i].Name == v.Name && !told[v.Name] {
				needs[i].CRC, known = v.CRC, true
			}
		}
		if told[v.Name] = true; !known {
			needs = append(needs, Need{Name: v.Name, CRC: v.CRC})
		}
	}
	return needs, ok && fine && text <= len(p.image)
}

// versions are the entries of the version table, none where it does not count; ok is false for a broken one.
func (p plain) versions() (versions []Symbol, ok bool) {
	crcs, hasCRCs := p.bytes(versionExtCRCsSection)
	names, hasNames := p.bytes(versionExtNamesSection)
	if hasCRCs || hasNames {
		list := strings.Split(string(names), "\x00")
		count := len(crcs) / 4
		if !hasCRCs || !hasNames || len(crcs)%4 != 0 || count > len(list)-1 {
			return nil, false
		}
		for i, name := range list[:count] {
			versions = append(versions, Symbol{name, uint64(p.ByteOrder.Uint32(crcs[4*i:]))})
		}
		return versions, true
	}
	table, _ := p.bytes(versionsSection)
	if len(table)%64 != 0 {
		return nil, true
	}
	for entry := range slices.Chunk(table, 64) {
		crc, rest := uint64(p.ByteOrder.Uint32(entry)), entry[4:]
		if p.Class == elf.ELFCLASS64 {
			crc, rest = p.ByteOrder.Uint64(entry), entry[8:]
		}
		name, _, ended := strings.Cut(string(rest), "\x00")
		if !ended {
			return nil, false
		}
		versions = append(versions, Symbol{name, crc})
	}
	return versions, true
}

// shownVersions are the entries as they are shown, if there is a table.
func (p plain) shownVersions() (versions []Symbol, ok bool) {
	_, hasCRCs := p.bytes(versionExtCRCsSection)
	_, hasNames := p.bytes(versionExtNamesSection)
	table, present := p.bytes(versionsSection)
	versions, ok = p.versions()
	for i := range versions {
		versions[i].Name = strings.TrimPrefix(versions[i].Name, ".")
	}
	return versions, ok && (hasCRCs || hasNames || present && len(table)%64 == 0)
}

// buildID is what the first note holds, which is of type NT_GNU_BUILD_ID.
func (p plain) buildID() (id []byte, ok bool) {
	data, _ := p.bytes(buildIDSection)
	var note struct {
		NameSize, Size, Type uint32
		Name                 [4]byte
	}
	read, err := binary.Decode(data, p.ByteOrder, &note)
	if err != nil || note.NameSize != 4 || note.Type != 3 || string(note.Name[:]) != "GNU\x00" || int64(note.Size) > int64(len(data)-read) {
		return nil, false
	}
	return data[read:][:note.Size], true
}

func (p plain) exports() (exports []Symbol, ok bool) {
	symbols, ok := p.symbols()
	text := 0
	for i, s := range symbols {
		if name, isCRC := strings.CutPrefix(s.Name, "__crc_"); isCRC {
			exports = append(exports, Symbol{name, p.crc(s)})
			text += len(name)
		}
		ok = ok && !p.outside(i)
	}
	if ok && len(exports) > 0 && text <= len(p.image) {
		return exports, true
	}
	exports = nil
	data, present := p.bytes(ksymtabStringsSection)
	for name := range strings.SplitSeq(string(data), "\x00") {
		if name != "" {
			exports = append(exports, Symbol{Name: name})
		}
	}
	return exports, present && (len(data) == 0 || data[len(data)-1] == 0)
}

// crc is the symbol's value, or the four bytes of a section that it points at.
func (p plain) crc(s elf.Symbol) uint64 {
	if s.Section == elf.SHN_ABS || s.Section == elf.SHN_UNDEF {
		return s.Value
	}
	if int(s.Section) >= len(p.Sections) || !p.inside(p.Sections[s.Section]) {
		return NoCRC
	}
	section := p.Sections[s.Section]
	data := p.image[section.Offset:][:section.FileSize]
	if s.Value > uint64(len(data)) || len(data)-int(s.Value) < 4 {
		return NoCRC
	}
	return uint64(p.ByteOrder.Uint32(data[s.Value:]))
}
