package kofile

import (
	"encoding/binary"
	"math"
)

const (
	zstdMagic = "\x28\xb5\x2f\xfd"
	// zstdSkippable is the magic of a skippable frame, whose low four bits are free.
	zstdSkippable = 0x184d2a50
	// zstdMaxBlock is the largest content of a block in bytes.
	zstdMaxBlock = 128 << 10
	// zstdChecksum is the length of the check sum at a frame's end.
	zstdChecksum = 4
)

// Block types of RFC 8878 section 3.1.1.2.2.
const (
	zstdRaw = iota
	zstdRLE
	zstdCompressed
	zstdReserved
)

// zstdFrame is what headers say about a frame. The format is RFC 8878 section 3.1.
type zstdFrame struct {
	// start and end enclose the frame in the file; a skippable frame has no content.
	start, end int
	skippable  bool
	// size is the length of the content in bytes, -1 where the header does not say.
	size int64
	// bound is the most that the frame's blocks can hold, in bytes.
	bound int64
	// window is the length in bytes of the history that the frame refers to.
	window int64
	// dictionary is the id of the dictionary that the frame needs, 0 for none.
	dictionary uint64
}

// readZstdFrame walks over the frame at start: its header and the headers of its blocks.
func readZstdFrame(data []byte, start int) (zstdFrame, error) {
	f := zstdFrame{start: start, size: -1}
	b := data[start:]
	if len(b) >= 8 && binary.LittleEndian.Uint32(b)&^0xf == zstdSkippable {
		length := int64(binary.LittleEndian.Uint32(b[4:]))
		if length > int64(len(b)-8) {
			return f, truncatedZstd(data)
		}
		f.skippable, f.size, f.end = true, 0, start+8+int(length)
		return f, nil
	}
	if !hasPrefix(b, zstdMagic) {
		return f, corrupt("zstd", int64(start), "bytes that are no frame follow a frame", zstdCut)
	}
	blocks, checksum, err := f.readHeader(data)
	if err != nil {
		return f, err
	}
	if f.dictionary != 0 {
		return f, corrupt("zstd", int64(start), "the frame needs a dictionary", zstdDictionary)
	}
	if err := f.walkBlocks(data, blocks); err != nil {
		return f, err
	}
	if !checksum {
		return f, nil
	}
	if len(data)-f.end < zstdChecksum {
		return f, corrupt("zstd", int64(len(data)), "the file is cut off", zstdMismatch)
	}
	f.end += zstdChecksum
	return f, nil
}

// readHeader gives the offset of the first block and whether a check sum ends the frame.
func (f *zstdFrame) readHeader(data []byte) (blocks int, checksum bool, err error) {
	at := f.start + len(zstdMagic)
	if at >= len(data) {
		return 0, false, truncatedZstd(data)
	}
	descriptor := data[at]
	at++
	singleSegment := descriptor&0x20 != 0
	windowLength := 1
	if singleSegment {
		windowLength = 0
	}
	dictionaryLength := [...]int{0, 1, 2, 4}[descriptor&3]
	sizeLength := [...]int{0, 2, 4, 8}[descriptor>>6]
	if singleSegment && sizeLength == 0 {
		sizeLength = 1
	}
	if len(data)-at < windowLength+dictionaryLength+sizeLength {
		return 0, false, truncatedZstd(data)
	}
	if windowLength == 1 {
		base := int64(1) << (10 + data[at]>>3)
		f.window = base + base/8*int64(data[at]&7)
		at++
	}
	f.dictionary = littleEndian(data[at : at+dictionaryLength])
	at += dictionaryLength
	if sizeLength > 0 {
		size := littleEndian(data[at : at+sizeLength])
		if sizeLength == 2 {
			size += 256
		}
		f.size = int64(min(size, math.MaxInt64))
	}
	if singleSegment {
		f.window = f.size
	}
	return at + sizeLength, descriptor&4 != 0, nil
}

// walkBlocks adds up bound and sets end behind the last block.
func (f *zstdFrame) walkBlocks(data []byte, at int) error {
	// The largest block, as it is compressed too (RFC 8878 section 3.1.1.2.4).
	largest := min(f.window, zstdMaxBlock)
	for last := false; !last; {
		if len(data)-at < 3 {
			return truncatedZstd(data)
		}
		header := littleEndian(data[at : at+3])
		last = header&1 != 0
		length := int(header >> 3)
		content := int64(length)
		switch header >> 1 & 3 {
		case zstdRLE:
			length = 1
		case zstdCompressed:
			content = zstdMaxBlock
			if int64(length) > largest {
				return corrupt("zstd", int64(at), "a block is larger than the frame allows", zstdCut)
			}
		case zstdReserved:
			return corrupt("zstd", int64(at), "unknown type of block", zstdCorrupt)
		}
		if length > len(data)-at-3 {
			return truncatedZstd(data)
		}
		if content > zstdMaxBlock {
			return corrupt("zstd", int64(at), "a block has more than 128 KiB", zstdCorrupt)
		}
		f.bound += content
		at += 3 + length
	}
	f.end = at
	return nil
}

func littleEndian(b []byte) uint64 {
	var n uint64
	for i, c := range b {
		n |= uint64(c) << (8 * i)
	}
	return n
}

func truncatedZstd(data []byte) *Error {
	return corrupt("zstd", int64(len(data)), "the file is cut off", zstdCut)
}
