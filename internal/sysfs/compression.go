package sysfs

import (
	"errors"
	"syscall"
)

// Compression returns the one compression that the kernel can undo by itself, from /sys/module/compression: "zstd", "xz" or
// "gzip", with a newline there. It is "" when there is no such file: the kernel takes plain modules only. Any
// other text is a *ValueError.
func (s *FS) Compression() (string, error) {
	path := s.modulePath("compression")
	text, err := readUpTo(path, make([]byte, attrSize))
	if errors.Is(err, syscall.ENOENT) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	switch string(text) {
	case "zstd\n":
		return "zstd", nil
	case "xz\n":
		return "xz", nil
	case "gzip\n":
		return "gzip", nil
	}
	return "", &ValueError{Path: path, Text: string(text)}
}
