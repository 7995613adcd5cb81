package vm

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// File types of st_mode, as in inode(7).
const (
	typeDirectory = 0o040000
	typeCharacter = 0o020000
	typeRegular   = 0o100000
	typeSymlink   = 0o120000
)

// member is one file of a newc archive.
type member struct {
	name         string // relative, without a leading slash
	mode         uint32 // type and permissions
	major, minor uint32 // of a device
	size         int64
}

// newcWriter writes the archive format that the kernel unpacks as its first file system
// (Documentation/driver-api/early-userspace/buffer-format.rst). Every file belongs to root and has the time 0, so that equal
// contents give equal bytes.
type newcWriter struct {
	out     *bufio.Writer
	written int64
	inode   uint32
}

func (w *newcWriter) add(m member, content io.Reader) error {
	w.inode++
	w.header(m)
	copied, err := io.Copy(w.out, content)
	w.written += copied
	if err == nil && copied != m.size {
		err = fmt.Errorf("has %d bytes, %d were announced", copied, m.size)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", m.name, err)
	}
	w.pad()
	return nil
}

// header writes 070701, thirteen numbers of eight hexadecimal digits, and the name.
func (w *newcWriter) header(m member) {
	links := 1
	written, _ := fmt.Fprintf(w.out, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\x00",
		w.inode, m.mode, 0, 0, links, 0, m.size, 0, 0, m.major, m.minor, len(m.name)+1, 0, m.name)
	w.written += int64(written)
	w.pad()
}

// pad fills up to the next multiple of four bytes.
func (w *newcWriter) pad() {
	for ; w.written%4 != 0; w.written++ {
		w.out.WriteByte(0)
	}
}

func (w *newcWriter) close() error {
	w.inode = 0
	if err := w.add(member{name: "TRAILER!!!"}, strings.NewReader("")); err != nil {
		return err
	}
	return w.out.Flush()
}
