// Package textfile reads whole text files of folders in which anything may stand by now: a FIFO that somebody holds open, a link to
// /dev/zero or /dev/stdin, a sparse file of a terabyte. It replaces them whole, too.
package textfile

import (
	"io/fs"
	"strconv"

	"golang.org/x/sys/unix"
)

// Reader reads one file after the other, into the same buffer.
type Reader struct{ buf []byte }

// Read is Reader.Read for one file; what it gives is the caller's own.
func Read(path string, limit int) ([]byte, error) {
	var r Reader
	return r.Read(path, limit)
}

// Read gives the content of a regular file of at most limit bytes, up to the next call. It waits for nobody. The null device reads as empty,
// for a link to it is the usual way to hide a file.
//
// The error is an *fs.PathError: of a *KindError, a *LimitError, or an errno. What could be read before a read failed comes with the error.
func (r *Reader) Read(path string, limit int) ([]byte, error) {
	// O_NONBLOCK does not wait for the other end of a FIFO, and means nothing to regular files.
	fd, err := open(path)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		if isNull(&st) {
			return nil, nil
		}
		return nil, &fs.PathError{Op: "read", Path: path, Err: &KindError{kindOf(st.Mode)}}
	}
	size, err := r.fill(fd, st.Size, limit)
	if size > limit {
		return nil, &fs.PathError{Op: "read", Path: path, Err: &LimitError{limit}}
	}
	if err != nil {
		return r.buf[:size], &fs.PathError{Op: "read", Path: path, Err: err}
	}
	return r.buf[:size], nil
}

// fill reads up to the end of the file, or more than limit bytes. expected is the size that the file claims to have.
func (r *Reader) fill(fd int, expected int64, limit int) (int, error) {
	if expected > int64(limit) {
		return limit + 1, nil
	}
	size := 0
	for size <= limit {
		if size == len(r.buf) {
			r.buf = append(r.buf, make([]byte, max(4<<10, int(expected)-len(r.buf), len(r.buf)))...)
		}
		n, err := unix.Read(fd, r.buf[size:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return size, err
		}
		size += n
		// What has no size, as in /proc, ends where nothing more comes.
		if n == 0 || int64(size) == expected {
			break
		}
	}
	return size, nil
}

// isNull recognises /dev/null.
func isNull(st *unix.Stat_t) bool {
	return st.Mode&unix.S_IFMT == unix.S_IFCHR && uint64(st.Rdev) == unix.Mkdev(1, 3)
}

func kindOf(mode uint32) string {
	switch mode & unix.S_IFMT {
	case unix.S_IFDIR:
		return folder
	case unix.S_IFCHR, unix.S_IFBLK:
		return "device"
	case unix.S_IFIFO:
		return "FIFO"
	}
	return "special file"
}

const folder = "directory"

func open(path string) (int, error) {
	for {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

// KindError is what is no regular file.
type KindError struct {
	// Kind is "directory", "device", "FIFO", or "special file".
	Kind string
}

func (e *KindError) Error() string { return "it is a " + e.Kind + ", not a regular file" }

// Unwrap gives EISDIR for a folder, else EINVAL.
func (e *KindError) Unwrap() error {
	if e.Kind == folder {
		return unix.EISDIR
	}
	return unix.EINVAL
}

// LimitError is a file of more than Limit bytes.
type LimitError struct{ Limit int }

func (e *LimitError) Error() string { return "it has more than " + strconv.Itoa(e.Limit) + " bytes" }

// Unwrap gives EFBIG.
func (e *LimitError) Unwrap() error { return unix.EFBIG }
