package cli

import (
	"io"
	"strconv"
	"time"
)

// progressLine gives a function that shows on a line, which it writes again and again, how much is done and left. When all
// is done the line is empty.
func progressLine(terminal io.Writer) func(done, all int) {
	const (
		pause = 100 * time.Millisecond
		clear = "\r\x1b[K"
	)
	last := time.Now()
	return func(done, all int) {
		switch now := time.Now(); {
		case done == all:
			io.WriteString(terminal, clear)
		case now.Sub(last) >= pause:
			last = now
			io.WriteString(terminal, clear+strconv.Itoa(done)+" modules read, "+strconv.Itoa(all-done)+" left")
		}
	}
}
