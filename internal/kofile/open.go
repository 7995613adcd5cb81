package kofile

import (
	"strconv"
	"syscall"
)

// openRegular opens a regular file for reading and gives its size in bytes. O_NONBLOCK keeps it from waiting for the
// other end of a FIFO; regular files do not know it. A raw descriptor is used because os.Open registers every file
// with the poller, which costs as much as reading a header.
func openRegular(path string) (fd int, size int64, err error) {
	for {
		fd, err = syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
		if err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		return -1, 0, openError(path, err, "")
	}
	var stat syscall.Stat_t
	reason := ""
	if err = syscall.Fstat(fd, &stat); err == nil {
		reason, err = regular(stat.Mode)
	}
	if err != nil {
		syscall.Close(fd)
		return -1, 0, openError(path, err, reason)
	}
	return fd, stat.Size, nil
}

// regular gives the errno for a file of another kind than a regular one, and what it is.
func regular(mode uint32) (reason string, err error) {
	switch mode & syscall.S_IFMT {
	case syscall.S_IFREG:
		return "", nil
	case syscall.S_IFDIR:
		return "is a directory, not a regular file", syscall.EISDIR
	case syscall.S_IFCHR, syscall.S_IFBLK:
		return "is a device, not a regular file", syscall.EINVAL
	case syscall.S_IFIFO:
		return "is a FIFO, not a regular file", errNotRegular
	}
	return "is not a regular file", errNotRegular
}

func openError(path string, err error, reason string) *Error {
	errno, _ := err.(syscall.Errno)
	return &Error{Path: path, What: "open", Offset: -1, Reason: reason, Errno: errno}
}

// readAt fills b from offset, and gives fewer bytes only where the file ends or errno is set.
func readAt(fd int, b []byte, offset int64) (n int, errno syscall.Errno) {
	for n < len(b) {
		m, err := syscall.Pread(fd, b[n:], offset+int64(n))
		switch {
		case err == syscall.EINTR:
		case err != nil:
			errno, _ = err.(syscall.Errno)
			return n, errno
		case m == 0:
			return n, 0
		default:
			n += m
		}
	}
	return n, 0
}

// readWhole is readAt for bytes that must be there, because the file had size bytes when it was opened.
func readWhole(path string, fd int, b []byte, offset, size int64) error {
	n, errno := readAt(fd, b, offset)
	switch {
	case errno != 0:
		return &Error{Path: path, What: "read", Offset: offset + int64(n), Errno: errno}
	case n < len(b):
		return shrunk(path, offset+int64(n), size)
	}
	return nil
}

func shrunk(path string, end, size int64) *Error {
	return &Error{Path: path, What: "read", Offset: end, Errno: syscall.EIO,
		Reason: "the file of " + strconv.FormatInt(size, 10) + " bytes has shrunk while it was read"}
}

func closed(path string) *Error {
	return &Error{Path: path, What: "read", Offset: -1, Errno: syscall.EBADF, Reason: "the file is closed already"}
}
