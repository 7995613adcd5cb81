package kofile

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strconv"
	"testing"

	"gomod/internal/xz"
	"gomod/internal/xz/xztest"
)

// xzHeader is the length in bytes of a stream's header and footer.
const xzHeader = 12

// broken is a file that C kmod refuses, or takes for a module whose content is no ELF.
type broken struct {
	name string
	file []byte
}

// TestLibraryTable compares the library's line with C kmod 34.2 for files that were made by hand.
func TestLibraryTable(t *testing.T) {
	for name, files := range map[string][]broken{
		"xz headers": xzHeadersBroken(t), "xz blocks": xzBlocksBroken(t),
		"xz tails": xzTailsBroken(t), "zstd headers": zstdHeadersBroken(),
		"zstd frames": zstdFramesBroken(t),
	} {
		t.Run(name, func(t *testing.T) {
			var o Opener
			var data [][]byte
			for _, b := range files {
				data = append(data, b.file)
			}
			for i, want := range referenceLibrary(t, data) {
				if got, _ := libraryLine(t, &o, files[i].file); got != want {
					t.Errorf("%q: %q, C kmod says %q", files[i].name, got, want)
				}
			}
		})
	}
}

// TestLibraryCutsAndFlips compares files that are cut off anywhere, which must agree, and those with any bit wrong, which do
// but for few.
func TestLibraryCutsAndFlips(t *testing.T) {
	content := words(500)
	for _, c := range []struct {
		line string
		// different is how many of 1000 flips may get another line. libzstd sees first that there is no room, and in frames as
		// small as these there never is much.
		different int
	}{
		{"xz -c --check=crc32", 0}, {"xz -c --check=sha256 --x86 --lzma2 --block-size=400", 0},
		{"zstd -qc --check", 20}, {"zstd -qc --no-check -19", 250},
	} {
		t.Run(c.line, func(t *testing.T) {
			var o Opener
			cuts, flips := cutsAndFlips(runOnFile(t, content, c.line))
			for i, want := range referenceLibrary(t, cuts) {
				if got, _ := libraryLine(t, &o, cuts[i]); got != want {
					t.Errorf("first %d bytes: %q, C kmod says %q", len(cuts[i]), got, want)
				}
			}
			refused, different, stricter := 0, 0, 0
			for part := range slices.Chunk(flips, 2000) {
				for i, want := range referenceLibrary(t, part) {
					got, ok := libraryLine(t, &o, part[i])
					switch {
					case ok:
					case want == "":
						stricter++
					case got != want:
						different++
						fallthrough
					default:
						refused++
					}
				}
			}
			t.Logf("%d of %d flips get another line; C kmod takes %d more", different, refused, stricter)
			if different*1000 > c.different*refused {
				t.Errorf("more than %d of 1000", c.different)
			}
		})
	}
}

// xzHeadersBroken changes fields of the headers and makes the CRCs right.
func xzHeadersBroken(t *testing.T) []broken {
	good := run(t, words(400), "xz -c --check=crc32")
	list := []broken{{"good", good}}
	add := func(name string, at int, value ...byte) {
		if at < 0 {
			at += len(good)
		}
		file := bytes.Clone(good)
		copy(file[at:], value)
		xztest.Repair(file)
		list = append(list, broken{name, file})
	}
	add("stream flags", 6, 1)
	add("check of 16", 7, 0x10)
	add("check CRC64", 7, 4)
	for check := byte(2); check < 16; check++ {
		add("check of "+strconv.Itoa(int(check)), 7, check)
	}
	add("block flags", 13, 4)
	add("compressed size missing", 13, 0x40)
	add("compressed size wrong", 13, 0x40, 5, xz.LZMA2, 1, 22)
	add("compressed size 0", 13, 0x40, 0, xz.LZMA2, 1, 22)
	add("content size wrong", 13, 0x80, 5, xz.LZMA2, 1, 22)
	add("two filters", 13, 1)
	add("filter 0x20", 14, 0x20)
	add("filter arm64 last", 14, 0x0a)
	add("filter delta last", 14, 0x03)
	add("properties beyond the header", 15, 9)
	add("no properties", 15, 0)
	add("two properties", 15, 2)
	add("dictionary of no size", 16, 41)
	add("dictionary of 4 GiB", 16, 40)
	add("dictionary of 4 KiB", 16, 0)
	add("header padding", 19, 1)
	add("footer's check", -3, 4)
	add("footer's flags", -4, 1)
	add("footer's check of 16", -3, 16)
	add("footer's magic", -1, 'Y')
	add("backward size", -8, 9)
	index := len(good) - xzHeader - 4*(1+int(binary.LittleEndian.Uint32(good[len(good)-8:])))
	add("no blocks in index", index+1, 0)
	add("two blocks in index", index+1, 2)
	add("length in index", index+2, good[index+2]+4)
	add("content in index", index+4, good[index+4]-1)
	wrong := bytes.Clone(good)
	wrong[8]++
	list = append(list, broken{"stream header's CRC", wrong})
	wrong = bytes.Clone(good)
	wrong[20]++
	return append(list, broken{"block header's CRC", wrong})
}

