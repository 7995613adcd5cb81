package hostile

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strings"

	"gomod/internal/index"
)

// Makes modules that need each other in long chains, and soft dependencies that lead to the same modules in more ways than could be gone.

// chain adds modules of which each needs the one before, so that modules.dep has all that are before it. A softdep line asks for all.
func (t *Tree) chain() {
	n := some(t, 30, 300, 1000, 1500)
	var names, deps []string
	for i := range n {
		file := fmt.Sprintf("kernel/chain/c%d.ko", i)
		t.replace(t.path(file), link(i))
		names, deps = append(names, fmt.Sprint("c", i)), append(deps, file)
	}
	t.listed(deps)
	t.conf1("softdep head pre: " + strings.Join(names, " ") + "\n" + some(t, "", "install c1 true\n", "options c2 a=1\n", "softdep c* pre: c7 post: dummy\n") + "install head true\nremove head true\n")
	t.note(fmt.Sprint(n, " modules"))
	t.Touched = append(t.Touched, deps[n-1], "kernel/chain/head.ko")
}

// listed adds a chain's lines to modules.dep and its index.
func (t *Tree) listed(files []string) {
	text := bytes.NewBuffer(t.read(t.path("modules.dep")))
	for i, file := range files {
		text.WriteString(file + ":")
		for j := i - 1; j >= 0; j-- {
			text.WriteString(" " + files[j])
		}
		text.WriteString("\n")
	}
	t.replace(t.path("modules.dep"), text.Bytes())
	var builder index.Builder
	for line := range strings.Lines(text.String()) {
		line = strings.TrimSuffix(line, "\n")
		path, _, _ := strings.Cut(line, ":")
		name, _, _ := strings.Cut(filepath.Base(path), ".ko")
		builder.Add(strings.ReplaceAll(name, "-", "_"), line, 0) // what an index cannot hold was broken before
	}
	content, err := builder.Bytes()
	t.must(err)
	t.replace(t.path("modules.dep.bin"), content)
}

// conf1 is a file of modprobe.d that is read first.
func (t *Tree) conf1(text string) {
	t.replace(filepath.Join(t.conf("modprobe.d"), "0.conf"), []byte(text))
}

// web has soft dependencies of each module on the next ones, of all on all, or of all on aliases that each of them has. Commands do nothing.
func (t *Tree) web() {
	n := some(t, 10, 40, 300, 1200)
	var text strings.Builder
	words := func(prefix string, from, to int) {
		for i := from; i < to; i++ {
			fmt.Fprintf(&text, " %s%d", prefix, i)
		}
	}
	kind, commands := t.IntN(3), some(t, 0, 1, 5)
	for i := range n {
		fmt.Fprintf(&text, "softdep w%d pre:", i)
		switch kind {
		case 0:
			words("w", i+1, i+3)
			text.WriteString(" post:")
			words("w", i+3, i+4)
		case 1:
			words("w", 0, n)
		default:
			words("x", 0, n)
		}
		fmt.Fprintf(&text, "\nalias x* w%d\n", i)
		if commands > 0 && i%commands == 0 {
			fmt.Fprintf(&text, "install w%d true\nremove w%d true\n", i, i)
		}
	}
	t.conf1(text.String() + some(t, "", "softdep ext4 pre: w0\n", "softdep * pre: w1\n"))
	t.note(fmt.Sprint(n, " modules, kind ", kind))
	t.Touched = append(t.Touched, "kernel/w0.ko", "kernel/x0.ko")
}

// link is a module with nothing but a symbol of its own and the one of the module before it.
func link(i int) []byte {
	const names = "\x00.modinfo\x00.symtab\x00.strtab\x00.shstrtab\x00"
	own, other := fmt.Sprintf("__crc_chain%d\x00", i), fmt.Sprintf("chain%d\x00", i-1)
	strtab := "\x00" + own
	symbols := []elf.Sym64{{}, {Name: 1, Info: elf.ST_INFO(elf.STB_GLOBAL, elf.STT_NOTYPE), Shndx: uint16(elf.SHN_ABS), Value: 1}}
	if i > 0 {
		symbols = append(symbols, elf.Sym64{Name: uint32(len(strtab)), Info: elf.ST_INFO(elf.STB_GLOBAL, elf.STT_NOTYPE)})
		strtab += other
	}
	var body, table bytes.Buffer
	binary.Write(&table, binary.LittleEndian, symbols)
	sections := []elf.Section64{{}}
	add := func(name string, kind elf.SectionType, content string) {
		sections = append(sections, elf.Section64{Name: uint32(strings.Index(names, name)), Type: uint32(kind), Off: uint64(64 + body.Len()), Size: uint64(len(content))})
		body.WriteString(content)
	}
	add(".modinfo", elf.SHT_PROGBITS, "license=GPL\x00")
	add(".symtab", elf.SHT_SYMTAB, table.String())
	sections[2].Link, sections[2].Entsize = 3, elf.Sym64Size
	add(".strtab", elf.SHT_STRTAB, strtab)
	add(".shstrtab", elf.SHT_STRTAB, names)
	header := elf.Header64{
		Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_REL), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT), Shoff: uint64(64 + body.Len()),
		Ehsize: 64, Shentsize: 64, Shnum: uint16(len(sections)), Shstrndx: uint16(len(sections) - 1),
	}
	var file bytes.Buffer
	binary.Write(&file, binary.LittleEndian, header)
	file.Write(body.Bytes())
	binary.Write(&file, binary.LittleEndian, sections)
	return file.Bytes()
}
