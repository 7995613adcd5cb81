// Package sysfs reads what the kernel tells about its modules: /proc/modules, /sys/module and /proc/cmdline, below any root.
// The formats are those of Documentation/ABI/testing/sysfs-module and proc(5).
package sysfs

import (
	"io/fs"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// FS is the pair of /proc and /sys below one root. Its methods may be called concurrently.
//
// It keeps a descriptor of /sys/module from its first use on: a listing opens hundreds of files there, and a shorter
// path saves a tenth of each.
type FS struct {
	root string // without a slash at the end: "" is the running kernel's

	mu     sync.Mutex
	opened bool
	dir    int // O_PATH descriptor of <root>/sys/module when opened
}

// New returns the /proc and /sys below root; "" and "/" are those of the running kernel. Nothing is read yet.
func New(root string) *FS {
	return &FS{root: strings.TrimRight(root, "/")}
}

// Close releases the descriptor that FS keeps. The FS stays usable and opens it again when needed.
func (s *FS) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.opened {
		return nil
	}
	s.opened = false
	return unix.Close(s.dir)
}

// moduleDir returns the descriptor of <root>/sys/module. A failure is not remembered: /sys may be mounted later.
func (s *FS) moduleDir() (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened {
		return s.dir, nil
	}
	path := s.root + "/sys/module"
	fd, err := openat(unix.AT_FDCWD, path, unix.O_PATH|unix.O_DIRECTORY)
	if err != nil {
		return -1, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	s.dir, s.opened = fd, true
	return fd, nil
}

// Exists tells whether <root>/sys/module/name is a directory. The error, an *fs.PathError, is that there is no /sys/module to look
// into.
func (s *FS) Exists(name string) (bool, error) {
	if !validName(name) {
		return false, nil
	}
	dir, err := s.moduleDir()
	if err != nil {
		return false, err
	}
	var stat unix.Stat_t
	switch err := unix.Fstatat(dir, name, &stat, 0); err {
	case nil:
		return stat.Mode&unix.S_IFMT == unix.S_IFDIR, nil
	case unix.ENOENT:
		return false, nil
	default:
		return false, s.pathError("stat", name, err)
	}
}

// openModule opens a file or directory of one module; file begins with a slash.
func (s *FS) openModule(name, file string, flags int) (int, error) {
	if !validName(name) {
		return -1, &NameError{Name: name}
	}
	dir, err := s.moduleDir()
	if err != nil {
		return -1, err
	}
	fd, err := openat(dir, name+file, flags)
	if err != nil {
		return -1, s.pathError("open", name+file, err)
	}
	return fd, nil
}

// readModule reads a file of one module, at most len(buf) bytes of it; file begins with a slash.
func (s *FS) readModule(name, file string, buf []byte) ([]byte, error) {
	fd, err := s.openModule(name, file, unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	n, err := read(fd, buf)
	unix.Close(fd)
	if err != nil {
		return nil, s.pathError("read", name+file, err)
	}
	return buf[:n], nil
}

// pathError names a file below /sys/module. The kernel answers ENODEV for a file that was found, but whose module went
// away before it was opened or read; to callers that is the same as a file that was never there.
func (s *FS) pathError(op, file string, err error) error {
	if err == unix.ENODEV {
		err = unix.ENOENT
	}
	return &fs.PathError{Op: op, Path: s.modulePath(file), Err: err}
}

func (s *FS) modulePath(file string) string { return s.root + "/sys/module/" + file }

// validName tells whether name is one file name, so that no path made from it leaves /sys/module.
func validName(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, "/\x00")
}

// NameError is a name that no module can have: empty, "." or "..", or with a slash or NUL in it. As no such module
// is loaded, syscall.ENOENT is in its chain.
type NameError struct {
	Name string
}

func (e *NameError) Error() string { return "not a module name: " + quote(e.Name) }

// Unwrap returns syscall.ENOENT.
func (e *NameError) Unwrap() error { return syscall.ENOENT }
