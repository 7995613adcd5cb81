package xz

import "encoding/binary"

const (
	headerLength = 12 // of a stream's header, and of its footer
	footerMagic  = "YZ"
)

// Header is what the headers of the first stream and of its first block say.
type Header struct {
	Check Check
	// Filters are the ids of the filters in their order, section 5.3; LZMA2 is the last one.
	Filters []uint64
}

// ReadHeader reads the first bytes of a file. It is ok only where all of both headers is there and makes sense.
func ReadHeader(head []byte) (h Header, ok bool) {
	d := Decoder{src: head}
	check, err := d.streamHeader()
	if err != nil || d.at == len(head) || head[d.at] == 0 {
		return h, false
	}
	var b blockHeader
	if err := d.blockHeader(&b); err != nil {
		return h, false
	}
	h.Check = check
	for _, f := range b.filters.all() {
		h.Filters = append(h.Filters, f.id)
	}
	return h, true
}

// blockHeader is what a block's header says, section 3.1.
type blockHeader struct {
	compressed, content optional
	filters             chain
}

// optional is a size in bytes that a block's header may leave out.
type optional struct {
	known bool
	value int64
}

// reaches is the offset that the size leads to from another one, most at the most, or most where it is not known.
func (o optional) reaches(from, most int) int {
	if o.known && o.value < int64(most-from) {
		return from + int(o.value)
	}
	return most
}

func (o optional) is(n int) bool { return !o.known || o.value == int64(n) }

// blockHeader reads the header of the block that begins at d.at.
func (d *Decoder) blockHeader(b *blockHeader) error {
	length := int(d.src[d.at]) * 4
	if length+4 > len(d.src)-d.at {
		return d.cut()
	}
	head := d.src[d.at : d.at+length]
	if !crcFits(head, d.src[d.at+length:]) {
		return d.corrupt("the CRC of a block's header is wrong")
	}
	flags, rest := head[1], head[2:]
	if flags&0x3c != 0 {
		return d.unsupported("a block's header has flags that are reserved")
	}
	var ok bool
	if rest, ok = b.compressed.read(flags&0x40 != 0, rest); !ok || b.compressed.known && b.compressed.value == 0 {
		return d.corrupt("a block's header has no proper size of its data")
	}
	if rest, ok = b.content.read(flags&0x80 != 0, rest); !ok {
		return d.corrupt("a block's header has no proper size of its content")
	}
	for range flags&3 + 1 {
		var f filter
		if f, rest, ok = readFilter(rest); !ok {
			return d.corrupt("a block's header has no proper filter")
		}
		if reason := b.filters.add(f); reason != "" {
			return d.unsupported(reason)
		}
	}
	for _, c := range rest {
		if c != 0 {
			return d.unsupported("a block's header has fields that are not known")
		}
	}
	if reason := b.filters.check(); reason != "" {
		return d.unsupported(reason)
	}
	d.at += length + 4
	return nil
}

// read takes the size from the bytes of a header, if it is there.
func (o *optional) read(there bool, b []byte) (rest []byte, ok bool) {
	if !there {
		return b, true
	}
	n, rest, ok := readInteger(b)
	o.known, o.value = true, int64(n)
	return rest, ok
}

// readInteger reads an integer of section 1.2: seven bits a byte, lowest first, 63 bits at most, and no byte more than it needs.
func readInteger(b []byte) (n uint64, rest []byte, ok bool) {
	for i := 0; i < len(b) && i < 9; i++ {
		n |= uint64(b[i]&0x7f) << (7 * i)
		if b[i] < 0x80 {
			return n, b[i+1:], b[i] != 0 || i == 0
		}
	}
	return 0, nil, false
}

// backwardSize is the length in bytes that a footer says the index has.
func backwardSize(foot []byte) int64 {
	return (int64(binary.LittleEndian.Uint32(foot[4:])) + 1) * 4
}
