package xz

import (
	"encoding/binary"
	"math"
)

// afterMatch is the lowest of the states in which the last symbol was no literal.
const afterMatch = 7

// lzma is a decoder of LZMA, and what it knows from one chunk to the next; the LZMA SDK's specification has the same names.
type lzma struct {
	isMatch, isRep0Long           [16][16]uint16
	isRep, isRep0, isRep1, isRep2 [16]uint16
	matchLength, repLength        lengths
	distance                      distances
	literal                       [16]literals

	lc, lp, pb             uint32
	state                  uint32
	rep0, rep1, rep2, rep3 uint32

	input input
	// complete says that the last chunk ended with its content, and did not merely reach the end it was given.
	complete bool
}

// window is what a match may refer to: the output from start on, and of this the last size bytes.
type window struct {
	start int
	size  uint32
}

// setProperties reads the byte that holds lc, lp and pb; false where it is too large or asks for more than LZMA2 allows.
func (z *lzma) setProperties(b byte) bool {
	const most, mostContexts = (4*5+4)*9 + 8, 4
	if b > most {
		return false
	}
	z.lc, z.lp, z.pb = uint32(b%9), uint32(b/9%5), uint32(b/45)
	return z.lc+z.lp <= mostContexts
}

// reset forgets all but the properties.
func (z *lzma) reset() {
	z.state, z.rep0, z.rep1, z.rep2, z.rep3 = 0, 0, 0, 0, 0
	for i := range z.isMatch {
		fill(z.isMatch[i][:])
		fill(z.isRep0Long[i][:])
	}
	fill(z.isRep[:])
	fill(z.isRep0[:])
	fill(z.isRep1[:])
	fill(z.isRep2[:])
	z.matchLength.reset()
	z.repLength.reset()
	for i := range z.distance.slot {
		fill(z.distance.slot[i][:])
	}
	fill(z.distance.trees[:])
	for i := range z.literal[:1<<(z.lc+z.lp)] {
		fill(z.literal[i][:])
	}
}

func (l *lengths) reset() {
	l.choice, l.choice2 = even, even
	for i := range l.low {
		fill(l.low[i][:])
		fill(l.middle[i][:])
	}
	fill(l.high[:])
}

func fill(p []uint16) {
	p[0] = even
	for n := 1; n < len(p); n *= 2 {
		copy(p[n:], p[:n])
	}
}

// decode decodes data to out[at:end], and gives how many bytes that took. It is not ok where the data makes no sense. Used may be more
// than there is: then the data ended, and all that followed is without meaning. Where out has bytes beyond end, they may be
// overwritten.
func (z *lzma) decode(data, out []byte, at, end int, dictionary window) (used int, ok bool) {
	in := &z.input
	clear(in[copy(in[:], data):][:rangeHeader])
	if in[0] != 0 {
		return 0, false
	}
	rng, code := uint32(math.MaxUint32), binary.BigEndian.Uint32(in[1:])
	ip := uint(rangeHeader)
	// nextLiteral is the state after a literal.
	nextLiteral := [16]uint8{0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 4, 5}
	state := z.state
	rep0, rep1, rep2, rep3 := z.rep0, z.rep1, z.rep2, z.rep3
	positions, literalPositions, lc := uint32(1)<<z.pb-1, uint32(1)<<z.lp-1, z.lc&7
	start, content := dictionary.start, out[:end]
	complete := true
	for at < end {
		position := uint32(at-start) & positions
		var one bool
		ip, rng, code = normalise(in, ip, rng, code)
		if one, rng, code = decide(&z.isMatch[state&15][position&15], rng, code); !one {
			before := uint32(0)
			if at > start {
				before = uint32(content[at-1])
			}
			context := uint32(at-start)&literalPositions<<lc + before>>((8-lc)&15)
			var b uint32
			if state < afterMatch {
				b, ip, rng, code = literal(&z.literal[context&15], in, ip, rng, code)
			} else {
				if uint(rep0) >= uint(at-start) {
					return int(ip), false
				}
				from := at - int(rep0) - 1
				b, ip, rng, code = matchedLiteral(&z.literal[context&15], in, ip, rng, code, uint32(content[from]))
			}
			state = uint32(nextLiteral[state&15])
			content[at] = byte(b)
			at++
			continue
		}
		var n uint32
		ip, rng, code = normalise(in, ip, rng, code)
		if one, rng, code = decide(&z.isRep[state&15], rng, code); !one {
			rep3, rep2, rep1 = rep2, rep1, rep0
			n, ip, rng, code = length(&z.matchLength, in, ip, rng, code, position)
			rep0, ip, rng, code = distance(&z.distance, in, ip, rng, code, n)
			state = either(state, 7, 10)
		} else {
			ip, rng, code = normalise(in, ip, rng, code)
			if one, rng, code = decide(&z.isRep0[state&15], rng, code); !one {
				ip, rng, code = normalise(in, ip, rng, code)
				if one, rng, code = decide(&z.isRep0Long[state&15][position&15], rng, code); !one {
					if uint(rep0) >= uint(at-start) {
						return int(ip), false
					}
					content[at] = content[at-int(rep0)-1]
					at++
					state = either(state, 9, 11)
					continue
				}
			} else {
				ip, rng, code = normalise(in, ip, rng, code)
				if one, rng, code = decide(&z.isRep1[state&15], rng, code); !one {
					rep0, rep1 = rep1, rep0
				} else {
					ip, rng, code = normalise(in, ip, rng, code)
					if one, rng, code = decide(&z.isRep2[state&15], rng, code); !one {
						rep0, rep1, rep2 = rep2, rep0, rep1
					} else {
						rep0, rep1, rep2, rep3 = rep3, rep0, rep1, rep2
					}
				}
			}
			n, ip, rng, code = length(&z.repLength, in, ip, rng, code, position)
			state = either(state, 8, 11)
		}
		if uint(rep0) >= uint(at-start) || rep0 >= dictionary.size || ip > uint(len(data)) {
			return int(ip), false
		}
		complete = int(n) <= end-at
		from, next := at-int(rep0)-1, at+min(int(n), end-at)
		if rep0 < 7 || next+8 > len(out) {
			for ; at < next; at++ {
				content[at] = content[from]
				from++
			}
			continue
		}
		for ; at < next; at += 8 {
			binary.LittleEndian.PutUint64(out[at:], binary.LittleEndian.Uint64(out[from:]))
			from += 8
		}
		at = next
	}
	ip, _, code = normalise(in, ip, rng, code)
	z.complete = complete && code == 0
	z.state, z.rep0, z.rep1, z.rep2, z.rep3 = state, rep0, rep1, rep2, rep3
	return int(ip), true
}

// either is one state after a literal, and another one after a match.
func either(state, afterLiteral, otherwise uint32) uint32 {
	if state < afterMatch {
		return afterLiteral
	}
	return otherwise
}
