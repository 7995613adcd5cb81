package cli

import (
	"io"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// stderrTerminal is standard error if it is a terminal, else nil.
func (s *session) stderrTerminal() io.Writer {
	file, ok := s.Stderr.(*os.File)
	if !ok {
		return nil
	}
	if _, err := unix.IoctlGetTermios(int(file.Fd()), unix.TCGETS); err != nil {
		return nil
	}
	return file
}

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
