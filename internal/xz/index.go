package xz

import (
	"encoding/binary"
	"math"
)

// minIndex is the length in bytes of the index without blocks: indicator, count, padding, CRC.
const minIndex = 8

// record is what the index says of a block, section 4.3, in bytes.
type record struct {
	// unpadded is the block's length in the file without its padding.
	unpadded int64
	content  int64
}

// index reads the index of the stream whose blocks were decoded, and compares it with them.
func (d *Decoder) index() error {
	start := d.at
	d.at++
	count, err := d.indexInteger()
	if err != nil {
		return err
	}
	if count != int64(len(d.records)) {
		return d.corrupt("the index has another number of blocks than the stream")
	}
	for _, r := range d.records {
		if err := d.indexRecord(r); err != nil {
			return err
		}
	}
	if err := d.padding(start, "the index"); err != nil {
		return err
	}
	switch {
	case len(d.src)-d.at < 4:
		return d.cut()
	case !crcFits(d.src[start:d.at], d.src[d.at:]):
		return d.corrupt("the CRC of the index is wrong")
	}
	d.at += 4
	return nil
}

func (d *Decoder) indexRecord(r record) error {
	unpadded, err := d.indexInteger()
	if err != nil {
		return err
	}
	content, err := d.indexInteger()
	if err != nil {
		return err
	}
	if unpadded != r.unpadded || content != r.content {
		return d.corrupt("the index has another size of a block than it has")
	}
	return nil
}

func (d *Decoder) indexInteger() (int64, error) {
	n, rest, ok := readInteger(d.src[d.at:])
	if !ok {
		if rest := d.src[d.at:]; len(rest) < 9 && allContinue(rest) {
			return 0, d.cut()
		}
		return 0, d.corrupt("the index has a number that is none")
	}
	d.at = len(d.src) - len(rest)
	return int64(n), nil
}

// allContinue says whether an integer with these bytes goes on.
func allContinue(b []byte) bool {
	for _, c := range b {
		if c < 0x80 {
			return false
		}
	}
	return true
}

// Size is how many bytes of content the indexes of all streams in src state. It is not ok where something does not fit together,
// which Decode will find.
func Size(src []byte) (size int64, ok bool) {
	for end := len(src); end > 0; {
		if end >= 4 && binary.LittleEndian.Uint32(src[end-4:end]) == 0 {
			end -= 4
			continue
		}
		content, start, ok := lastStream(src[:end])
		if !ok {
			return 0, false
		}
		size += min(content, math.MaxInt64-size)
		end = start
	}
	return size, true
}

// lastStream reads footer and index of the stream that src ends with, and gives the size of its content and where it begins.
func lastStream(src []byte) (content int64, start int, ok bool) {
	if len(src) < 2*headerLength+minIndex {
		return 0, 0, false
	}
	index, foot := src[:len(src)-headerLength], src[len(src)-headerLength:]
	if string(foot[10:]) != footerMagic || !crcFits(foot[4:10], foot) {
		return 0, 0, false
	}
	length := backwardSize(foot)
	if length < minIndex || length > int64(len(index)-headerLength) {
		return 0, 0, false
	}
	blocksEnd := len(index) - int(length)
	index = index[blocksEnd:]
	if index[0] != 0 || !crcFits(index[:len(index)-4], index[len(index)-4:]) {
		return 0, 0, false
	}
	content, padded, ok := sumRecords(index[1:len(index)-4], int64(blocksEnd-headerLength))
	return content, blocksEnd - int(padded) - headerLength, ok
}

// sumRecords adds up the records of an index: the sizes of the content, and the lengths in the file with padding, which must not be
// more than there is.
func sumRecords(records []byte, most int64) (content, padded int64, ok bool) {
	count, rest, ok := readInteger(records)
	for ; ok && count > 0; count-- {
		var length, size uint64
		if length, rest, ok = readInteger(rest); !ok {
			break
		}
		if size, rest, ok = readInteger(rest); !ok || length > math.MaxInt64-3 {
			return 0, 0, false
		}
		length = (length + 3) &^ 3
		if int64(length) > most-padded {
			return 0, 0, false
		}
		padded += int64(length)
		content += min(int64(size), math.MaxInt64-content)
	}
	return content, padded, ok
}
