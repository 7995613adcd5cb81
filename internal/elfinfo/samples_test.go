package elfinfo

import (
	"bytes"
	"strings"
	"syscall"
)

// sample is a hand-made module with hand-written expectations. TestReference shows the same ones to C kmod 34.2.
type sample struct {
	name     string
	image    []byte
	modinfo  outcome // lines "key=value"
	exports  outcome // lines "CRC NAME", the CRC in hexadecimal
	versions outcome
	beyond   bool // on purpose not what C kmod gives for exports or versions
}

// outcome is either text or an errno.
type outcome struct {
	text  string
	errno syscall.Errno
}

const (
	noexec = syscall.ENOEXEC
	inval  = syscall.EINVAL
	nodata = syscall.ENODATA
)

func fails(errno syscall.Errno) outcome { return outcome{errno: errno} }

func gives(lines ...string) outcome {
	if len(lines) == 0 {
		return outcome{}
	}
	return outcome{text: strings.Join(lines, "\n") + "\n"}
}

func samples(e testELF) []sample {
	all := malformed(e)
	all = append(all, modinfoSamples(e)...)
	all = append(all, exportSamples(e)...)
	all = append(all, brokenExportSamples(e)...)
	return append(all, versionSamples(e)...)
}

// malformed are files that are not ELF, or broken ELF (section 7.1 of the specification).
func malformed(e testELF) []sample {
	good := e.with(testSection{name: ".modinfo", data: "license=GPL\x00"}).build()
	entry := uint16(e.sectionHeaderSize())
	size := uint64(len(good))
	headers := size - 3*uint64(entry) // null section, .modinfo, .shstrtab
	patch := func(at int, b byte) []byte {
		image := bytes.Clone(good)
		image[at] = b
		return image
	}
	var all []sample
	refused := func(name string, image []byte, errno syscall.Errno) {
		all = append(all, sample{name: name, image: image, modinfo: fails(errno), exports: fails(errno), versions: fails(errno)})
	}
	refused("no magic", patch(0, 'X'), noexec)
	refused("magic broken at its end", patch(3, 'f'), noexec)
	refused("16 bytes", good[:16], noexec)
	refused("17 bytes", good[:17], inval)
	refused("only a header", good[:e.headerSize()], inval)
	refused("class 0", patch(identClass, 0), inval)
	refused("class 3", patch(identClass, 3), inval)
	refused("data 0", patch(identData, 0), inval)
	refused("data 3", patch(identData, 3), inval)
	refused("section headers too small", e.put16(good, fieldShentsize, entry-1), inval)
	refused("section headers too large", e.put16(good, fieldShentsize, entry+1), inval)
	refused("one section header too many", e.put16(good, fieldShnum, 4), inval)
	refused("65535 section headers", e.put16(good, fieldShnum, 65535), inval)
	refused("no section headers", e.put16(good, fieldShnum, 0), inval)
	refused("section headers one byte too late", e.putWord(good, fieldShoff, headers+1), inval)
	refused("section headers at the end", e.putWord(good, fieldShoff, size), inval)
	refused("section headers far away", e.putWord(good, fieldShoff, ^uint64(0)), inval)
	refused("section headers wrap around", e.putWord(good, fieldShoff, -uint64(entry)), inval)
	refused("name table is section 0", e.put16(good, fieldShstrndx, 0), inval)
	refused("name table is section 3 of 3", e.put16(good, fieldShstrndx, 3), inval)
	refused("name table is section 65535", e.put16(good, fieldShstrndx, 65535), inval)
	refused("name table without NUL", patch(int(headers)-1, 'x'), inval)
	// The section name table of good is "\0.modinfo\0.shstrtab\0", 20 bytes long.
	last := int(size) - int(entry)
	refused("name table's name behind its end", e.put32(good, last, 20), inval)
	refused("name table's name far away", e.put32(good, last, 1<<31), inval)
	refused("name table empty", e.putWord(good, [2]int{last + 20, last + 32}, 0), inval)
	refused("name table larger than the file", e.putWord(good, [2]int{last + 20, last + 32}, size), inval)
	refused("name table at the end", e.putWord(good, [2]int{last + 16, last + 24}, size), inval)
	return all
}

