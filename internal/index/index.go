// Package index reads the modules.*.bin files that depmod writes: tries from a module's name, or from a pattern of aliases, to
// text. What begins with a file so, all numbers having 32 bits with the most significant byte first,
//
//	magic    B007F457
//	version  00020001, of which the first half must be 2
//	root     reference to a node
//
// goes on with nodes in any order; node.go describes them.
package index

import (
	"encoding/binary"
	"io/fs"
	"math"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	magic      = 0xB007F457
	major      = 2
	headerSize = 12
	// rootAt is where the header has the reference of the root.
	rootAt = 8
)

// MaxKey is the length in bytes of the longest key that All gives, and that Search gives if it has a wildcard; a longer one
// fails as damage. It is twice PATH_MAX, at which aliases are cut, and a writer must leave out what is longer.
const MaxKey = 8192

// Index is an open index. Look-ups only read, and may run at the same time.
type Index struct {
	path        string
	data        []byte
	mapped      bool
	reverseTies bool
	steps       atomic.Int64 // that searches took beyond stepsOfEach
}

// Open maps the index at path and checks its header, no more: what is damaged further on is an error of the look-up that
// meets it. A file that cannot be opened is an *fs.PathError, one of less than 12 bytes such an error around ErrTooShort; a
// wrong header is a *MagicError or a *VersionError.
//
// The file may be replaced meanwhile, as depmod does by renaming. Where it is cut short instead, a look-up in a page of it
// that is gone fails with ErrFault; the rest of the page in which it now ends reads as zeros.
func Open(path string) (*Index, error) {
	fd, err := open(path)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return nil, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	if stat.Size < headerSize {
		return nil, &fs.PathError{Op: "read", Path: path, Err: ErrTooShort}
	}
	if stat.Size > math.MaxInt {
		return nil, &fs.PathError{Op: "map", Path: path, Err: syscall.EFBIG}
	}
	data, err := unix.Mmap(fd, 0, int(stat.Size), unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		return nil, &fs.PathError{Op: "map", Path: path, Err: err}
	}
	x := &Index{path: path, data: data, mapped: true}
	if err := x.guarded(x.checkHeader); err != nil {
		x.Close()
		return nil, err
	}
	return x, nil
}

// open does not wait for the other end of a FIFO, and spares what os.Open does to register a file with the poller.
func open(path string) (fd int, err error) {
	for {
		fd, err = unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

// Parse is Open for an index in memory, which must not change while the result is in use. Its errors name no path.
func Parse(data []byte) (*Index, error) {
	if len(data) < headerSize {
		return nil, ErrTooShort
	}
	x := &Index{data: data}
	if err := x.checkHeader(); err != nil {
		return nil, err
	}
	return x, nil
}

func (x *Index) checkHeader() error {
	if got := binary.BigEndian.Uint32(x.data); got != magic {
		return &MagicError{x.path, got}
	}
	if got := binary.BigEndian.Uint32(x.data[4:]) >> 16; got != major {
		return &VersionError{x.path, got}
	}
	return nil
}

// ReverseTies makes those values of one key that have the same priority come in the reverse of the usual order, in Lookup,
// Search and All. C kmod gives them so where it reads an index without mapping it: always in modinfo, and in modprobe when
// one of the indexes it wants is missing or damaged. It must not run beside a look-up.
func (x *Index) ReverseTies(reverse bool) { x.reverseTies = reverse }

// Close releases the mapping; look-ups are errors from then on. What they gave before stays valid.
func (x *Index) Close() error {
	data := x.data
	x.data = nil
	if !x.mapped || data == nil {
		return nil
	}
	return unix.Munmap(data)
}
