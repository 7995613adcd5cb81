package cli

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// makeModule is the script command `mkmodule FILE [KEY=VALUE...]`: a module that says that of itself in .modinfo, with \n, \t
// and \e in a value for the characters, compressed as its suffix says.
func makeModule(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: mkmodule FILE [KEY=VALUE...]")
	}
	path := ts.MkAbs(args[0])
	content := strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\e`, "\x1b").Replace(strings.Join(args[1:], "\x00"))
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	plain := path
	packer := map[string][]string{".gz": {"gzip", "-n"}, ".xz": {"xz", "--check=crc32"}, ".zst": {"zstd", "-q", "--rm"}}[filepath.Ext(path)]
	if packer != nil {
		plain = strings.TrimSuffix(path, filepath.Ext(path))
	}
	ts.Check(os.WriteFile(plain, minimalModule(content), 0o644))
	if packer != nil {
		out, err := exec.Command(packer[0], append(packer[1:], plain)...).CombinedOutput()
		if err != nil {
			ts.Fatalf("%s: %v: %s", packer[0], err, out)
		}
	}
}

// minimalModule is an ELF file for x86-64 with the sections .modinfo and .shstrtab and nothing else.
func minimalModule(modinfo string) []byte {
	const headerSize, sectionSize = 64, 64
	names := "\x00.modinfo\x00.shstrtab\x00"
	modinfo += "\x00"
	sections := []elf.Section64{
		{},
		{Name: 1, Type: uint32(elf.SHT_PROGBITS), Off: headerSize, Size: uint64(len(modinfo))},
		{Name: 10, Type: uint32(elf.SHT_STRTAB), Off: headerSize + uint64(len(modinfo)), Size: uint64(len(names))},
	}
	header := elf.Header64{
		Ident:   [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:    uint16(elf.ET_REL),
		Machine: uint16(elf.EM_X86_64),
		Version: uint32(elf.EV_CURRENT),
		Shoff:   uint64(headerSize + len(modinfo) + len(names)),
		Ehsize:  headerSize, Shentsize: sectionSize, Shnum: uint16(len(sections)), Shstrndx: 2,
	}
	var file bytes.Buffer
	binary.Write(&file, binary.LittleEndian, header)
	file.WriteString(modinfo + names)
	binary.Write(&file, binary.LittleEndian, sections)
	return file.Bytes()
}