func modinfoSamples(e testELF) []sample {
	info := func(data string) testSection { return testSection{name: ".modinfo", data: data} }
	outside := func(off, size uint64) testSection {
		return testSection{name: ".modinfo", data: "a=outside\x00", off: off, size: size}
	}
	const far = 1 << 31
	var all []sample
	add := func(name string, want outcome, sections ...testSection) {
		all = append(all, sample{name: name, image: e.with(sections...).build(), modinfo: want, exports: fails(nodata), versions: fails(nodata)})
	}
	add("three strings", gives("license=GPL", "alias=a*", "alias=b*"), info("license=GPL\x00alias=a*\x00alias=b*\x00"))
	add("NULs around strings", gives("a=1", "b=2"), info("\x00\x00a=1\x00\x00\x00b=2\x00\x00"))
	add("last string without NUL", gives("a=1", "b=2"), info("a=1\x00b=2"))
	add("string without =", gives("intree=", "a=1"), info("intree\x00a=1\x00"))
	add("two =, empty value, empty key", gives("a=b=c", "d=", "=e"), info("a=b=c\x00d=\x00=e\x00"))
	add("bytes that are not UTF-8", gives("author=\xe9\n\x1b[1m"), info("author=\xe9\n\x1b[1m\x00"))
	add("only NULs", gives(), info("\x00\x00"))
	add("empty .modinfo", gives(), info(""))
	add("no .modinfo", fails(nodata), testSection{name: ".modinf", data: "a=1"}, testSection{name: ".modinfo2", data: "b=2"})
	add("no section at all", fails(nodata))
	add("first of two .modinfo", gives("a=1"), info("a=1\x00"), info("b=2\x00"))
	add(".modinfo outside", fails(nodata), outside(far, 0))
	add(".modinfo one byte too long", fails(nodata), outside(far-1, 0))
	add(".modinfo larger than the file", fails(nodata), outside(uint64(e.headerSize()), far))
	add(".modinfo wraps around", fails(nodata), outside(far, ^uint64(0)-far+1))
	add("second .modinfo after one outside", gives("b=2"), outside(far, 0), info("b=2\x00"))
	add("name at the name table's last byte", gives("a=1"), testSection{at: 19, data: "x"}, info("a=1\x00"))
	add("name behind the name table", gives("a=1"), testSection{at: 20, data: "x"}, info("a=1\x00"))
	add("other sections outside", gives("a=1"), testSection{name: ".bss", off: far, size: far}, info("a=1\x00"))
	return all
}

func exportSamples(e testELF) []sample {
	const undef, abs, common, crcs = 0, 0xfff1, 0xfff2, 1 // crcs: index of the first section
	table := testSection{name: "__kcrctab", data: e.u32s(0x11111111, 0xfedcba98)}
	ksymtab := testSection{name: "__ksymtab_strings", data: "from_strings\x00"}
	unaligned := "98111111" // the four bytes of table from the second on
	if e.BigEndian {
		unaligned = "111111fe"
	}
	var all []sample
	add := func(name string, want outcome, symbols []testSymbol, more ...testSection) {
		sections := append(append([]testSection{table}, more...), e.symbols(symbols...)...)
		all = append(all, sample{name: name, image: e.with(sections...).build(), modinfo: fails(nodata), exports: want, versions: fails(nodata)})
	}
	add("absolute checksums", gives("12345678 b", "00000001 a"), []testSymbol{
		{"plain", 0, 1, 4}, {"__crc_b", 0x10, abs, 0x12345678}, {"__crc_a", 0, abs, 1}})
	add("undefined checksum", gives("00000007 u"), []testSymbol{{"__crc_u", 0x10, undef, 7}})
	add("checksums in a section", gives("11111111 first", "fedcba98 second", unaligned+" unaligned"), []testSymbol{
		{"__crc_first", 0, crcs, 0}, {"__crc_second", 0, crcs, 4}, {"__crc_unaligned", 0, crcs, 1}})
	add("checksums in two sections", gives("11111111 a", "22222222 b", "fedcba98 c", "ffffffffffffffff d"), []testSymbol{
		{"__crc_a", 0, crcs, 0}, {"__crc_b", 0, crcs + 1, 0}, {"__crc_c", 0, crcs, 4}, {"__crc_d", 0, crcs + 1, 1}},
		testSection{name: "more", data: e.u32s(0x22222222)})
	add("checksums outside of their section", gives("ffffffffffffffff past", "ffffffffffffffff end"), []testSymbol{
		{"__crc_past", 0, crcs, 5}, {"__crc_end", 0, crcs, 8}})
	add("checksums in no section", gives("ffffffffffffffff none", "ffffffffffffffff common"), []testSymbol{
		{"__crc_none", 0, 77, 0}, {"__crc_common", 0, common, 0}})
	add("checksum far outside", gives("ffffffffffffffff far"), []testSymbol{{"__crc_far", 0, crcs, 0xfffffffe}})
	table.at = 1 << 20
	add("checksums in a section whose name is outside", gives("ffffffffffffffff x"), []testSymbol{{"__crc_x", 0, crcs, 0}})
	table.at = 0
	add("same symbol twice", gives("00000001 x", "00000002 x"), []testSymbol{{"__crc_x", 0, abs, 1}, {"__crc_x", 0, abs, 2}})
	add("strings unused when there are checksums", gives("00000001 x"), []testSymbol{{"__crc_x", 0, abs, 1}}, ksymtab)
	add("no checksum, but strings", gives("00000000 from_strings"), []testSymbol{{"x", 0, abs, 1}, {"_crc_y", 0, abs, 1}}, ksymtab)
	add("no checksum, no strings", fails(nodata), []testSymbol{{"x", 0, abs, 1}})
	if e.Is64 {
		add("absolute checksum of 64 bits", gives("123456789abcdef0 wide"), []testSymbol{{"__crc_wide", 0, abs, 0x123456789abcdef0}})
	}
	return all
}

