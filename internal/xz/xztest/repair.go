// Package xztest helps tests to make broken .xz files.
package xztest

import (
	"encoding/binary"
	"hash/crc32"
)

const headerLength = 12 // of a stream's header, and of its footer

// Repair makes the CRCs of the headers of the first stream and the first block right, and those of the last index and footer, so
// that wrong fields get past them.
func Repair(file []byte) {
	put := func(at, start, end int) {
		if start >= 0 && start < end && end <= len(file) && at >= 0 && at+4 <= len(file) {
			binary.LittleEndian.PutUint32(file[at:], crc32.ChecksumIEEE(file[start:end]))
		}
	}
	put(8, 6, 8)
	if len(file) < 2*headerLength+8 {
		return
	}
	if block := headerLength + (int(file[headerLength])+1)*4; file[headerLength] != 0 {
		put(block-4, headerLength, block-4)
	}
	end := len(file)
	put(end-12, end-8, end-2)
	if index := end - 12 - 4*(1+int(binary.LittleEndian.Uint16(file[end-8:]))); index > 0 {
		put(end-16, index, end-16)
	}
}
