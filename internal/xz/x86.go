package xz

import "encoding/binary"

// undoX86 makes the targets of call and jmp relative again. An instruction counts only where the upper byte of its target is a mere
// sign. The code is searched byte by byte, so that an instruction may begin inside what looked like one and was none: then the
// encoder asked more of it.
func undoX86(b []byte, at uint32) {
	// Bit n of rejected stands for the byte n+1 before: it began what was none.
	rejected, last := uint32(0), -1
	for i := 0; i+5 <= len(b); i++ {
		if b[i]&0xfe != 0xe8 {
			continue
		}
		if apart := i - last; apart > 3 {
			rejected = 0
		} else {
			rejected = rejected << (apart - 1) & 7
		}
		last = i
		inside, ok := rejectedBefore(rejected)
		if !ok || inside > 0 && isSign(b[i+4-inside]) || !isSign(b[i+4]) {
			rejected = rejected<<1&7 | 1
			continue
		}
		target := relativeTarget(binary.LittleEndian.Uint32(b[i+1:]), at+uint32(i)+5, inside)
		binary.LittleEndian.PutUint32(b[i+1:], target&0x00ffffff|-(target>>24&1)<<24)
		i += 4
	}
}

// rejectedBefore is how many bytes before an instruction the only one began that was none, 0 where there was none; not ok where
// there were several.
func rejectedBefore(rejected uint32) (inside int, ok bool) {
	switch rejected {
	case 0:
		return 0, true
	case 1:
		return 1, true
	case 2:
		return 2, true
	case 4:
		return 3, true
	}
	return 0, false
}

// relativeTarget subtracts the address of the next instruction, and again from the complement while the byte that an instruction
// around this one has as its upper byte would become a sign, which the encoder avoided.
func relativeTarget(target, next uint32, inside int) uint32 {
	for {
		target -= next
		if inside == 0 || !isSign(byte(target>>(24-8*inside))) {
			return target
		}
		target ^= 1<<(32-8*inside) - 1
	}
}

func isSign(b byte) bool { return b == 0 || b == 0xff }
