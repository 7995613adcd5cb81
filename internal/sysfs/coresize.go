package sysfs

import (
	"errors"
	"io/fs"
	"syscall"
)

// Size returns the bytes that a module takes in memory: /sys/module/NAME/coresize ("16384\n"), or if the kernel has no such
// file for this module, the second column of /proc/modules. syscall.ENOENT is in the error's chain when the module
// has no folder in /sys/module, or neither file tells its size. A coresize that is not a number is a *ValueError.
func (s *FS) Size(name string) (int64, error) {
	var buf [attrSize]byte
	text, err := s.readModule(name, "/coresize", buf[:])
	if err != nil {
		return s.listedSize(name, err)
	}
	size, ok := parseDecimal(text)
	if !ok || size < 0 {
		return 0, &ValueError{Path: s.modulePath(name + "/coresize"), Text: string(text)}
	}
	return size, nil
}

// listedSize takes the size from /proc/modules; missing is the error that stands when it is not there either.
func (s *FS) listedSize(name string, missing error) (int64, error) {
	if !errors.Is(missing, syscall.ENOENT) {
		return 0, missing
	}
	if there, err := s.Exists(name); err != nil || !there {
		return 0, missing
	}
	modules, _, err := s.readModules()
	if err != nil {
		return 0, err
	}
	for _, m := range modules {
		if m.Name == name && m.Size >= 0 {
			return m.Size, nil
		}
	}
	return 0, &fs.PathError{Op: "find " + name + " in", Path: s.root + "/proc/modules", Err: syscall.ENOENT}
}
