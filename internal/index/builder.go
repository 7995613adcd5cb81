package index

import (
	"errors"
	"slices"
	"strconv"
)

// ErrTooLarge is an index whose file would be longer than its references reach: 256 MiB.
var ErrTooLarge = errors.New("the index would be larger than 256 MiB")

// TextError is an entry that an index cannot hold.
type TextError struct {
	Key, Value string
	// Reason is ErrNotASCII, ErrNUL or ErrLongKey.
	Reason error
	// Char is the byte that is not allowed.
	Char byte
}

// Why an entry cannot be held.
var (
	ErrNotASCII = errors.New("only 7-bit ASCII is supported")
	ErrNUL      = errors.New("a NUL would end the text")
	ErrLongKey  = errors.New("the key has more than " + strconv.Itoa(MaxKey) + " bytes")
)

func (e *TextError) Error() string {
	return "index entry " + quoted(e.Key) + ": " + quoted(e.Value) + ": " + e.Reason.Error()
}

// quoted keeps a text of megabytes from filling the screen.
func quoted(text string) string {
	const most = 200
	if len(text) > most {
		return strconv.Quote(text[:most]) + "..."
	}
	return strconv.Quote(text)
}

// Unwrap gives the reason.
func (e *TextError) Unwrap() error { return e.Reason }

// Builder collects what an index is to hold. The zero value is empty.
type Builder struct {
	entries []builderEntry
	sorted  bool
}

type builderEntry struct {
	key, value string
	priority   uint32
	// added counts entries: of those with one key and one priority the last added comes first.
	added uint32
}

// Grow makes room for n more entries.
func (b *Builder) Grow(n int) { b.entries = slices.Grow(b.entries, n) }

// Add adds a value of a key. The same pair may be added again and is then held twice. What an index cannot hold is a
// *TextError, and is left out.
func (b *Builder) Add(key, value string, priority uint32) error {
	if len(key) > MaxKey {
		return &TextError{Key: key, Value: value, Reason: ErrLongKey}
	}
	for _, text := range [...]string{key, value} {
		if i := unfit(text); i >= 0 {
			reason := ErrNotASCII
			if text[i] == 0 {
				reason = ErrNUL
			}
			return &TextError{key, value, reason, text[i]}
		}
	}
	b.entries = append(b.entries, builderEntry{key, value, priority, uint32(len(b.entries))})
	b.sorted = false
	return nil
}

// unfit gives the place of the first byte that an index cannot hold, or -1.
func unfit(text string) int {
	for i := range len(text) {
		if text[i]-1 >= 0x7f {
			return i
		}
	}
	return -1
}

// Len is the number of entries.
func (b *Builder) Len() int { return len(b.entries) }

// ErrIncomplete is an index that does not hold what was added.
var ErrIncomplete = errors.New("the index does not hold what was put into it")

// Check reads data as any user of an index does, and compares what is in it with what was added: all of it, no more, and in
// its order.
func (b *Builder) Check(data []byte) error {
	x, err := Parse(data)
	if err != nil {
		return err
	}
	b.sort()
	rest, same := b.entries, true
	err = x.All(func(key []byte, values []Value) bool {
		for _, value := range values {
			if len(rest) == 0 || rest[0].key != string(key) || rest[0].value != value.Text || rest[0].priority != value.Priority {
				same = false
				return false
			}
			rest = rest[1:]
		}
		return true
	})
	if err == nil && (!same || len(rest) > 0) {
		err = ErrIncomplete
	}
	return err
}
