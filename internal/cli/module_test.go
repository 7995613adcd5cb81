package cli

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"gomod/internal/index/indextest"
)

// makeModule is the script command `mkmodule FILE [KEY=VALUE...]`: a module that says that of itself in .modinfo, with \n, \t
// and \e in a value for the characters, compressed as its suffix says. Of the keys, exports and needs are lists of symbols
// instead, with commas between, and many is how often it says a=b besides.
func makeModule(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: mkmodule FILE [KEY=VALUE...]")
	}
	path := ts.MkAbs(args[0])
	var strs, symbols []string
	for _, arg := range args[1:] {
		switch key, list, _ := strings.Cut(arg, "="); key {
		case "exports":
			for symbol := range strings.SplitSeq(list, ",") {
				symbols = append(symbols, "__crc_"+symbol)
			}
		case "needs":
			symbols = append(symbols, strings.Split(list, ",")...)
		case "many":
			count, err := strconv.Atoi(list)
			ts.Check(err)
			strs = append(strs, slices.Repeat([]string{"a=b"}, count)...)
		default:
			strs = append(strs, arg)
		}
	}
	content := strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\e`, "\x1b").Replace(strings.Join(strs, "\x00"))
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	plain := path
	packer := map[string][]string{".gz": {"gzip", "-n"}, ".xz": {"xz", "--check=crc32"}, ".zst": {"zstd", "-q", "--rm"}}[filepath.Ext(path)]
	if packer != nil {
		plain = strings.TrimSuffix(path, filepath.Ext(path))
	}
	ts.Check(os.WriteFile(plain, minimalModule(content, symbols), 0o644))
	if packer != nil {
		out, err := exec.Command(packer[0], append(packer[1:], plain)...).CombinedOutput()
		if err != nil {
			ts.Fatalf("%s: %v: %s", packer[0], err, out)
		}
	}
}

// minimalModule is an ELF file for x86-64 with the sections .modinfo, .symtab, .strtab and .shstrtab and nothing else. Symbols that
// begin with __crc_ are defined, the others are not.
func minimalModule(modinfo string, symbols []string) []byte {
	const headerSize, sectionSize = 64, 64
	names := "\x00.modinfo\x00.symtab\x00.strtab\x00.shstrtab\x00"
	table, strtab := symbolTable(symbols)
	var (
		body     bytes.Buffer
		sections = []elf.Section64{{}}
	)
	add := func(name string, kind elf.SectionType, content []byte) *elf.Section64 {
		sections = append(sections, elf.Section64{
			Name: uint32(strings.Index(names, name)), Type: uint32(kind),
			Off: uint64(headerSize + body.Len()), Size: uint64(len(content)),
		})
		body.Write(content)
		return &sections[len(sections)-1]
	}
	add(".modinfo", elf.SHT_PROGBITS, []byte(modinfo+"\x00"))
	symtab := add(".symtab", elf.SHT_SYMTAB, table)
	symtab.Link, symtab.Entsize = 3, elf.Sym64Size
	add(".strtab", elf.SHT_STRTAB, strtab)
	add(".shstrtab", elf.SHT_STRTAB, []byte(names))
	header := elf.Header64{
		Ident:   [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:    uint16(elf.ET_REL),
		Machine: uint16(elf.EM_X86_64),
		Version: uint32(elf.EV_CURRENT),
		Shoff:   uint64(headerSize + body.Len()),
		Ehsize:  headerSize, Shentsize: sectionSize, Shnum: uint16(len(sections)), Shstrndx: uint16(len(sections) - 1),
	}
	var file bytes.Buffer
	binary.Write(&file, binary.LittleEndian, header)
	file.Write(body.Bytes())
	binary.Write(&file, binary.LittleEndian, sections)
	return file.Bytes()
}

// symbolTable gives the contents of .symtab and .strtab.
func symbolTable(symbols []string) (table, strtab []byte) {
	var entries bytes.Buffer
	strtab = []byte{0}
	binary.Write(&entries, binary.LittleEndian, elf.Sym64{})
	for _, symbol := range symbols {
		entry := elf.Sym64{Name: uint32(len(strtab)), Info: elf.ST_INFO(elf.STB_GLOBAL, elf.STT_NOTYPE)}
		if strings.HasPrefix(symbol, "__crc_") {
			entry.Shndx, entry.Value = uint16(elf.SHN_ABS), 0x12345678
		}
		binary.Write(&entries, binary.LittleEndian, entry)
		strtab = append(append(strtab, symbol...), 0)
	}
	return entries.Bytes(), strtab
}

// makeIndexes is the script command `mkindexes FOLDER`: the *.bin files of a module folder from its text files.
func makeIndexes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: mkindexes FOLDER")
	}
	ts.Check(indextest.Write(ts.MkAbs(args[0])))
}
