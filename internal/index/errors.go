package index

import (
	"errors"
	"strconv"
)

// ErrTooShort is a file that has no room for the header. depmod leaves an empty one where it had nothing to read.
var ErrTooShort = errors.New("shorter than the header of an index")

// ErrFault is a mapped page that cannot be had any more.
var ErrFault = errors.New("the index became shorter while in use, or its disk cannot be read")

// MagicError is a file that is no index.
type MagicError struct {
	Path string
	// Got is what stands in place of the magic number B007F457.
	Got uint32
}

func (e *MagicError) Error() string {
	return inFile(e.Path) + "not an index: magic number " + strconv.FormatUint(uint64(e.Got), 16) + " instead of b007f457"
}

// VersionError is an index of a format that differs.
type VersionError struct {
	Path string
	// Major is the first half of the file's version.
	Major uint32
}

func (e *VersionError) Error() string {
	return inFile(e.Path) + "index of version " + strconv.FormatUint(uint64(e.Major), 10) + " instead of 2"
}

// CorruptError says where an index makes no sense.
type CorruptError struct {
	Path string
	// Offset is in the file, in bytes.
	Offset int
	// What makes no sense there, such as "reference to a node".
	What string
	// Value is the number that stands there, or the limit that was reached.
	Value uint64
}

func (e *CorruptError) Error() string {
	return inFile(e.Path) + "damaged index: offset 0x" + strconv.FormatInt(int64(e.Offset), 16) + ": " + e.What +
		" (0x" + strconv.FormatUint(e.Value, 16) + ")"
}

func (x *Index) corrupt(offset int, what string, value uint64) error {
	return &CorruptError{x.path, offset, what, value}
}

func inFile(path string) string {
	if path == "" {
		return ""
	}
	return path + ": "
}
