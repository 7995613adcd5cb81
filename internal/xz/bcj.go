package xz

import "encoding/binary"

// The filters of machine code, section 5.3.2, turn the targets of branches into absolute addresses, which repeat more often than
// relative ones. To undo one is to make them relative again: at is the address of the first byte. x86 has a file of its own.

func undoPowerPC(b []byte, at uint32) {
	for i := 0; i+4 <= len(b); i += 4 {
		// bl: opcode 18, absolute bit clear, link bit set.
		if code := binary.BigEndian.Uint32(b[i:]); code&0xfc000003 == 0x48000001 {
			target := code&0x03fffffc - (at + uint32(i))
			binary.BigEndian.PutUint32(b[i:], 0x48000001|target&0x03fffffc)
		}
	}
}

func undoARM(b []byte, at uint32) {
	for i := 0; i+4 <= len(b); i += 4 {
		// bl, always: the program counter is two instructions ahead.
		if code := binary.LittleEndian.Uint32(b[i:]); code>>24 == 0xeb {
			target := code<<2 - (at + uint32(i) + 8)
			binary.LittleEndian.PutUint32(b[i:], 0xeb000000|target>>2&0x00ffffff)
		}
	}
}

func undoARMThumb(b []byte, at uint32) {
	for i := 0; i+4 <= len(b); i += 2 {
		// bl: two halfwords with eleven bits each, of which the first are the upper ones.
		high, low := binary.LittleEndian.Uint16(b[i:]), binary.LittleEndian.Uint16(b[i+2:])
		if high&0xf800 != 0xf000 || low&0xf800 != 0xf800 {
			continue
		}
		target := (uint32(high&0x7ff)<<11|uint32(low&0x7ff))<<1 - (at + uint32(i) + 4)
		binary.LittleEndian.PutUint16(b[i:], 0xf000|uint16(target>>12&0x7ff))
		binary.LittleEndian.PutUint16(b[i+2:], 0xf800|uint16(target>>1&0x7ff))
		i += 2
	}
}

func undoSPARC(b []byte, at uint32) {
	for i := 0; i+4 <= len(b); i += 4 {
		// call: the displacement's upper eight bits are copies of its sign.
		code := binary.BigEndian.Uint32(b[i:])
		if code>>22 != 0x100 && code>>22 != 0x1ff {
			continue
		}
		target := (code<<2 - (at + uint32(i))) >> 2
		sign := -(target >> 22 & 1)
		binary.BigEndian.PutUint32(b[i:], 0x40000000|sign<<22&0x3fffffff|target&0x003fffff)
	}
}

func undoARM64(b []byte, at uint32) {
	for i := 0; i+4 <= len(b); i += 4 {
		code, pc := binary.LittleEndian.Uint32(b[i:]), at+uint32(i)
		switch {
		case code>>26 == 0x25: // bl
			code = 0x94000000 | (code-pc>>2)&0x03ffffff
		case code&0x9f000000 == 0x90000000: // adrp, if it reaches no further than 512 MiB
			page := code>>29&3 | code>>3&0x001ffffc
			if (page+0x00020000)&0x001c0000 != 0 {
				continue
			}
			page -= pc >> 12
			code = code&0x9000001f | page&3<<29 | page&0x0003fffc<<3 | -(page&0x00020000)&0x00e00000
		default:
			continue
		}
		binary.LittleEndian.PutUint32(b[i:], code)
	}
}

func undoIA64(b []byte, at uint32) {
	// branches has, for each template, a bit for every slot that may hold a branch.
	branches := [32]uint8{16: 4, 17: 4, 18: 6, 19: 6, 22: 7, 23: 7, 24: 4, 25: 4, 28: 4, 29: 4}
	for i := 0; i+16 <= len(b); i += 16 {
		slots := branches[b[i]&0x1f]
		for slot := range 3 {
			if slots>>slot&1 != 0 {
				undoIA64Slot(b[i:i+16], 5+41*slot, at+uint32(i))
			}
		}
	}
}

// undoIA64Slot has the slot that begins at a bit of a bundle.
func undoIA64Slot(bundle []byte, bit int, at uint32) {
	place, shift := bundle[bit/8:][:6], bit%8
	bits := uint64(binary.LittleEndian.Uint32(place)) | uint64(binary.LittleEndian.Uint16(place[4:]))<<32
	code := bits >> shift
	if code>>37&0xf != 5 || code>>9&7 != 0 {
		return
	}
	target := (uint32(code>>13&0xfffff|code>>36&1<<20)<<4 - at) >> 4
	code = code&^(0x8fffff<<13) | uint64(target&0xfffff)<<13 | uint64(target&0x100000)<<(36-20)
	bits = bits&(1<<shift-1) | code<<shift
	binary.LittleEndian.PutUint32(place, uint32(bits))
	binary.LittleEndian.PutUint16(place[4:], uint16(bits>>32))
}
