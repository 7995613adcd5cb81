package xz

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"testing"

	library "github.com/mikelolasagasti/xz"

	"gomod/internal/xz/xztest"
)

// fuzzSize is the most bytes of content while fuzzing.
const fuzzSize = 1 << 20

// judge wants of a file what the library and xz(1) make of it: the same bytes, or both refuse. The library takes some files that
// xz refuses, and does not know all filters: where it disagrees, xz decides.
func judge(t *testing.T, d *Decoder, file []byte) {
	got, err := decoded(d, file, fuzzSize)
	if len(got) > fuzzSize {
		t.Fatalf("%d bytes", len(got))
	}
	if err == ErrFull {
		return
	}
	if bad, ok := err.(*Error); err != nil && (!ok || bad.Reason == "" || bad.Offset < 0 || bad.Offset > int64(len(file))) {
		t.Fatalf("%#v says nothing useful", err)
	}
	if size, ok := Size(file); err == nil && (!ok || size != int64(len(got))) {
		t.Fatalf("%d bytes, the indexes say %d, %v", len(got), size, ok)
	}
	want, wanted := byLibrary(file)
	if (err == nil) == (wanted == nil) && (err != nil || bytes.Equal(got, want)) {
		return
	}
	want, wanted = tool(file, "-dcq --no-warn")
	if (err == nil) != (wanted == nil) || err == nil && !bytes.Equal(got, want) {
		t.Fatalf("%d bytes and %v, xz %d bytes and %v", len(got), err, len(want), wanted)
	}
}

func byLibrary(file []byte) ([]byte, error) {
	r, err := library.NewReader(bytes.NewReader(file), fuzzSize)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, 2*fuzzSize))
}

func FuzzDecode(f *testing.F) {
	names, _ := filepath.Glob("../kofile/testdata/*.xz")
	for _, name := range names {
		seed, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	var d Decoder
	f.Fuzz(func(t *testing.T, file []byte) {
		judge(t, &d, file)
		file = bytes.Clone(file)
		xztest.Repair(file)
		judge(t, &d, file)
	})
}

// FuzzChunks has LZMA2 data in a file whose other parts are right, without a check: so nothing but the chunks decides.
func FuzzChunks(f *testing.F) {
	for _, options := range []string{"-0", "-6", "--lzma2=lc=0,lp=4,pb=4", "--lzma2=lc=4,lp=0,pb=0,dict=4KiB", "--lzma2=preset=0,nice=2"} {
		for _, n := range []int{0, 1, 100, 2000, 20000} {
			f.Add(chunksOf(compressed(f, mixture(n), "--check=none "+options)), byte(0))
			f.Add(chunksOf(compressed(f, make([]byte, n), "--check=none "+options)), byte(20))
		}
	}
	noise := mixture(70000)
	for i := range noise {
		noise[i] ^= byte(crc32.ChecksumIEEE(noise[i/7 : i/7+9]))
	}
	f.Add(chunksOf(compressed(f, noise, "--check=none -0")), byte(3))
	var d Decoder
	f.Fuzz(func(t *testing.T, chunks []byte, dictionary byte) {
		if size := sizeOf(chunks); size <= fuzzSize {
			judge(t, &d, fileOf(chunks, dictionary%(maxDictionary+1), size))
		}
	})
}

// chunksOf are the chunks in a file with one block and no check.
func chunksOf(file []byte) []byte {
	if file[headerLength] == 0 {
		return []byte{controlEnd}
	}
	_, chunks, _ := bytes.Cut(file[:len(file)-headerLength], file[headerLength:headerLength+12])
	return chunks[:sizeInFile(chunks)]
}

// sizeInFile is how many bytes chunks have up to the one that ends them, or all.
func sizeInFile(chunks []byte) int {
	n := 0
	walk(chunks, func(length, _ int) { n += length })
	return n
}

// sizeOf is how many bytes of content the chunks state.
func sizeOf(chunks []byte) int {
	n := 0
	walk(chunks, func(_, content int) { n += content })
	return n
}

func walk(chunks []byte, visit func(length, content int)) {
	for len(chunks) > 0 {
		length, content := 1, 0
		switch control := chunks[0]; {
		case control == controlEnd || control > controlPlain && control < controlLZMA:
			visit(1, 0)
			return
		case len(chunks) < 5:
			visit(len(chunks), 0)
			return
		case control <= controlPlain:
			content = int(binary.BigEndian.Uint16(chunks[1:])) + 1
			length = 3 + content
		default:
			content = int(control&0x1f)<<16 + int(binary.BigEndian.Uint16(chunks[1:])) + 1
			length = 5 + int(binary.BigEndian.Uint16(chunks[3:])) + 1
			if control >= controlProperties {
				length++
			}
		}
		length = min(length, len(chunks))
		visit(length, content)
		chunks = chunks[length:]
	}
}

// fileOf is a file with one block of these chunks.
func fileOf(chunks []byte, dictionary byte, size int) []byte {
	file := append([]byte(Magic), 0, 0)
	file = binary.LittleEndian.AppendUint32(file, crc32.ChecksumIEEE(file[6:]))
	file = append(file, 2, 0, LZMA2, 1, dictionary, 0, 0, 0)
	file = binary.LittleEndian.AppendUint32(file, crc32.ChecksumIEEE(file[headerLength:]))
	file = pad(append(file, chunks...))
	index := binary.AppendUvarint([]byte{0, 1}, uint64(12+len(chunks)))
	index = pad(binary.AppendUvarint(index, uint64(size)))
	index = binary.LittleEndian.AppendUint32(index, crc32.ChecksumIEEE(index))
	foot := binary.LittleEndian.AppendUint32(nil, uint32(len(index)/4-1))
	foot = append(foot, 0, 0)
	foot = append(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(foot)), foot...)
	return append(append(append(file, index...), foot...), footerMagic...)
}

func pad(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}
