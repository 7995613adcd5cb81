package xz

// The range coder of LZMA: code is what was read of the data less what was decoded, and is below rng. A bit is 0 where code is
// below a bound that parts rng by the bit's probability, which then moves towards what the bit was.
//
// Its state is in parameters and results and not in a struct: so it stays in registers. For the same reason the functions of whole
// symbols are kept out of line, each with few values that live across its loop.

const (
	// inputSize is twice the most bytes that a chunk has: a decoder that runs beyond a chunk's end reads bytes without meaning until
	// that is noticed. It is a power of 2, and inputMask takes the place of a check of bounds that is a branch.
	inputSize = 1 << 17
	inputMask = inputSize - 1

	// even is the probability of one half that a bit is 0; all are given in 2048ths.
	even = 1 << 10

	// rangeHeader is how many bytes the range coder begins with.
	rangeHeader = 5
)

type input [inputSize]byte

// normalise reads a byte where rng has become too small to be parted.
func normalise(in *input, ip uint, rng, code uint32) (uint, uint32, uint32) {
	if rng < 1<<24 {
		return ip + 1, rng << 8, code<<8 | uint32(in[ip&inputMask])
	}
	return ip, rng, code
}

// decide decodes a bit that says what comes next, by a branch.
func decide(p *uint16, rng, code uint32) (one bool, _, _ uint32) {
	bound := rng >> 11 * uint32(*p)
	if code < bound {
		*p += (2048 - *p) >> 5
		return false, bound, code
	}
	*p -= *p >> 5
	return true, rng - bound, code - bound
}

// split decodes a bit of a number, which no processor can guess, without a branch: zero is all ones where the bit is 0, and else 0.
// It selects range and code, and is to select the rest.
func split(rng, code, p uint32) (_, _, zero uint32) {
	bound := rng >> 11 * p
	zero = uint32(int64(uint64(code)-uint64(bound)) >> 63)
	rng -= bound
	code -= bound
	return rng + (bound-rng)&zero, code + bound&zero, zero
}

// adapt is what decide does to a probability, for split: 2048-p is added in 32nds, rounded down, or p subtracted.
func adapt(p, zero uint32) uint16 {
	return uint16(p - uint32(int32(p-zero&2017)>>5))
}

// literals are the probabilities of a byte's bits in one context: a tree of 256, and two more for a byte after a match. The rest is
// there for the mask.
type literals [0x400]uint16

// literal decodes a byte that does not follow a match. The probabilities of both bits that may be next are loaded before it is known
// which one it is.
//
//go:noinline
func literal(t *literals, in *input, ip uint, rng, code uint32) (b uint32, _ uint, _, _ uint32) {
	node, p := uint32(1), uint32(t[1])
	var zero uint32
	for range 8 {
		ip, rng, code = normalise(in, ip, rng, code)
		left, right := uint32(t[node*2&0x1ff]), uint32(t[(node*2+1)&0x1ff])
		rng, code, zero = split(rng, code, p)
		t[node&0xff] = adapt(p, zero)
		p = right ^ (left^right)&zero
		node = node<<1 + 1 + zero
	}
	return node & 0xff, ip, rng, code
}

// matchedLiteral decodes a byte after a match. The byte at the last distance is probably another one, but begins alike: its bits
// choose between the two upper trees until one differs.
//
//go:noinline
func matchedLiteral(t *literals, in *input, ip uint, rng, code, other uint32) (b uint32, _ uint, _, _ uint32) {
	node, upper := uint32(1), uint32(0x100)
	var zero uint32
	for range 8 {
		other <<= 1
		bit := other & upper
		ip, rng, code = normalise(in, ip, rng, code)
		at := &t[(upper+bit+node)&0x3ff]
		p := uint32(*at)
		rng, code, zero = split(rng, code, p)
		*at = adapt(p, zero)
		node = node<<1 + 1 + zero
		upper &= bit ^ zero
	}
	return node & 0xff, ip, rng, code
}

