package kofile

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"strconv"
)

// The .xz file format 1.2.1, sections 2 to 4.
const (
	xzMagic        = "\xfd7zXZ\x00"
	xzHeaderLength = 12 // of the stream header, and of the footer
	xzMinIndex     = 8  // indicator, count 0, padding, CRC

	xzCheckNone  = 0
	xzCheckCRC32 = 1

	xzLZMA2 = 0x21
)

// xzHeader is what the headers of the first stream and its first block say.
type xzHeader struct {
	// check is the type of the integrity check, as in section 2.1.1.2.
	check byte
	// filters are the ids of the filter chain.
	filters []uint64
}

// kernelReadsXZ says whether the kernel's decoder knows the check and the filters that the first block names.
func kernelReadsXZ(head []byte) bool {
	h, ok := readXZHeader(head)
	return ok && h.check <= xzCheckCRC32 && len(h.filters) == 1 && h.filters[0] == xzLZMA2
}

// readXZHeader is ok only where all fields that matter are there and their CRCs are right.
func readXZHeader(head []byte) (h xzHeader, ok bool) {
	if len(head) <= xzHeaderLength || !hasPrefix(head, xzMagic) {
		return h, false
	}
	if head[6] != 0 || head[7] > 0xf || !crcFits(head[6:8], head[8:12]) {
		return h, false
	}
	h.check = head[7]
	block := head[xzHeaderLength:]
	length := (int(block[0]) + 1) * 4
	if block[0] == 0 || length > len(block) || !crcFits(block[:length-4], block[length-4:length]) {
		return h, false
	}
	h.filters, ok = readXZFilters(block[:length-4])
	return h, ok
}

// readXZFilters reads the filter ids of a block header, section 3.1.
func readXZFilters(block []byte) ([]uint64, bool) {
	flags := block[1]
	rest := block[2:]
	var ok bool
	for _, size := range [...]byte{0x40, 0x80} {
		if flags&size != 0 {
			if _, rest, ok = readVLI(rest); !ok {
				return nil, false
			}
		}
	}
	var filters []uint64
	for range int(flags&3) + 1 {
		var id, length uint64
		if id, rest, ok = readVLI(rest); !ok {
			return nil, false
		}
		if length, rest, ok = readVLI(rest); !ok || length > uint64(len(rest)) {
			return nil, false
		}
		rest = rest[length:]
		filters = append(filters, id)
	}
	return filters, true
}

// xzSize adds up the indexes of all streams, from the end of the file. Where something does not fit together it guesses,
// and leaves the error to the decoder.
func xzSize(data []byte) estimate {
	guess := estimate{size: growth * int64(len(data))}
	total := int64(0)
	for end := len(data); end > 0; {
		if end >= 4 && binary.LittleEndian.Uint32(data[end-4:end]) == 0 {
			end -= 4
			continue
		}
		start, size, ok := readXZStream(data[:end])
		if !ok {
			return guess
		}
		total += min(size, math.MaxInt64-total)
		end = start
	}
	return estimate{size: total, exact: true}
}

// readXZStream reads footer and index of the stream that data ends with, and gives where the stream starts and how
// many bytes its index says it holds.
func readXZStream(data []byte) (start int, size int64, ok bool) {
	if len(data) < 2*xzHeaderLength+xzMinIndex {
		return 0, 0, false
	}
	index := data[:len(data)-xzHeaderLength]
	footer := data[len(data)-xzHeaderLength:]
	backward := (int64(binary.LittleEndian.Uint32(footer[4:])) + 1) * 4
	if string(footer[10:]) != "YZ" || !crcFits(footer[4:10], footer) {
		return 0, 0, false
	}
	if backward < xzMinIndex || backward > int64(len(index)-xzHeaderLength) {
		return 0, 0, false
	}
	blocksEnd := len(index) - int(backward)
	index = index[blocksEnd:]
	if index[0] != 0 || !crcFits(index[:len(index)-4], index[len(index)-4:]) {
		return 0, 0, false
	}
	blocks, size, ok := addXZRecords(index[1 : len(index)-4])
	if !ok || blocks > int64(blocksEnd-xzHeaderLength) {
		return 0, 0, false
	}
	return blocksEnd - int(blocks) - xzHeaderLength, size, true
}

// addXZRecords gives the bytes that an index's blocks have in the file, padding included, and after decompression.
func addXZRecords(records []byte) (blocks, size int64, ok bool) {
	count, rest, ok := readVLI(records)
	for ; ok && count > 0; count-- {
		var unpadded, content uint64
		if unpadded, rest, ok = readVLI(rest); !ok {
			break
		}
		if content, rest, ok = readVLI(rest); !ok {
			break
		}
		if unpadded > uint64(math.MaxInt64-3-blocks) {
			return 0, 0, false
		}
		blocks += int64(unpadded+3) &^ 3
		size += int64(min(content, uint64(math.MaxInt64-size)))
	}
	return blocks, size, ok
}

// readVLI reads an integer of section 1.2: seven bits a byte, lowest first, 63 bits at most.
func readVLI(b []byte) (n uint64, rest []byte, ok bool) {
	for i := 0; i < len(b) && i < 9; i++ {
		n |= uint64(b[i]&0x7f) << (7 * i)
		if b[i] < 0x80 {
			return n, b[i+1:], true
		}
	}
	return 0, nil, false
}

func crcFits(b, crc []byte) bool {
	return crc32.ChecksumIEEE(b) == binary.LittleEndian.Uint32(crc)
}

// xzFilterName is the name that xz(1) gives a filter.
func xzFilterName(id uint64) string {
	switch id {
	case 0x03:
		return "delta"
	case 0x04:
		return "x86"
	case 0x05:
		return "powerpc"
	case 0x06:
		return "ia64"
	case 0x07:
		return "arm"
	case 0x08:
		return "armthumb"
	case 0x09:
		return "sparc"
	case 0x0a:
		return "arm64"
	case 0x0b:
		return "riscv"
	case xzLZMA2:
		return "lzma2"
	}
	return "0x" + strconv.FormatUint(id, 16)
}
