package kofile

import (
	"encoding/binary"
	"hash/crc32"
	"strconv"
)

// The .xz file format 1.2.1, sections 2 to 4.
const (
	xzMagic        = "\xfd7zXZ\x00"
	xzHeaderLength = 12 // of the stream header, and of the footer

	xzCheckNone  = 0
	xzCheckCRC32 = 1

	xzLZMA2 = 0x21
	// xzReservedID is the first id that no filter may have.
	xzReservedID = 1 << 62
)

// xzHeader is what the headers of the first stream and its first block say.
type xzHeader struct {
	// check is the type of the integrity check, as in section 2.1.1.2.
	check   byte
	filters []xzFilter
}

// xzFilter is a member of a block's filter chain, section 3.1.5.
type xzFilter struct {
	id uint64
	// properties are the bytes in the header.
	properties []byte
}

// kernelReadsXZ says whether the kernel's decoder knows the check and the filters that the first block names.
func kernelReadsXZ(head []byte) bool {
	h, ok := readXZHeader(head)
	return ok && h.check <= xzCheckCRC32 && len(h.filters) == 1 && h.filters[0].id == xzLZMA2
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
	h.filters, _, ok = readXZBlockHeader(head[xzHeaderLength:])
	return h, ok && h.filters != nil
}

// readXZBlockHeader gives the filters of the block that begins with these bytes, and the length of its header up to the CRC,
// section 3.1. It is ok only where the CRC is right; filters that make no sense are nil.
func readXZBlockHeader(block []byte) (filters []xzFilter, length int, ok bool) {
	if len(block) == 0 || block[0] == 0 {
		return nil, 0, false
	}
	length = int(block[0]) * 4
	if length+4 > len(block) || !crcFits(block[:length], block[length:length+4]) {
		return nil, 0, false
	}
	return readXZFilters(block[1], block[2:length]), length, true
}

func readXZFilters(flags byte, rest []byte) []xzFilter {
	var ok bool
	for _, size := range [...]byte{0x40, 0x80} {
		if flags&size != 0 {
			if _, rest, ok = readVLI(rest); !ok {
				return nil
			}
		}
	}
	var filters []xzFilter
	for range int(flags&3) + 1 {
		var id, length uint64
		if id, rest, ok = readVLI(rest); !ok || id >= xzReservedID {
			return nil
		}
		if length, rest, ok = readVLI(rest); !ok || length > uint64(len(rest)) {
			return nil
		}
		filters = append(filters, xzFilter{id, rest[:length]})
		rest = rest[length:]
	}
	return filters
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
