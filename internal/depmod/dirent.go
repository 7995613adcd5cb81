package depmod

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// entry is one of a folder's, with its d_type.
type entry struct {
	name string
	kind byte
}

// readFolder gives the entries of an open folder in the order of bytes, without those to be skipped. What was read before an
// error is given with it.
func readFolder(fd int, buffer []byte, skip func(name string) bool) ([]entry, error) {
	var entries []entry
	for {
		n, err := unix.ReadDirent(fd, buffer)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
			return entries, err
		}
		entries = appendDirents(entries, buffer[:n], skip)
	}
}

// appendDirents reads struct linux_dirent64 (getdents(2)):
//
//	u64 inode, u64 offset, u16 length of the record, u8 type, name, NUL
func appendDirents(entries []entry, records []byte, skip func(string) bool) []entry {
	const lengthAt, typeAt, nameAt = 16, 18, 19
	for len(records) > nameAt {
		length := int(binary.NativeEndian.Uint16(records[lengthAt:]))
		if length <= nameAt || length > len(records) {
			break
		}
		name, _, _ := bytes.Cut(records[nameAt:length], []byte{0})
		if text := string(name); text != "." && text != ".." && !skip(text) {
			entries = append(entries, entry{text, records[typeAt]})
		}
		records = records[length:]
	}
	return entries
}

// openFolder opens a folder for reading. parent is unix.AT_FDCWD or an open folder.
func openFolder(parent int, name string) (int, error) {
	for {
		fd, err := unix.Openat(parent, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		if err != unix.EINTR {
			return fd, err
		}
	}
}