func brokenExportSamples(e testELF) []sample {
	tables := e.symbols(testSymbol{"__crc_x", 0, 0xfff1, 1})
	symtab, strtab := tables[0], tables[1]
	strings := func(data string) testSection { return testSection{name: "__ksymtab_strings", data: data} }
	badName := testSection{name: ".symtab", data: symtab.data + e.u32s(uint32(len(strtab.data))) + symtab.data[4:e.symbolSize()]}
	oddSize := testSection{name: ".symtab", data: symtab.data + "x"}
	noNUL := testSection{name: ".strtab", data: strtab.data[:len(strtab.data)-1]}
	fallback := gives("00000000 s1", "00000000 s2")
	good := strings("s1\x00s2\x00")
	var all []sample
	add := func(name string, want outcome, sections ...testSection) {
		all = append(all, sample{name: name, image: e.with(sections...).build(), modinfo: fails(nodata), exports: want, versions: fails(nodata)})
	}
	add("whole symbol table", gives("00000001 x"), symtab, strtab, good)
	add("no .symtab", fallback, strtab, good)
	add("no .strtab", fallback, symtab, good)
	add("neither", fallback, good)
	add(".symtab of odd size", fallback, oddSize, strtab, good)
	add(".symtab empty", fallback, testSection{name: ".symtab"}, strtab, good)
	add(".strtab empty", fallback, symtab, testSection{name: ".strtab"}, good)
	add(".strtab without NUL", fallback, symtab, noNUL, good)
	all[len(all)-1].beyond = true // C kmod reads on into the next section
	add("name outside .strtab", fallback, badName, strtab, good)
	add("name outside .strtab, no strings", fails(nodata), badName, strtab)
	add("NULs around strings", fallback, strings("\x00\x00s1\x00\x00\x00s2\x00\x00"))
	add("strings without final NUL", fails(inval), strings("s1\x00s2"))
	add("strings empty", gives(), strings(""))
	add("strings only NUL", gives(), strings("\x00"))
	return all
}

func versionSamples(e testELF) []sample {
	long := strings.Repeat("n", versionSize-e.wordSize())
	var all []sample
	add := func(name string, want outcome, sections ...testSection) {
		all = append(all, sample{name: name, image: e.with(sections...).build(), modinfo: fails(nodata), exports: fails(nodata), versions: want})
	}
	add("two versions", gives("12345678 module_layout", "00000002 printk"), e.versions(Symbol{"module_layout", 0x12345678}, Symbol{"printk", 2}))
	add("dots", gives("00000001 printk", "00000002 .printk", "00000003 "), e.versions(Symbol{".printk", 1}, Symbol{"..printk", 2}, Symbol{".", 3}))
	add("longest name", gives("00000001 "+long[1:]), e.versions(Symbol{long[1:], 1}))
	add("name without NUL", fails(inval), e.versions(Symbol{"a", 1}, Symbol{long, 1}))
	add("empty __versions", gives(), testSection{name: "__versions"})
	add("__versions of odd size", fails(inval), testSection{name: "__versions", data: e.versions(Symbol{"a", 1}).data + "x"})
	if e.Is64 {
		add("checksum of 64 bits", gives("123456789abcdef0 a"), e.versions(Symbol{"a", 0x123456789abcdef0}))
	}
	first := len(all)
	ext := e.extVersions(Symbol{"short", 0xfedcba98}, Symbol{"." + long + long, 2})
	add("extended versions", gives("fedcba98 short", "00000002 "+long+long), ext...)
	add("both tables", gives("fedcba98 short", "00000002 "+long+long), append(ext, e.versions(Symbol{"short", 0xfedcba98}))...)
	add("extended versions, names follow", gives("fedcba98 short"), testSection{name: ext[0].name, data: ext[0].data[:4]}, ext[1])
	add("extended versions, too few names", fails(inval), testSection{name: ext[0].name, data: ext[0].data + "0000"}, ext[1])
	add("extended versions, last name without NUL", fails(inval), ext[0], testSection{name: ext[1].name, data: strings.TrimRight(ext[1].data, "\x00")})
	add("extended versions of odd size", fails(inval), testSection{name: ext[0].name, data: ext[0].data + "x"}, ext[1])
	add("extended versions without names", fails(inval), ext[0])
	add("extended versions without checksums", fails(inval), ext[1])
	add("extended versions empty", gives(), e.extVersions()...)
	for i := range all[first:] {
		all[first+i].beyond = true // deviation D19
	}
	return all
}