// xzBlocksBroken gives a first and a second block other headers, in whole files and in ones that are cut off later.
func xzBlocksBroken(t *testing.T) []broken {
	good := run(t, words(3000), "xz -c --check=crc32 --block-size=1000")
	const usual = "\x02\x00\x21\x01\x16\x00\x00\x00"
	first := xzHeader
	second := first + 1 + bytes.Index(good[first+1:], []byte(usual))
	var list []broken
	add := func(name, fields string) {
		header := append([]byte{0}, fields...)
		header = append(header, make([]byte, 3-(len(header)+3)%4)...)
		header[0] = byte(len(header) / 4)
		header = binary.LittleEndian.AppendUint32(header, crc32.ChecksumIEEE(header))
		for place, at := range map[string]int{"first": first, "second": second} {
			file := slices.Concat(good[:at], header, good[at+len(usual)+4:])
			list = append(list, broken{name + ", " + place, file}, broken{name + ", " + place + ", cut", file[:len(file)-30]},
				broken{name + ", " + place + ", cut in header", file[:at+len(header)-2]})
		}
	}
	add("as it was", usual[1:])
	add("longer", usual[1:]+"\x00\x00\x00\x00")
	add("padding not 0", usual[1:]+"\x00\x00\x01\x00")
	add("flags", "\x04\x21\x01\x16")
	add("unknown filter", "\x00\x20\x01\x16")
	add("unknown filter, properties beyond the header", "\x00\x20\x09\x16")
	add("unknown filter, then LZMA2", "\x01\x20\x01\x16\x21\x01\x16")
	add("unknown filter, then a broken one", "\x01\x20\x01\x16\x21\x20\x16")
	add("delta, then a broken one", "\x01\x03\x01\x16\x21\x20\x16")
	add("LZMA2 twice", "\x01\x21\x01\x16\x21\x01\x16")
	add("LZMA2, then delta", "\x01\x21\x01\x16\x03\x01\x00")
	add("x86 alone", "\x00\x04\x00")
	add("x86 with two properties", "\x01\x04\x02\x00\x00\x21\x01\x16")
	add("x86 at an odd offset", "\x01\x04\x04\x01\x00\x00\x00\x21\x01\x16")
	add("powerpc at an odd offset", "\x01\x05\x04\x01\x00\x00\x00\x21\x01\x16")
	add("arm64 at offset 4", "\x01\x0a\x04\x04\x00\x00\x00\x21\x01\x16")
	add("delta without properties", "\x01\x03\x00\x21\x01\x16")
	add("LZMA2 without properties", "\x00\x21\x00")
	add("LZMA2 with bit 6", "\x00\x21\x01\x56")
	add("LZMA2 with 41", "\x00\x21\x01\x29")
	add("reserved id", "\x00\x80\x80\x80\x80\x80\x80\x80\x80\x40\x01\x16")
	add("last id", "\x00\xff\xff\xff\xff\xff\xff\xff\xff\x3f\x01\x16")
	add("id of ten bytes", "\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01\x16")
	add("id with a byte too many", "\x00\xa1\x00\x01\x16")
	add("five filters", "\x03\x03\x01\x00\x03\x01\x00\x03\x01\x00\x03\x01\x00\x21\x01\x16")
	add("four filters", "\x03\x03\x01\x00\x03\x01\x00\x03\x01\x00\x21\x01\x16")
	for name, size := range map[string]string{"0": "\x00", "1": "\x01", "100": "\x64", "1000": "\xe8\x07", "1001": "\xe9\x07", "100000": "\xa0\x8d\x06",
		"the largest": "\xff\xff\xff\xff\xff\xff\xff\xff\x7f"} {
		add("data of "+name, "\x40"+size+"\x21\x01\x16")
		add("content of "+name, "\x80"+size+"\x21\x01\x16")
	}
	return list
}