// lengths are the probabilities of the length of a match: three trees, and the choice among them.
type lengths struct {
	choice, choice2 uint16
	low, middle     [16][8]uint16
	high            [256]uint16
}

// length decodes the length of a match in bytes.
//
//go:noinline
func length(t *lengths, in *input, ip uint, rng, code, position uint32) (n uint32, _ uint, _, _ uint32) {
	const firstLow, firstMiddle, firstHigh = 2, 2 + 8, 2 + 8 + 8
	tree, first := &t.low[position&15], uint32(firstLow)
	var one bool
	ip, rng, code = normalise(in, ip, rng, code)
	if one, rng, code = decide(&t.choice, rng, code); one {
		ip, rng, code = normalise(in, ip, rng, code)
		if one, rng, code = decide(&t.choice2, rng, code); one {
			n, ip, rng, code = highLength(&t.high, in, ip, rng, code)
			return n + firstHigh, ip, rng, code
		}
		tree, first = &t.middle[position&15], firstMiddle
	}
	node, zero := uint32(1), uint32(0)
	for range 3 {
		ip, rng, code = normalise(in, ip, rng, code)
		p := uint32(tree[node&7])
		rng, code, zero = split(rng, code, p)
		tree[node&7] = adapt(p, zero)
		node = node<<1 + 1 + zero
	}
	return node&7 + first, ip, rng, code
}

func highLength(tree *[256]uint16, in *input, ip uint, rng, code uint32) (n uint32, _ uint, _, _ uint32) {
	node, zero := uint32(1), uint32(0)
	for range 8 {
		ip, rng, code = normalise(in, ip, rng, code)
		p := uint32(tree[node&0xff])
		rng, code, zero = split(rng, code, p)
		tree[node&0xff] = adapt(p, zero)
		node = node<<1 + 1 + zero
	}
	return node & 0xff, ip, rng, code
}

// distances are the probabilities of the distance of a match: the slot says how many bits it has, and the two highest. Of the other
// bits, short distances have trees for all, and long ones a tree for the lowest four.
type distances struct {
	slot  [4][64]uint16
	trees [256]uint16
}

// lowestTree is where in the trees that of the lowest bits is.
const lowestTree = 128

// distance decodes the distance of a match of n bytes, less one.
//
//go:noinline
func distance(t *distances, in *input, ip uint, rng, code, n uint32) (d uint32, _ uint, _, _ uint32) {
	const shortest, firstLong, lowestBits = 4, 14, 4
	slots := &t.slot[min(n-2, 3)&3]
	slot, zero, p := uint32(1), uint32(0), uint32(slots[1])
	for range 6 {
		ip, rng, code = normalise(in, ip, rng, code)
		left, right := uint32(slots[slot*2&63]), uint32(slots[(slot*2+1)&63])
		rng, code, zero = split(rng, code, p)
		slots[slot&63] = adapt(p, zero)
		p = right ^ (left^right)&zero
		slot = slot<<1 + 1 + zero
	}
	slot &= 63
	if slot < shortest {
		return slot, ip, rng, code
	}
	d, bits, tree := 2|slot&1, slot>>1-1, uint32(lowestTree)
	if slot < firstLong {
		d <<= bits
		tree = d - slot
	} else {
		for range bits - lowestBits {
			ip, rng, code = normalise(in, ip, rng, code)
			rng >>= 1
			code -= rng
			zero = uint32(int32(code) >> 31)
			code += rng & zero
			d = d<<1 + 1 + zero
		}
		d, bits = d<<lowestBits, lowestBits
	}
	node := uint32(1)
	for i := range bits {
		ip, rng, code = normalise(in, ip, rng, code)
		at := &t.trees[(tree+node)&0xff]
		p = uint32(*at)
		rng, code, zero = split(rng, code, p)
		*at = adapt(p, zero)
		node = node<<1 + 1 + zero
		d += (1 + zero) << i
	}
	return d, ip, rng, code
}
