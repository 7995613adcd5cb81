package kernel

import (
	"errors"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// What is missing from the log is told.
func TestReadRecords(t *testing.T) {
	message := func(n int) string { return "4," + strconv.Itoa(n) + ",0,-;text\n" }
	for _, test := range []struct {
		name  string
		reads func(n int) (string, error) // what the nth read gives
		count int
		err   error
	}{
		{"to the end", func(n int) (string, error) {
			if n == 2 {
				return "", unix.EAGAIN
			}
			return message(n), nil
		}, 2, nil},
		{"overwritten", func(n int) (string, error) {
			switch n {
			case 1:
				return "", unix.EPIPE
			case 3:
				return "", unix.EAGAIN
			}
			return message(n), nil
		}, 2, ErrIncomplete},
		{"without end", func(n int) (string, error) { return message(n), nil }, mostRecords, ErrIncomplete},
		{"interrupted, then broken", func(n int) (string, error) {
			if n == 0 {
				return "", unix.EINTR
			}
			return "", unix.EIO
		}, 0, unix.EIO},
	} {
		n := -1
		records, err := readRecords(func(buf []byte) (int, error) {
			n++
			text, err := test.reads(n)
			return copy(buf, text), err
		})
		if len(records) != test.count || !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
			t.Errorf("%s: %d records, %v", test.name, len(records), err)
		}
	}
}
