package xz

// block is a block that is being decoded, section 3.
type block struct {
	blockHeader
	// start is the offset in the file of the compressed data, and first the offset in the output of its content.
	start, first int
	// end and limit are the offsets before which both end at the latest.
	end, limit int
}

// block decodes a block.
func (d *Decoder) block(check Check) error {
	header := d.at
	var b block
	if err := d.blockHeader(&b.blockHeader); err != nil {
		return err
	}
	b.start, b.first = d.at, d.n
	b.end = b.compressed.reaches(b.start, len(d.src))
	b.limit = b.content.reaches(b.first, d.size)
	if err := d.chunks(&b); err != nil {
		return err
	}
	if !b.compressed.is(d.at-b.start) || !b.content.is(d.n-b.first) {
		return d.corrupt("a block has another size than its header says")
	}
	unpadded := d.at - header + check.length()
	if err := d.padding(header, "a block"); err != nil {
		return err
	}
	content := d.out[b.first:d.n]
	b.filters.apply(content)
	d.records = append(d.records, record{unpadded: int64(unpadded), content: int64(len(content))})
	return d.verify(check, content)
}

// padding skips the zeros that make what began at start a multiple of 4 bytes long.
func (d *Decoder) padding(start int, of string) error {
	for ; (d.at-start)%4 != 0; d.at++ {
		switch {
		case d.at == len(d.src):
			return d.cut()
		case d.src[d.at] != 0:
			return d.corrupt("the padding of " + of + " is not 0")
		}
	}
	return nil
}

// short is the answer where data ends before the block does: the file is cut off, or the block's header says so.
func (d *Decoder) short(b *block) error {
	if b.compressed.known && b.compressed.value <= int64(len(d.src)-b.start) {
		return d.corrupt("a block has more data than its header says")
	}
	return d.cut()
}

// full is the answer where content has no room: the caller allows no more, or the block's header says so.
func (d *Decoder) full(b *block) error {
	if b.content.known && b.content.value <= int64(d.size-b.first) {
		return d.corrupt("a block has more content than its header says")
	}
	return ErrFull
}

// verify compares the check that follows a block, section 3.4.
func (d *Decoder) verify(check Check, content []byte) error {
	n := check.length()
	if len(d.src)-d.at < n {
		return d.cut()
	}
	if !check.fits(content, d.src[d.at:d.at+n]) {
		return d.corrupt("the content does not fit its " + check.String())
	}
	d.at += n
	return nil
}
