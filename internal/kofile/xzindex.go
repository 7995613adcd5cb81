package kofile

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math"
)

const (
	xzMinIndex = 8 // indicator, count 0, padding, CRC
	// xzRatio times the compressed size is the guess for a stream without a readable index.
	xzRatio = 4
	// xzDictionary64M is the LZMA2 property for a dictionary of xzMaxDictionary bytes, section 5.3.1.
	xzDictionary64M  = 28
	xzLastDictionary = 40
)

// xzStream is what footer and index say of a stream, sections 2.1.2 and 4.
type xzStream struct {
	// start is the offset of the stream in the file.
	start int
	// size is the length of its content in bytes.
	size int64
	// records is the index from its count up to its CRC.
	records []byte
}

// xzSize adds up the indexes of all streams. Where something does not fit together it guesses, and leaves the error to the
// decoder.
func xzSize(data []byte) estimate {
	total := int64(0)
	if !eachXZStream(data, func(s xzStream) { total += min(s.size, math.MaxInt64-total) }) {
		return estimate{size: xzRatio * int64(len(data))}
	}
	return estimate{size: total, exact: true}
}

// eachXZStream visits all streams from the end of the file to its start; false where something does not fit together.
func eachXZStream(data []byte, visit func(xzStream)) bool {
	for end := len(data); end > 0; {
		if end >= 4 && binary.LittleEndian.Uint32(data[end-4:end]) == 0 {
			end -= 4
			continue
		}
		s, ok := readXZStream(data[:end])
		if !ok {
			return false
		}
		visit(s)
		end = s.start
	}
	return true
}

// readXZStream reads footer and index of the stream that data ends with.
func readXZStream(data []byte) (xzStream, bool) {
	if len(data) < 2*xzHeaderLength+xzMinIndex {
		return xzStream{}, false
	}
	index := data[:len(data)-xzHeaderLength]
	footer := data[len(data)-xzHeaderLength:]
	backward := (int64(binary.LittleEndian.Uint32(footer[4:])) + 1) * 4
	if string(footer[10:]) != "YZ" || !crcFits(footer[4:10], footer) {
		return xzStream{}, false
	}
	if backward < xzMinIndex || backward > int64(len(index)-xzHeaderLength) {
		return xzStream{}, false
	}
	blocksEnd := len(index) - int(backward)
	index = index[blocksEnd:]
	if index[0] != 0 || !crcFits(index[:len(index)-4], index[len(index)-4:]) {
		return xzStream{}, false
	}
	s := xzStream{records: index[1 : len(index)-4]}
	blocks := int64(0)
	ok := s.eachRecord(func(padded, content int64) bool {
		if padded > int64(blocksEnd-xzHeaderLength)-blocks {
			return false
		}
		blocks += padded
		s.size += min(content, math.MaxInt64-s.size)
		return true
	})
	s.start = blocksEnd - int(blocks) - xzHeaderLength
	return s, ok
}

// eachRecord visits the index's record of every block: its length in the file with padding, and that of its content, in
// bytes. It is false where the index is broken or visit says so.
func (s *xzStream) eachRecord(visit func(padded, content int64) bool) bool {
	count, rest, ok := readVLI(s.records)
	for ; ok && count > 0; count-- {
		var unpadded, content uint64
		if unpadded, rest, ok = readVLI(rest); !ok {
			break
		}
		if content, rest, ok = readVLI(rest); !ok {
			break
		}
		ok = unpadded <= math.MaxInt64-3 && visit(int64(unpadded+3)&^3, int64(content))
	}
	return ok
}

// shrinkXZDictionaries gives a copy of data in which no block asks for a dictionary of more than xzMaxDictionary bytes. It is
// not ok where the content is larger than that, so that a block may need what it asks for.
func shrinkXZDictionaries(data []byte) ([]byte, bool) {
	if e := xzSize(data); !e.exact || e.size > xzMaxDictionary {
		return nil, false
	}
	data = bytes.Clone(data)
	ok := eachXZStream(data, func(s xzStream) {
		at := s.start + xzHeaderLength
		s.eachRecord(func(padded, _ int64) bool {
			shrinkXZDictionary(data[at:])
			at += int(padded)
			return true
		})
	})
	return data, ok
}

func shrinkXZDictionary(block []byte) {
	filters, length, ok := readXZBlockHeader(block)
	if !ok || filters == nil {
		return
	}
	last := filters[len(filters)-1]
	if last.id != xzLZMA2 || len(last.properties) != 1 {
		return
	}
	if p := last.properties; p[0] > xzDictionary64M && p[0] <= xzLastDictionary {
		p[0] = xzDictionary64M
		binary.LittleEndian.PutUint32(block[length:], crc32.ChecksumIEEE(block[:length]))
	}
}
