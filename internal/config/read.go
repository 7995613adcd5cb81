package config

import (
	"errors"
	"io/fs"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// fileLimit is the most bytes that a file may have; it keeps a sparse file from exhausting the memory.
const fileLimit = 16 << 20

// ModulesLimit is the most bytes that modules.softdep and modules.weakdep may have, which depmod sees to: a distribution's kernel has 7
// thousand, and every tool reads them.
const ModulesLimit = 4 << 20

// reader reads one file after the other, into the same buffer.
type reader struct{ buf []byte }

// read gives nothing for a file that is not there or not ours to read, as C kmod does.
func (r *reader) read(path string, limit int) (string, *Problem) {
	problem := Problem{Where: Where{File: path}}
	// O_NONBLOCK keeps it from waiting for somebody to write into a FIFO.
	fd, err := open(path, unix.O_NONBLOCK)
	if err != nil {
		return "", unopened(problem, err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if problem.Err = unix.Fstat(fd, &st); problem.Err != nil {
		problem.Kind = ReadFailed
		return "", &problem
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		if isNull(&st) {
			return "", nil
		}
		problem.Kind, problem.Word = NotRegular, kindOf(st.Mode)
		return "", &problem
	}
	size, err := r.fill(fd, st.Size, limit)
	switch {
	case size > limit:
		problem.Kind, problem.Word = TooLarge, strconv.Itoa(limit)
		return "", &problem
	case err != nil:
		problem.Kind, problem.Err = ReadFailed, err
	}
	text := string(r.buf[:size])
	if problem.Kind != 0 {
		return text, &problem
	}
	return text, nil
}

// unopened is the problem of a file that could not be opened. Where that is the system's fault, nobody shall take the modules that the file
// forbids for allowed without a word.
func unopened(problem Problem, err error) *Problem {
	if !SystemFailed(err) {
		return nil
	}
	problem.Kind, problem.Err = ReadFailed, err
	return &problem
}

// SystemFailed tells of a file that is there, and could not be had, because the system lacks something for the moment or the disk is broken:
// what the file says is not known to be wrong, nor to be nothing.
func SystemFailed(err error) bool {
	return errors.Is(err, unix.EIO) || errors.Is(err, unix.ENOMEM) || errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE)
}

// ReadText reads a text file of the administrator's or the kernel's build, as configuration is read: a regular file of at most 16 MiB,
// without waiting for the other end of a FIFO. The error is an *fs.PathError.
func ReadText(path string) (string, error) {
	fd, err := open(path, unix.O_NONBLOCK)
	if err != nil {
		return "", &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return "", &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		return "", &fs.PathError{Op: "open", Path: path, Err: syscall.EINVAL}
	}
	var r reader
	size, err := r.fill(fd, st.Size, fileLimit)
	if size > fileLimit {
		err = syscall.EFBIG
	}
	if err != nil {
		return "", &fs.PathError{Op: "read", Path: path, Err: err}
	}
	return string(r.buf[:size]), nil
}

// fill reads up to the end of the file, or more than limit bytes. expected is the size that the file claims to have.
func (r *reader) fill(fd int, expected int64, limit int) (int, error) {
	if expected > int64(limit) {
		return limit + 1, nil
	}
	size := 0
	for size <= limit {
		if size == len(r.buf) {
			r.buf = append(r.buf, make([]byte, max(4<<10, len(r.buf)))...)
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

// isNull recognises /dev/null, a link to which is the usual way to hide a file of lower precedence.
func isNull(st *unix.Stat_t) bool {
	return st.Mode&unix.S_IFMT == unix.S_IFCHR && uint64(st.Rdev) == unix.Mkdev(1, 3)
}

func kindOf(mode uint32) string {
	switch mode & unix.S_IFMT {
	case unix.S_IFDIR:
		return "directory"
	case unix.S_IFCHR, unix.S_IFBLK:
		return "device"
	case unix.S_IFIFO:
		return "FIFO"
	}
	return "special file"
}

func open(path string, flags int) (int, error) {
	for {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|flags, 0)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

// stat gives the mode of a file, following links. name is relative to the folder dir.
func stat(dir int, name string) (mode uint32, err error) {
	var st unix.Stat_t
	for {
		err = unix.Fstatat(dir, name, &st, 0)
		if err != unix.EINTR {
			return st.Mode, err
		}
	}
}
