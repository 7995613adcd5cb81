package elfinfo

import (
	"errors"
	"strconv"
	"syscall"
)

// FormatError says where a module is not what it should be. It unwraps to the errno that libkmod gives for it:
// ENOEXEC, no ELF file at all; EINVAL, a broken one; ENODATA, a whole one that lacks what was asked for. EFBIG is beyond a limit that libkmod
// does not have.
type FormatError struct {
	Offset int64  // into the decompressed module
	What   string // what is wrong
	Value  string // the offending value, or the name of what is lacking; may be empty
	Errno  syscall.Errno
}

func (e *FormatError) Error() string {
	text := "offset 0x" + strconv.FormatInt(e.Offset, 16) + ": " + e.What
	if e.Value != "" {
		text += ": " + e.Value
	}
	return text
}

func (e *FormatError) Unwrap() error { return e.Errno }

func invalid(offset int64, what string, value uint64) error {
	return &FormatError{offset, what, strconv.FormatUint(value, 10), syscall.EINVAL}
}

// isIO tells an error of the image from one of the format.
func isIO(err error) bool {
	if err == nil {
		return false
	}
	_, format := errors.AsType[*FormatError](err)
	return !format
}
