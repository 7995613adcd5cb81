package xz

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"hash/crc64"
	"strconv"
)

// Check is the type of a stream's integrity check, section 2.1.1.2.
type Check uint8

// The checks that are defined. Of others only the length is known, and they are not compared.
const (
	None   Check = 0
	CRC32  Check = 1
	CRC64  Check = 4
	SHA256 Check = 10

	maxCheck = 15
)

// String gives the name that xz(1) has for it.
func (c Check) String() string {
	switch c {
	case None:
		return "none"
	case CRC32:
		return "CRC32"
	case CRC64:
		return "CRC64"
	case SHA256:
		return "SHA-256"
	}
	return "check of type " + strconv.Itoa(int(c))
}

// length is that of the check after each block, in bytes.
func (c Check) length() int {
	if c == None {
		return 0
	}
	return 4 << ((c - 1) / 3)
}

func (c Check) fits(content, sum []byte) bool {
	switch c {
	case CRC32:
		return crcFits(content, sum)
	case CRC64:
		return crc64.Checksum(content, crc64.MakeTable(crc64.ECMA)) == binary.LittleEndian.Uint64(sum)
	case SHA256:
		own := sha256.Sum256(content)
		return bytes.Equal(own[:], sum)
	}
	return true
}

// crcFits compares the CRC32 that all headers have.
func crcFits(b, sum []byte) bool {
	return crc32.ChecksumIEEE(b) == binary.LittleEndian.Uint32(sum)
}
