package kofile

import (
	"math"
	"syscall"
)

const (
	// smallBuffer parts the windows of plain files from the buffers of decompression: a small request never takes a large
	// buffer away.
	smallBuffer = 64 << 10
	// largeBuffer parts the buffers that are kept for the next file from those that the system gives and gets back at once:
	// these cost only what was written to them, and never stay as garbage beside the next one.
	largeBuffer = 32 << 20
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

// take gives an empty slice with room for n bytes: the smallest kept one that fits, else a new one. It is nil where the
// system has no memory for a large one.
func (b *buffers) take(n int) []byte {
	if n > largeBuffer {
		return mapMemory(n)
	}
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
	if cap(s) > largeBuffer {
		unmapMemory(s)
		return
	}
	if cap(s) == 0 {
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

// mapMemory gives n bytes that cost nothing until they are written to.
func mapMemory(n int) []byte {
	s, err := syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE,
		syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE)
	if err != nil {
		return nil
	}
	return s[:0]
}

// unmapMemory gives back what mapMemory gave. Other memory is refused, and left to the garbage collector.
func unmapMemory(s []byte) {
	_ = syscall.Munmap(s[:cap(s)])
}