func xzTailsBroken(t *testing.T) []broken {
	good := run(t, words(400), "xz -c --check=crc32")
	var list []broken
	for _, tail := range []string{
		"garbage", "garbage after the stream", xz.Magic, "\xfd7zXY garbage", "\xfd", "x", "\x00\x00\x00", "\x00\x00\x00\x00",
		"\x00\x00\x00\x00\x00", "\x00\x00\x00\x00x", "\x00\x00\x00x", "\x00\x00\x00\x00\x00\x00\x00\x00garbage with zeros",
		string(good[:12]), string(good[:40]), string(good[:len(good)-1]), string(good), "\x00" + string(good),
	} {
		list = append(list, broken{"followed by " + tail, slices.Concat(good, []byte(tail))})
	}
	return list
}

// zstdRaw400 is a frame with one raw block of 400 bytes, and these fields between magic and block.
func zstdRaw400(header string, block uint32) []byte {
	frame := append([]byte(zstdMagic), header...)
	frame = append(frame, byte(block), byte(block>>8), byte(block>>16))
	return append(frame, words(400)...)
}

// zstdSequence is a frame with one block of at most fifteen literals and a sequence that repeats the last three of them until there are 3 + match
// bytes more. modes says how the sequence's codes are compressed: 0x54 is what they are here, one byte each; the two low bits are reserved.
func zstdSequence(literals string, match, modes byte) []byte {
	n := byte(len(literals))
	block := append([]byte{n << 3}, literals...)
	block = append(block, 1, modes, n, 2, match, 0x06)
	frame := append([]byte(zstdMagic), 0x20, n+3+match, byte(len(block)<<3|zstdCompressed<<1|1), 0, 0)
	return append(frame, block...)
}

func zstdHeadersBroken() []broken {
	const size, block = "\x90\x01\x00\x00", 400<<3 | zstdRaw<<1 | 1
	var list []broken
	for name, header := range map[string]string{
		"good": "\xa0" + size, "window": "\x80\x50" + size, "window of 2 GiB": "\x80\xa8" + size,
		"window of 4 GiB": "\x80\xb0" + size, "largest window": "\x80\xff" + size,
		"dictionary 0": "\xa1\x00" + size, "dictionary": "\xa1\x05" + size, "dictionary without size": "\x01\x50\x05",
		"reserved bit": "\xa8" + size, "unused bit": "\xb0" + size,
		"size too small": "\xa0\x8f\x01\x00\x00", "size 1": "\xa0\x01\x00\x00\x00", "size too large": "\xa0\x91\x01\x00\x00",
		"unknown size":   "\xe0\xff\xff\xff\xff\xff\xff\xff\xff",
		"check sum gone": "\xa4" + size,
	} {
		list = append(list, broken{name, zstdRaw400(header, block)})
	}
	return append(list,
		broken{"header cut", zstdRaw400("\xa0"+size, block)[:7]},
		broken{"check sum wrong", append(zstdRaw400("\xa4"+size, block), "abcd"...)},
		broken{"reserved block", zstdRaw400("\xa0"+size, 400<<3|zstdReserved<<1|1)},
		broken{"no last block", zstdRaw400("\xa0"+size, block&^1)},
		broken{"long block", zstdRaw400("\xa0"+size, 200000<<3|1)},
		broken{"sequence", zstdSequence("abcdefghijk", 4, 0x54)},
		broken{"sequence with reserved bits", zstdSequence("abcdefghijk", 4, 0x55)},
		broken{"block larger than the window", zstdSequence("abc", 0, 0x54)},
		broken{"treeless", append(zstdRaw400("\xa0"+size, 6<<3|zstdCompressed<<1|1)[:12], 0x43, 0x40, 0x00, 1, 2, 3)},
	)
}

func zstdFramesBroken(t *testing.T) []broken {
	good := runOnFile(t, words(400), "zstd -qc --check")
	var list []broken
	for _, tail := range []string{
		"x", "garbage", "garbage that is long", "\x00\x00\x00\x00", zstdMagic, string(good[:9]), string(good[:len(good)/2]),
		"\x50\x2a\x4d\x18\x01\x00\x00\x00x", "\x50\x2a\x4d\x18\x02\x00\x00\x00x", "\x50\x2a\x4d\x18\x02",
		string(good[:len(good)-1]) + "!",
	} {
		list = append(list, broken{"followed by " + tail, slices.Concat(good, []byte(tail))})
	}
	wrong := bytes.Clone(good)
	wrong[len(wrong)-1]++
	return append(list, broken{"first check sum wrong", slices.Concat(wrong, good)},
		broken{"first check sum wrong, then garbage", slices.Concat(wrong, []byte("garbage"))})
}
