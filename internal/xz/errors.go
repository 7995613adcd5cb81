package xz

import (
	"errors"
	"strconv"
)

// ErrFull is the answer of Decode where the content has more bytes than were allowed.
var ErrFull = errors.New("xz: the content is larger than was allowed")

// Kind is what is wrong with a file.
type Kind uint8

// The kinds of errors.
const (
	// Cut is a file that ends before it is complete, and has no other fault up to there.
	Cut Kind = iota
	// Corrupt is a file that breaks the format, or whose content does not fit its integrity check.
	Corrupt
	// Unsupported is a file that asks for what the format has reserved, or for a filter that is not known.
	Unsupported
)

// Error says why a file was refused.
type Error struct {
	Kind Kind
	// Offset is where in the file it was noticed, in bytes.
	Offset int64
	// Reason says it in words.
	Reason string
}

func (e *Error) Error() string {
	return "xz: " + e.Reason + " (at offset " + strconv.FormatInt(e.Offset, 10) + ")"
}

func (d *Decoder) cut() error {
	return &Error{Kind: Cut, Offset: int64(len(d.src)), Reason: "the file is cut off"}
}

func (d *Decoder) corrupt(reason string) error {
	return &Error{Kind: Corrupt, Offset: int64(d.at), Reason: reason}
}

func (d *Decoder) unsupported(reason string) error {
	return &Error{Kind: Unsupported, Offset: int64(d.at), Reason: reason}
}
