package sysfs

import (
	"io/fs"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// attrSize is more than any attribute of a module needs that is read here; the longest are decimal numbers.
const attrSize = 64

// ValueError is a file of the kernel whose content is not one of those it is known to have. syscall.EINVAL is in its chain.
type ValueError struct {
	Path string
	Text string // as read, with its newline; at most the first 64 bytes
}

func (e *ValueError) Error() string { return "unknown " + e.Path + ": " + quote(e.Text) }

// Unwrap returns syscall.EINVAL.
func (e *ValueError) Unwrap() error { return syscall.EINVAL }

// parseDecimal reads a decimal number that white space ends, as in "16384\n"; what comes after that is not looked at.
func parseDecimal(text []byte) (int64, bool) {
	start := 0
	for start < len(text) && isSpace(text[start]) {
		start++
	}
	end := start
	for end < len(text) && !isSpace(text[end]) {
		end++
	}
	if end == len(text) {
		return 0, false
	}
	n, err := strconv.ParseInt(string(text[start:end]), 10, 64)
	return n, err == nil
}

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// readFile reads a file to its end. More than limit bytes are an error, EFBIG, so that no file can exhaust the memory.
func readFile(path string, limit int) ([]byte, error) {
	fd, err := openat(unix.AT_FDCWD, path, unix.O_RDONLY)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	data := make([]byte, 0, min(limit+1, 32<<10))
	for {
		n, err := read(fd, data[len(data):cap(data)])
		if err != nil {
			return nil, &fs.PathError{Op: "read", Path: path, Err: err}
		}
		data = data[:len(data)+n]
		if n == 0 {
			return data, nil
		}
		if len(data) > limit {
			return nil, &fs.PathError{Op: "read", Path: path, Err: unix.EFBIG}
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
	}
}

// readUpTo reads a file into buf until that is full or the file ends.
func readUpTo(path string, buf []byte) ([]byte, error) {
	fd, err := openat(unix.AT_FDCWD, path, unix.O_RDONLY)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	filled := 0
	for filled < len(buf) {
		n, err := read(fd, buf[filled:])
		if err != nil {
			return nil, &fs.PathError{Op: "read", Path: path, Err: err}
		}
		if n == 0 {
			break
		}
		filled += n
	}
	return buf[:filled], nil
}

func openat(dir int, path string, flags int) (int, error) {
	for {
		fd, err := unix.Openat(dir, path, flags|unix.O_CLOEXEC, 0)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

func read(fd int, buf []byte) (int, error) {
	for {
		n, err := unix.Read(fd, buf)
		if err != unix.EINTR {
			return n, err
		}
	}
}

// quote quotes a text for a message of one line and cuts it to what a terminal's line holds.
func quote(text string) string {
	const most = 64
	if len(text) > most {
		return strconv.Quote(text[:most]) + "..."
	}
	return strconv.Quote(text)
}
