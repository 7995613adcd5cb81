package hostile

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
)

// Breaks the bytes of modules. A compressed one is broken inside: unpacked, broken and packed again.

// edit changes the content of a module.
func (t *Tree) edit(change func(content []byte) []byte) {
	file := t.module("")
	if t.bombed[file] { // this program unpacks it no better than another
		return
	}
	content := t.read(t.path(file))
	f := formOf(file)
	if f.program != nil {
		plain, err := filter(content, append(f.program[:1:1], "-dc"))
		if err != nil { // it was broken before
			t.replace(t.path(file), change(content))
			return
		}
		content = plain
	}
	if len(content) == 0 {
		return
	}
	content = change(bytes.Clone(content))
	if f.program != nil {
		packed, err := filter(content, f.program)
		t.must(err)
		content = packed
	}
	t.note(file)
	t.replace(t.path(file), content)
}

func formOf(file string) form {
	for _, f := range forms[1:] {
		if strings.HasSuffix(file, f.suffix) {
			return f
		}
	}
	return forms[0]
}

func (t *Tree) flip(content []byte) []byte {
	for range 1 + t.IntN(64) {
		if len(content) > 0 {
			content[t.IntN(len(content))] ^= 1 << t.IntN(8)
		}
	}
	return content
}

func (t *Tree) cut(content []byte) []byte {
	switch t.IntN(4) {
	case 0:
		return content[:t.IntN(min(len(content), 80)+1)]
	case 1:
		return content[:max(0, len(content)-1-t.IntN(100))]
	}
	return content[:t.IntN(len(content)+1)]
}

func (t *Tree) moduleBits() { t.edit(t.flip) }
func (t *Tree) moduleCut()  { t.edit(t.cut) }

// number is one that hurts: an edge of a type, of the file, or near it.
func (t *Tree) number(size int) uint64 {
	edges := []uint64{0, 1, 2, 7, 8, 0x3f, 0x40, 0x41, 0x7fff, 0xff00, 0xffff, 0x10000, 1 << 20, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1 << 40, 1<<63 - 1, 1 << 63, 1<<64 - 1, 1<<64 - 8}
	switch t.IntN(4) {
	case 0:
		return uint64(size + t.IntN(17) - 8)
	case 1:
		return uint64(t.IntN(size + 1))
	case 2:
		return t.Uint64()
	}
	return some(t, edges...)
}

// Fields of ELF64, offset and bytes: see elf(5).
type field struct{ offset, bytes int }

var (
	headerFields  = []field{{4, 1}, {5, 1}, {6, 1}, {16, 2}, {18, 2}, {20, 4}, {40, 8}, {52, 2}, {58, 2}, {60, 2}, {62, 2}}
	sectionFields = []field{{0, 4}, {4, 4}, {8, 8}, {24, 8}, {32, 8}, {40, 4}, {44, 4}, {48, 8}, {56, 8}}
	symbolFields  = []field{{0, 4}, {4, 1}, {6, 2}, {8, 8}, {16, 8}}
)

func (t *Tree) put(content []byte, at int, f field, value uint64) {
	if at += f.offset; at < 0 || at+f.bytes > len(content) {
		return
	}
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], value)
	copy(content[at:], b[:f.bytes])
}

func (t *Tree) elfHeader() {
	t.edit(func(content []byte) []byte {
		for range 1 + t.IntN(2) {
			t.put(content, 0, some(t, headerFields...), t.number(len(content)))
		}
		return content
	})
}

const sectionSize, symbolSize = 64, 24

// sections gives where the section headers stand.
func sections(content []byte) (at []int) {
	if len(content) < 64 {
		return nil
	}
	table, count := binary.LittleEndian.Uint64(content[40:]), int(binary.LittleEndian.Uint16(content[60:]))
	for i := range count {
		if end := table + uint64(i+1)*sectionSize; table > 1<<40 || end > uint64(len(content)) {
			break
		}
		at = append(at, int(table)+i*sectionSize)
	}
	return at
}

// elfSections gives section headers other numbers, or those of another section: parts that overlap, lie outside or claim too much.
func (t *Tree) elfSections() {
	t.edit(func(content []byte) []byte {
		all := sections(content)
		if len(all) == 0 {
			return content
		}
		for range 1 + t.IntN(4) {
			at, f := some(t, all...), some(t, sectionFields...)
			switch t.IntN(4) {
			case 0:
				copy(content[at:at+sectionSize], bytes.Clone(content[some(t, all...):][:sectionSize]))
			case 1:
				copy(content[at+f.offset:][:f.bytes], bytes.Clone(content[some(t, all...)+f.offset:][:f.bytes]))
			default:
				t.put(content, at, f, t.number(len(content)))
			}
		}
		return content
	})
}

// elfSymbols breaks entries of symbol tables, string tables and tables of versions.
func (t *Tree) elfSymbols() {
	t.edit(func(content []byte) []byte {
		for _, at := range sections(content) {
			kind := binary.LittleEndian.Uint32(content[at+4:])
			offset, size := binary.LittleEndian.Uint64(content[at+24:]), binary.LittleEndian.Uint64(content[at+32:])
			if offset > uint64(len(content)) || size > uint64(len(content))-offset || size < symbolSize {
				continue
			}
			part := content[offset:][:size]
			switch {
			case kind == 2: // SHT_SYMTAB
				for range 1 + t.IntN(200) {
					t.put(part, symbolSize*t.IntN(len(part)/symbolSize), some(t, symbolFields...), t.number(len(part)))
				}
			case kind == 3 && t.IntN(3) == 0: // SHT_STRTAB
				for i := range part {
					if part[i] == 0 && t.IntN(3) == 0 {
						part[i] = byte(t.IntN(256))
					}
				}
			case kind == 1 && t.IntN(20) == 0: // SHT_PROGBITS: __versions and the rest
				t.flip(part)
			}
		}
		return content
	})
}

