package xz

import "encoding/binary"

// The control bytes of LZMA2 chunks, .xz file format 5.3.1 and the LZMA SDK.
const (
	controlEnd        = 0x00
	controlPlainReset = 0x01 // an uncompressed chunk, after which the dictionary begins anew
	controlPlain      = 0x02
	controlLZMA       = 0x80 // from here on bits 0 to 4 are the upper ones of the length
	controlState      = 0xa0
	controlProperties = 0xc0
	controlDictionary = 0xe0
)

// chunks decodes the LZMA2 data of a block: what lies before end, where the block's header says where that is.
func (d *Decoder) chunks(b *block) error {
	d.dictionary = window{start: d.n, size: b.filters.dictionary()}
	needDictionary, needProperties := true, true
	for {
		if d.at >= b.end {
			return d.short(b)
		}
		control := d.src[d.at]
		if control == controlEnd {
			d.at++
			return nil
		}
		if control >= controlDictionary || control == controlPlainReset {
			d.dictionary.start = d.n
			needDictionary, needProperties = false, true
		}
		switch {
		case needDictionary:
			return d.corrupt("the first chunk does not begin a dictionary")
		case control > controlPlain && control < controlLZMA:
			return d.corrupt("a chunk is of an unknown kind")
		}
		var err error
		if control < controlLZMA {
			err = d.plainChunk(b)
		} else {
			err = d.lzmaChunk(b, control, &needProperties)
		}
		if err != nil {
			return err
		}
	}
}

// plainChunk copies an uncompressed chunk.
func (d *Decoder) plainChunk(b *block) error {
	const header = 3
	if b.end-d.at < header {
		return d.short(b)
	}
	n := int(binary.BigEndian.Uint16(d.src[d.at+1:])) + 1
	d.at += header
	there := min(n, b.end-d.at)
	if there > b.limit-d.n {
		return d.full(b)
	}
	copy(d.out[d.n:], d.src[d.at:d.at+there])
	d.at += there
	d.n += there
	if there < n {
		return d.short(b)
	}
	return nil
}

// lzmaChunk decodes a compressed chunk. Of one that is cut off it decodes what is there, since it may be corrupt before.
func (d *Decoder) lzmaChunk(b *block, control byte, needProperties *bool) error {
	header := 5
	if control >= controlProperties {
		header++
	}
	if b.end-d.at < header {
		return d.short(b)
	}
	head := d.src[d.at : d.at+header]
	switch {
	case control >= controlProperties:
		if !d.lzma.setProperties(head[5]) {
			return d.corrupt("a chunk has impossible properties")
		}
		*needProperties = false
		d.lzma.reset()
	case *needProperties:
		return d.corrupt("a chunk has no properties")
	case control >= controlState:
		d.lzma.reset()
	}
	size := int(binary.BigEndian.Uint16(head[3:])) + 1
	content := int(control&^controlDictionary)<<16 + int(binary.BigEndian.Uint16(head[1:])) + 1
	data := d.src[d.at+header : min(b.end, d.at+header+size)]
	wanted := min(content, b.limit-d.n)
	used, ok := d.lzma.decode(data, d.out, d.n, d.n+wanted, d.dictionary)
	switch {
	case used > len(data) && len(data) < size:
		d.at += header + len(data)
		return d.short(b)
	case ok && wanted < content:
		return d.full(b)
	case !ok, used != size, !d.lzma.complete:
		return d.corrupt("the compressed data is wrong")
	}
	d.at += header + size
	d.n += content
	return nil
}
