package modname

import (
	"strconv"
	"strings"
	"syscall"
)

// Alias gives the form in which an alias, or a name that a user gave, is looked up and stored: underscores for dashes, except
// within brackets, where a dash may be a range. Dots stay. Within brackets an opening one is a character like others, and the
// first closing one ends it. A bracket without its other half is a *BracketError.
//
// The result is cut to 4095 bytes; of what is behind those only the end of a bracket counts that began before.
func Alias(s string) (string, error) {
	kept := s[:min(len(s), maxLength)]
	var changed []byte
	for i := 0; i < len(kept); i++ {
		switch s[i] {
		case '-':
			if changed == nil {
				changed = []byte(kept)
			}
			changed[i] = '_'
		case ']':
			return "", &BracketError{s, i}
		case '[':
			length := strings.IndexByte(s[i:], ']')
			if length < 0 {
				return "", &BracketError{s, i}
			}
			i += length
		}
	}
	if changed == nil {
		return kept, nil
	}
	return string(changed), nil
}

// BracketError is a `[` without a `]` behind it, or a `]` without a `[` before. It unwraps to EINVAL.
type BracketError struct {
	Alias string
	// Offset of the bracket in the alias, in bytes.
	Offset int
}

func (e *BracketError) Error() string {
	return "unmatched bracket at offset " + strconv.Itoa(e.Offset) + " of the alias " + strconv.Quote(e.Alias)
}

// Unwrap gives syscall.EINVAL.
func (e *BracketError) Unwrap() error { return syscall.EINVAL }
