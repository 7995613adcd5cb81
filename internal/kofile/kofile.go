// Package kofile reads the file of a kernel module: plain ELF, or compressed by gzip, xz or zstd.
//
// The format is recognised by the first bytes, never by the name. Of a plain file only the parts that are asked for
// are read; a compressed one is decompressed once, into memory, up to a cap.
package kofile

import (
	"os"
	"strconv"
	"syscall"

	"github.com/klauspost/compress/zstd"

	"gomod/internal/xz"
)

const (
	// DefaultLimit is the cap in bytes on a module's size in memory where LimitVariable sets none.
	DefaultLimit = 512 << 20
	// LimitVariable is the environment variable that a user raises the cap with. This package does not read it.
	LimitVariable = "GOMOD_MAX_MODULE_SIZE"

	// wholeSize is the size in bytes up to which Open reads a file whole, which half of all modules are: to copy that much takes no
	// longer than the system calls for its parts.
	wholeSize = 48 << 10
	// headSize is what Open reads of a larger one: the ELF header, or the headers of a compressed stream.
	headSize = 4 << 10
	// minSize is the length in bytes below which C kmod takes no file for a module.
	minSize = 6
)

// Compression is the format of a module's file.
type Compression uint8

// The formats, by the first bytes of the file; everything else counts as None.
const (
	None Compression = iota
	Gzip             // 1F 8B
	XZ               // FD '7zXZ' 00
	Zstd             // 28 B5 2F FD
)

// String gives the name that /sys/module/compression uses; "" for None.
func (c Compression) String() string {
	switch c {
	case Gzip:
		return "gzip"
	case XZ:
		return "xz"
	case Zstd:
		return "zstd"
	}
	return ""
}

func recognise(head []byte) Compression {
	switch {
	case hasPrefix(head, zstdMagic):
		return Zstd
	case hasPrefix(head, xz.Magic):
		return XZ
	case hasPrefix(head, gzipMagic):
		return Gzip
	}
	return None
}

func hasPrefix(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && string(b[:len(prefix)]) == prefix
}

// Opener opens one module after another and reuses decoders and buffers, which makes it quick for whole trees.
// The zero value works. An Opener and its Files belong to one goroutine.
type Opener struct {
	// Limit is the cap in bytes on a module's size in memory; DefaultLimit where it is not positive.
	Limit int64

	spare buffers
	gzip  gzipDecoder
	xz    *xz.Decoder
	zstd  *zstd.Decoder
	// zstdMost is the most bytes that zstd was told to let a frame hold.
	zstdMost int64
}

// File is the open file of a module.
type File struct {
	opener *Opener
	path   string
	fd     int      // -1 after Close
	os     *os.File // owns fd once it is made
	size   int64
	head   []byte
	format Compression
	image  Image
	err    error // of decompression
}

// Open opens the module at path with an Opener of its own. Limit is as in Opener.
func Open(path string, limit int64) (*File, error) {
	opener := &Opener{Limit: limit}
	return opener.Open(path)
}

// Open opens the module at path and reads its first bytes. It never blocks on a FIFO or a device.
// The error is an *Error.
func (o *Opener) Open(path string) (*File, error) {
	fd, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	f := &File{opener: o, path: path, fd: fd, size: size}
	if err := f.readHead(); err != nil {
		f.Close()
		return nil, err
	}
	f.format = recognise(f.head)
	f.image = Image{path: path, fd: -1, limit: o.limit(), spare: &o.spare}
	if f.format == None {
		f.image.fd, f.image.size = fd, size
		f.image.windows = append(f.image.first[:0], window{data: f.head})
	}
	return f, nil
}

func (o *Opener) limit() int64 {
	if o.Limit <= 0 {
		return DefaultLimit
	}
	return min(o.Limit, maxLimit)
}

func (f *File) readHead() error {
	want := int64(headSize)
	if f.size <= wholeSize {
		want = f.size
	}
	f.head = f.opener.spare.take(int(want))[:want]
	n, errno := readAt(f.fd, f.head, 0)
	f.head = f.head[:n]
	switch {
	case errno != 0:
		return &Error{Path: f.path, What: "read", Offset: int64(n), Errno: errno}
	case n < minSize:
		return &Error{Path: f.path, What: "read", Offset: -1, Errno: syscall.EINVAL,
			Reason: "a file of " + strconv.Itoa(n) + " bytes is too short for a module"}
	case int64(n) < want:
		return shrunk(f.path, int64(n), f.size)
	}
	return nil
}

// Compression is the format of the file.
func (f *File) Compression() Compression { return f.format }

// OS gives the open file, for finit_module. It is valid until Close, and must not be closed itself.
func (f *File) OS() *os.File {
	if f.os == nil && f.fd >= 0 {
		// The runtime's poller would take a non-blocking descriptor in its care.
		_ = syscall.SetNonblock(f.fd, false)
		f.os = os.NewFile(uintptr(f.fd), f.path)
	}
	return f.os
}

// KernelDecompresses says whether a kernel can load the compressed file as it is, where supported is the content of
// /sys/module/compression without its newline. Headers alone decide. Of xz a kernel is sure to know the check CRC32, or
// none, and the filter LZMA2. For a plain file, which no kernel needs to decompress, the answer is false.
func (f *File) KernelDecompresses(supported string) bool {
	if f.format == None || supported != f.format.String() {
		return false
	}
	return f.format != XZ || kernelReadsXZ(f.head)
}

// Image gives the module's ELF image. A compressed file is decompressed by the first call, and what that
// call returned is kept. The error is an *Error or a *LimitError.
func (f *File) Image() (*Image, error) {
	switch {
	case f.fd < 0:
		return nil, closed(f.path)
	case f.format != None && f.image.windows == nil && f.err == nil:
		var data []byte
		if data, f.err = f.decompress(); f.err == nil {
			f.image.size = int64(len(data))
			f.image.windows = append(f.image.first[:0], window{data: data})
		}
	}
	if f.err != nil {
		return nil, f.err
	}
	return &f.image, nil
}

// All gives the whole ELF image, for init_module. The slice is read-only and valid until Close.
// The error is an *Error or a *LimitError.
func (f *File) All() ([]byte, error) {
	image, err := f.Image()
	if err != nil {
		return nil, err
	}
	return image.all()
}

// Close closes the file. Slices that came from it must not be used any more. Closing twice is harmless.
func (f *File) Close() error {
	if f.fd < 0 {
		return nil
	}
	var err error
	if f.os != nil {
		err = f.os.Close()
	} else if e := syscall.Close(f.fd); e != nil {
		err = e
	}
	f.fd = -1
	if f.format != None {
		f.opener.spare.give(f.head)
	}
	f.head = nil
	f.image.release()
	return err
}
