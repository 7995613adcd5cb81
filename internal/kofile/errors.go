package kofile

import (
	"errors"
	"strconv"
	"syscall"
)

// errNotRegular is the errno for what cannot be read at an offset, such as a FIFO.
const errNotRegular = syscall.EPERM

// errFull is a decoder's answer when its output does not fit the size it was given.
var errFull = errors.New("kofile: output does not fit")

// Error says what is wrong with a module's file, or with the compressed stream in it.
type Error struct {
	Path string
	// What is the step or the format that failed: "open", "read", "gzip", "xz" or "zstd".
	What string
	// Offset is the position in the file in bytes, -1 where it is not known.
	Offset int64
	// Reason says it in words; where it is empty Errno says all.
	Reason string
	// Errno is what C kmod ends with; EINVAL for every bad stream.
	Errno syscall.Errno
	// Library is the line that C kmod's library writes before the tool writes its own, such as "xz: File is corrupt"; empty
	// where it writes none.
	Library string
}

func (e *Error) Error() string {
	text := e.Reason
	if text == "" {
		text = e.Errno.Error()
	}
	text = e.Path + ": " + e.What + ": " + text
	if e.Offset >= 0 {
		text += " (at offset " + strconv.FormatInt(e.Offset, 10) + ")"
	}
	return text
}

// Unwrap gives the syscall.Errno.
func (e *Error) Unwrap() error { return e.Errno }

// corrupt is the error of a decoder, which knows no path. C kmod's words follow the format's name in Library.
func corrupt(format string, offset int64, reason, words string) *Error {
	return &Error{What: format, Offset: offset, Reason: reason, Errno: syscall.EINVAL, Library: format + ": " + words}
}

// noMemory says that the system gave no memory for a module.
func noMemory() *Error {
	return &Error{What: "memory", Offset: -1, Errno: syscall.ENOMEM}
}

// LimitError says that a file needs more memory than the cap allows.
type LimitError struct {
	Path string
	// What is too large, such as "decompressed module".
	What string
	// Limit is the cap in bytes.
	Limit int64
}

func (e *LimitError) Error() string {
	return e.Path + ": " + e.What + " is larger than the cap of " + strconv.FormatInt(e.Limit, 10) +
		" bytes, which the environment variable " + LimitVariable + " sets"
}

// Unwrap gives EFBIG.
func (e *LimitError) Unwrap() error { return syscall.EFBIG }

// RangeError says that bytes outside a module were asked for: an offset or a length in the module is wrong.
type RangeError struct {
	Path string
	// Offset and Length are what was asked for, Size is the module's; all in bytes.
	Offset, Length, Size int64
}

func (e *RangeError) Error() string {
	return e.Path + ": " + strconv.FormatInt(e.Length, 10) + " bytes at offset " + strconv.FormatInt(e.Offset, 10) +
		" do not lie in the module's " + strconv.FormatInt(e.Size, 10) + " bytes"
}

// Unwrap gives EINVAL.
func (e *RangeError) Unwrap() error { return syscall.EINVAL }

// withPath puts the file's path into a decoder's error.
func withPath(err error, path string) error {
	switch e := err.(type) {
	case *Error:
		e.Path = path
	case *LimitError:
		e.Path = path
	}
	return err
}
