package elfinfo

import (
	"encoding/binary"
	"strconv"
)

// layout is the word size and byte order of a file.
type layout struct {
	Is64      bool
	BigEndian bool
}

func (l layout) u16(b []byte) uint16 {
	if l.BigEndian {
		return binary.BigEndian.Uint16(b)
	}
	return binary.LittleEndian.Uint16(b)
}

func (l layout) u32(b []byte) uint32 {
	if l.BigEndian {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

func (l layout) u64(b []byte) uint64 {
	if l.BigEndian {
		return binary.BigEndian.Uint64(b)
	}
	return binary.LittleEndian.Uint64(b)
}

// word reads an address, offset or size: four bytes in 32-bit files, eight in 64-bit files.
func (l layout) word(b []byte) uint64 {
	if l.Is64 {
		return l.u64(b)
	}
	return uint64(l.u32(b))
}

func (l layout) wordSize() int { return l.pick(4, 8) }

func (l layout) headerSize() int64 { return int64(l.pick(52, 64)) }

func (l layout) sectionHeaderSize() int { return l.pick(40, 64) }

func (l layout) symbolSize() int { return l.pick(16, 24) }

func (l layout) pick(in32, in64 int) int {
	if l.Is64 {
		return in64
	}
	return in32
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func hex(b []byte) string {
	const digits = "0123456789abcdef"
	text := make([]byte, 0, 2*len(b))
	for _, c := range b {
		text = append(text, digits[c>>4], digits[c&15])
	}
	return string(text)
}

func hexNumber(n uint64) string { return strconv.FormatUint(n, 16) }
