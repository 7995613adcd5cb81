package hostile

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
)

// fieldBomb is a small compressed module that says millions of things of itself. Readers keep far more for each than the bytes it has.
type fieldBomb struct {
	name  string
	field func(i int) string
}

func fieldBombs() []fieldBomb {
	return []fieldBomb{
		{"strings", func(int) string { return "a=b\x00" }},
		{"parameters", func(i int) string { return fmt.Sprintf("parm=%06d:\x01\x00parmtype=%06d:y\x00", i, i) }},
		{"aliases", func(i int) string { return fmt.Sprintf("alias=%07d:*\x00", i) }},
	}
}

// makeFieldBombs writes each with as many fields as the size allows, and with about as many as are read.
func (s *Source) makeFieldBombs(dir string) error {
	for i, bomb := range fieldBombs() {
		for j, most := range []int{1 << 16, ModuleLimit} {
			f := forms[1+(i+j)%(len(forms)-1)]
			packed, err := filter(bomb.module(most), f.program)
			if err != nil {
				return err
			}
			path := filepath.Join(dir, fmt.Sprintf("%s%d.ko%s", bomb.name, j, f.suffix))
			if err := os.WriteFile(path, packed, 0o644); err != nil {
				return err
			}
			s.Bombs = append(s.Bombs, path)
		}
	}
	return nil
}

// module is an ELF file for x86-64 with up to most fields in .modinfo and the names of its sections, no more.
func (b fieldBomb) module(most int) []byte {
	const headerSize, names = 64, "\x00.modinfo\x00.shstrtab\x00"
	file := make([]byte, headerSize, ModuleLimit)
	for i := 0; i < most && len(file) < ModuleLimit-4096; i++ {
		file = append(file, b.field(i)...)
	}
	end := len(file)
	file = append(file, names...)
	order := binary.LittleEndian
	header := elf.Header64{
		Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_REL), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT), Ehsize: headerSize,
		Shoff: uint64(len(file)), Shentsize: sectionSize, Shnum: 3, Shstrndx: 2,
	}
	var tables bytes.Buffer
	binary.Write(&tables, order, header)
	copy(file, tables.Next(headerSize))
	binary.Write(&tables, order, []elf.Section64{
		{},
		{Name: 1, Type: uint32(elf.SHT_PROGBITS), Off: headerSize, Size: uint64(end - headerSize)},
		{Name: 10, Type: uint32(elf.SHT_STRTAB), Off: uint64(end), Size: uint64(len(names))},
	})
	return append(file, tables.Bytes()...)
}
