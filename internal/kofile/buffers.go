package kofile

import "math"

const (
	// smallBuffer parts the windows of plain files from the buffers of decompression: a small request never takes a large
	// buffer away.
	smallBuffer = 64 << 10
	// largestSpare is the largest buffer that is kept for the next file.
	largestSpare = 64 << 20
	// maxSpare is how many buffers are kept.
	maxSpare = 8

	// decodeSlack is what an output buffer has beyond the size that its decoder may fill: the largest zstd block, so that
	// the block which exceeds the size is noticed before the decoder makes a buffer of its own, and room for wide copies.
	decodeSlack = zstdMaxBlock + 64
	// maxLimit keeps buffer sizes within an int on 32-bit machines.
	maxLimit = math.MaxInt - decodeSlack - zstdSpareWindow
)

// buffers keeps the memory of closed files for the next ones.
type buffers struct {
	free [][]byte
}

// take gives an empty slice with room for n bytes: the smallest kept one that fits, else a new one.
func (b *buffers) take(n int) []byte {
	best := -1
	for i, s := range b.free {
		if cap(s) >= n && (cap(s) <= smallBuffer) == (n <= smallBuffer) && (best < 0 || cap(s) < cap(b.free[best])) {
			best = i
		}
	}
	if best < 0 {
		return make([]byte, 0, n)
	}
	s := b.free[best]
	last := len(b.free) - 1
	b.free[best] = b.free[last]
	b.free[last] = nil
	b.free = b.free[:last]
	return s
}

// give takes a buffer back. When there are enough, the smallest makes room.
func (b *buffers) give(s []byte) {
	s = s[:0]
	if cap(s) == 0 || cap(s) > largestSpare {
		return
	}
	if len(b.free) < maxSpare {
		b.free = append(b.free, s)
		return
	}
	smallest := 0
	for i := range b.free {
		if cap(b.free[i]) < cap(b.free[smallest]) {
			smallest = i
		}
	}
	if cap(b.free[smallest]) < cap(s) {
		b.free[smallest] = s
	}
}
