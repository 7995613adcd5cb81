package elfinfo

import (
	"bytes"
	"math"
)

// sectionName is one of the sections that this package reads.
type sectionName int

const (
	modinfoSection sectionName = iota
	strtabSection
	symtabSection
	versionsSection
	versionExtCRCsSection
	versionExtNamesSection
	ksymtabStringsSection
	buildIDSection
	wantedSections
	notWanted sectionName = -1
)

func (n sectionName) String() string {
	return [...]string{
		".modinfo", ".strtab", ".symtab", "__versions", "__version_ext_crcs", "__version_ext_names", "__ksymtab_strings", ".note.gnu.build-id",
	}[n]
}

// lookupSection looks at the name that the string table, which ends with NUL, begins with.
func lookupSection(names []byte) sectionName {
	if len(names) < 2 {
		return notWanted
	}
	switch names[1] { // tells most others apart: .text, .rela.text, .data, .init.text
	case 'm', 's', '_', 'n':
	default:
		return notWanted
	}
	switch string(names[:bytes.IndexByte(names, 0)]) {
	case ".modinfo":
		return modinfoSection
	case ".strtab":
		return strtabSection
	case ".symtab":
		return symtabSection
	case "__versions":
		return versionsSection
	case "__version_ext_crcs":
		return versionExtCRCsSection
	case "__version_ext_names":
		return versionExtNamesSection
	case "__ksymtab_strings":
		return ksymtabStringsSection
	case ".note.gnu.build-id":
		return buildIDSection
	}
	return notWanted
}

// section is where a section lies. Its range is inside the file.
type section struct {
	present   bool
	off, size int64
	header    int64 // offset of its section header
	data      []byte
}

// readTable reads the section headers and notes where the wanted sections are: the first of each name whose range is inside
// the file. (.bss, and sections that strip --only-keep-debug emptied, have ranges that mean nothing.)
func (f *File) readTable(header []byte) error {
	at := f.pick(32, 40) // e_shoff
	off := f.word(header[at:])
	at = f.pick(46, 58) // e_shentsize, e_shnum, e_shstrndx
	entry, count, names := f.u16(header[at:]), f.u16(header[at+2:]), f.u16(header[at+4:])
	if int(entry) != f.sectionHeaderSize() {
		return invalid(int64(at), "size of a section header is not "+decimal(int64(f.sectionHeaderSize())), uint64(entry))
	}
	tableSize := uint64(count) * uint64(entry)
	if !f.inside(off, tableSize) {
		return invalid(int64(at+2), "section headers at 0x"+hexNumber(off)+" leave the file, their number is", uint64(count))
	}
	if names == 0 || names >= count {
		return invalid(int64(at+4), "section name table is none of the "+decimal(int64(count))+" sections", uint64(names))
	}
	f.tableOff = int64(off)
	var err error
	if f.table, err = f.img.Bytes(int64(off), int64(tableSize)); err != nil {
		return err
	}
	return f.findSections(int(names))
}

func (f *File) findSections(namesIndex int) error {
	f.namesSize = math.MaxUint64 // not known yet
	s, ok := f.section(namesIndex)
	if !ok {
		return invalid(s.header, "section name table leaves the file, its index is", uint64(namesIndex))
	}
	f.namesSize = uint64(s.size)
	if _, ok := f.section(namesIndex); !ok {
		return invalid(s.header, "name of the section name table is outside of it, its size is", uint64(s.size))
	}
	names, err := f.img.Bytes(s.off, s.size)
	if err != nil {
		return err
	}
	if last := names[len(names)-1]; last != 0 {
		return invalid(s.off+s.size-1, "section name table does not end with NUL but with", uint64(last))
	}
	size := f.sectionHeaderSize()
	for i := range len(f.table) / size {
		name := f.u32(f.table[i*size:])
		if uint64(name) >= f.namesSize {
			continue
		}
		wanted := lookupSection(names[name:])
		if wanted == notWanted || f.found[wanted].present {
			continue
		}
		// C kmod takes a section at offset 0, where the ELF header is, for none.
		if s, ok := f.section(i); ok && s.off > 0 {
			f.found[wanted] = s
		}
	}
	return nil
}

// section reads header i, which is below the number of sections; false if the section or its name lies outside.
func (f *File) section(i int) (section, bool) {
	at := i * f.sectionHeaderSize()
	header := f.table[at:]
	s := section{header: f.tableOff + int64(at)}
	where := f.pick(16, 24) // sh_offset, sh_size
	off, size := f.word(header[where:]), f.word(header[where+f.wordSize():])
	if !f.inside(off, size) || uint64(f.u32(header)) >= f.namesSize {
		return s, false
	}
	s.present, s.off, s.size = true, int64(off), int64(size)
	return s, true
}

// inside tells whether a range of the file lies in it.
func (f *File) inside(off, size uint64) bool {
	return off <= uint64(f.size) && size <= uint64(f.size)-off
}