// moduleStrings replaces what modules say of themselves by something that readers stumble over.
func (t *Tree) moduleStrings() {
	t.edit(func(content []byte) []byte {
		for _, key := range []string{"alias=", "depends=", "softdep=", "weakdep=", "vermagic=", "parm=", "parmtype=", "name=", "license="} {
			at := bytes.Index(content, append([]byte{0}, key...))
			if at < 0 || t.IntN(2) == 0 {
				continue
			}
			value := content[at+1+len(key):]
			end := max(0, bytes.IndexByte(value, 0))
			copy(value[:end], t.word())
			if t.IntN(4) == 0 { // it runs into the next
				value[end] = some(t, byte('='), ' ', '\n', 0xff, 0x1b)
			}
		}
		return content
	})
}

// moduleSays gives a module another .modinfo: with newlines, behind which stands what is no module's to say, and with texts that are too long.
func (t *Tree) moduleSays() {
	t.edit(func(content []byte) []byte {
		for _, at := range sections(content) {
			offset, size := binary.LittleEndian.Uint64(content[at+24:]), binary.LittleEndian.Uint64(content[at+32:])
			if offset > uint64(len(content)) || size > uint64(len(content))-offset || !bytes.Contains(content[offset:][:size], []byte("vermagic=")) {
				continue
			}
			says := []byte(t.says())
			binary.LittleEndian.PutUint64(content[at+24:], uint64(len(content)))
			binary.LittleEndian.PutUint64(content[at+32:], uint64(len(says)))
			return append(content, says...)
		}
		return content
	})
}

func (t *Tree) says() string {
	var text strings.Builder
	for range 1 + t.IntN(20) {
		text.WriteString(some(t, "softdep=", "weakdep=", "alias=", "alias=devname:", "name=") + some(t, "pre: dummy", "x", t.word()) +
			some(t, "", "\n", "\\", "\ninstall dummy touch "+t.Victim+"/x", "\nalias * dummy", "\nsoftdep ext4 pre: dummy", "\nloop ../../x c1:3\nq q", "\nkernel/x.ko: ../x.ko") + "\x00")
	}
	if t.IntN(2) == 0 {
		return text.String() + "alias=char-major-10-3\x00"
	}
	long := some(t, "softdep=pre:", "softdep=", "weakdep=", "alias=") + strings.Repeat(some(t, " b", " dummy", "x"), some(t, 10000, 40000, 1<<20, 9<<20)/2)
	return text.String() + strings.Repeat(long+"\x00", max(1, min(200, 16<<20/len(long))))
}

func (t *Tree) moduleTail() {
	t.edit(func(content []byte) []byte {
		const magic = "~Module signature appended~\n"
		switch t.IntN(4) {
		case 0:
			return append(content, content...)
		case 1:
			return append(content, make([]byte, t.IntN(1<<20))...)
		}
		signature := make([]byte, t.IntN(2000))
		for i := range signature {
			signature[i] = byte(t.Uint32())
		}
		if t.IntN(2) == 0 {
			copy(signature, "\x30\x82\x7f\xff\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x84\xff\xff\xff\xff")
		}
		trailer := []byte{byte(t.IntN(7)), byte(t.IntN(9)), byte(t.IntN(4)), byte(t.IntN(256)), byte(t.IntN(256)), 0, 0, 0}
		length := uint32(t.number(len(signature)))
		if t.IntN(2) == 0 {
			length = uint32(len(signature))
		}
		return append(append(content, signature...), append(binary.BigEndian.AppendUint32(trailer, length), magic...)...)
	})
}

// otherForm puts the content of one module under the name of another, whose suffix says something else.
func (t *Tree) otherForm() {
	t.replace(t.path(t.module("")), t.read(t.path(t.module(""))))
}

// compressedBits breaks the packed bytes themselves, near the ends rather than in the middle.
func (t *Tree) compressedBits() {
	file := t.module(some(t, ".xz", ".zst", ".gz"))
	content := t.read(t.path(file))
	if len(content) == 0 {
		return
	}
	switch t.IntN(4) {
	case 0:
		content = t.cut(content)
	case 1:
		t.flip(content[:min(len(content), 40)])
	case 2:
		t.flip(content[max(0, len(content)-40):])
	default:
		t.flip(content)
	}
	if t.IntN(8) == 0 {
		content = append(content, content...)
	}
	t.note(file)
	t.replace(t.path(file), content)
}

func (t *Tree) bomb() {
	bomb := some(t, t.source.Bombs...)
	file := t.module("")
	if t.IntN(2) == 0 {
		file = filepath.Join(filepath.Dir(file), filepath.Base(bomb))
		t.Touched = append(t.Touched, file)
	}
	t.note(file)
	t.remove(t.path(file))
	t.must(os.Link(bomb, t.path(file)))
	t.bombed[file] = true
}
