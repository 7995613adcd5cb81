package xz

import (
	"encoding/binary"
	"math"
	"strconv"
)

// The ids of filters, section 5.3, and that of RISC-V, which came later.
const (
	filterDelta    = 0x03
	filterX86      = 0x04
	filterPowerPC  = 0x05
	filterIA64     = 0x06
	filterARM      = 0x07
	filterARMThumb = 0x08
	filterSPARC    = 0x09
	filterARM64    = 0x0a
	filterRISCV    = 0x0b

	// LZMA2 is the id of the filter that compresses.
	LZMA2 = 0x21

	// reservedID is the first id that no filter may have.
	reservedID = 1 << 62
)

// FilterName is the name that xz(1) gives a filter.
func FilterName(id uint64) string {
	switch id {
	case filterDelta:
		return "delta"
	case filterX86:
		return "x86"
	case filterPowerPC:
		return "powerpc"
	case filterIA64:
		return "ia64"
	case filterARM:
		return "arm"
	case filterARMThumb:
		return "armthumb"
	case filterSPARC:
		return "sparc"
	case filterARM64:
		return "arm64"
	case filterRISCV:
		return "riscv"
	case LZMA2:
		return "lzma2"
	}
	return "0x" + strconv.FormatUint(id, 16)
}

// filter is a member of a block's chain, section 3.1.5.
type filter struct {
	id         uint64
	properties []byte
}

// chain is the filters of a block in their order: LZMA2, the last, is undone first.
type chain struct {
	list [4]filter
	n    int
}

func (c *chain) all() []filter { return c.list[:c.n] }

func readFilter(b []byte) (f filter, rest []byte, ok bool) {
	id, b, ok := readInteger(b)
	if !ok || id >= reservedID {
		return f, nil, false
	}
	length, b, ok := readInteger(b)
	if !ok || length > uint64(len(b)) {
		return f, nil, false
	}
	return filter{id: id, properties: b[:length]}, b[length:], true
}

// add appends a filter, or says why it cannot be had.
func (c *chain) add(f filter) (reason string) {
	switch {
	case f.id == LZMA2 && (len(f.properties) != 1 || f.properties[0] > maxDictionary),
		f.id == filterDelta && len(f.properties) != 1,
		alignment(f.id) != 0 && len(f.properties) != 0 && len(f.properties) != 4:
		return "the filter " + FilterName(f.id) + " has properties that are not known"
	case f.id != LZMA2 && f.id != filterDelta && alignment(f.id) == 0:
		return "the filter " + FilterName(f.id) + " is not supported"
	}
	c.list[c.n] = f
	c.n++
	return ""
}

// check says what is wrong with the chain as a whole.
func (c *chain) check() (reason string) {
	for i, f := range c.all() {
		switch last := i == c.n-1; {
		case last != (f.id == LZMA2):
			return "the filter " + FilterName(f.id) + " cannot have this place"
		case !last && f.id != filterDelta && f.startOffset()%alignment(f.id) != 0:
			return "the filter " + FilterName(f.id) + " has an offset that it cannot begin at"
		}
	}
	return ""
}

// maxDictionary is the largest property of LZMA2.
const maxDictionary = 40

// dictionary is the size in bytes that LZMA2 was told, section 5.3.1.
func (c *chain) dictionary() uint32 {
	bits := c.list[c.n-1].properties[0]
	if bits == maxDictionary {
		return math.MaxUint32
	}
	return (2 | uint32(bits&1)) << (bits/2 + 11)
}

// alignment is what the offsets of a filter's instructions are multiples of, in bytes; 0 for a filter that is none of machine
// code, or is not known.
func alignment(id uint64) uint32 {
	switch id {
	case filterX86:
		return 1
	case filterARMThumb:
		return 2
	case filterPowerPC, filterARM, filterSPARC, filterARM64:
		return 4
	case filterIA64:
		return 16
	}
	return 0
}

// startOffset is the address that a filter of machine code gives the first byte, section 5.3.2.
func (f *filter) startOffset() uint32 {
	if len(f.properties) == 0 {
		return 0
	}
	return binary.LittleEndian.Uint32(f.properties)
}

// apply undoes all filters but LZMA2 in the content of a block.
func (c *chain) apply(content []byte) {
	for i := c.n - 2; i >= 0; i-- {
		f := &c.list[i]
		switch f.id {
		case filterDelta:
			undoDelta(content, int(f.properties[0])+1)
		case filterX86:
			undoX86(content, f.startOffset())
		case filterPowerPC:
			undoPowerPC(content, f.startOffset())
		case filterIA64:
			undoIA64(content, f.startOffset())
		case filterARM:
			undoARM(content, f.startOffset())
		case filterARMThumb:
			undoARMThumb(content, f.startOffset())
		case filterSPARC:
			undoSPARC(content, f.startOffset())
		case filterARM64:
			undoARM64(content, f.startOffset())
		}
	}
}

// undoDelta adds to each byte the one that many bytes before it.
func undoDelta(content []byte, distance int) {
	for i := distance; i < len(content); i++ {
		content[i] += content[i-distance]
	}
}
