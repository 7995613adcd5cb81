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
	largeBuffer = 4 << 20
	// maxSmall and maxLarge are how many buffers of each kind are kept.
	maxSmall = 8
	maxLarge = 3

	// decodeSlack is what an output buffer has beyond the size that its decoder may fill: the largest zstd block, so that
	// the block which exceeds the size is noticed before the decoder makes a buffer of its own, and room for wide copies.
	decodeSlack = zstdMaxBlock + 64
	// maxLimit keeps buffer sizes within an int on 32-bit machines.
	maxLimit = math.MaxInt - decodeSlack - zstdSpareWindow
)

// buffers keeps the memory of closed files for the next ones, small and large buffers apart: else the many small requests of a
// tree of plain modules would find nothing but large ones.
type buffers struct {
	small, large shelf
}

// shelf is some buffers, of which none is in use.
type shelf [][]byte

// take gives an empty slice with room for n bytes: the smallest kept one that fits, else a new one. It is nil where the
// system has no memory for a large one.
func (b *buffers) take(n int) []byte {
	switch {
	case n > largeBuffer:
		return mapMemory(n)
	case n > smallBuffer:
		return b.large.take(n)
	}
	return b.small.take(smallBuffer)
}

// give takes a buffer back.
func (b *buffers) give(s []byte) {
	switch s = s[:0]; {
	case cap(s) > largeBuffer:
		unmapMemory(s)
	case cap(s) > smallBuffer:
		b.large.give(s, maxLarge)
	case cap(s) > 0:
		b.small.give(s, maxSmall)
	}
}

func (b *shelf) take(n int) []byte {
	best := -1
	for i, s := range *b {
		if cap(s) >= n && (best < 0 || cap(s) < cap((*b)[best])) {
			best = i
		}
	}
	if best < 0 {
		return make([]byte, 0, n)
	}
	s, last := (*b)[best], len(*b)-1
	(*b)[best], (*b)[last] = (*b)[last], nil
	*b = (*b)[:last]
	return s
}

// give keeps a buffer. When there are enough, the smallest makes room.
func (b *shelf) give(s []byte, enough int) {
	if len(*b) < enough {
		*b = append(*b, s)
		return
	}
	smallest := 0
	for i := range *b {
		if cap((*b)[i]) < cap((*b)[smallest]) {
			smallest = i
		}
	}
	if cap((*b)[smallest]) < cap(s) {
		(*b)[smallest] = s
	}
}

// mapMemory gives n bytes that cost nothing until they are written to, and then large pages if the system has any: to get thousands
// of small ones takes a tenth as long as to decompress a module of zstd.
func mapMemory(n int) []byte {
	s, err := syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE,
		syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE)
	if err != nil {
		return nil
	}
	_ = syscall.Madvise(s, syscall.MADV_HUGEPAGE)
	return s[:0]
}

// unmapMemory gives back what mapMemory gave. Other memory is refused, and left to the garbage collector.
func unmapMemory(s []byte) {
	_ = syscall.Munmap(s[:cap(s)])
}
