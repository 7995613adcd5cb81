package kerneltest

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Flags of finit_module, linux/module.h.
const (
	ignoreModversions = 1
	ignoreVermagic    = 2
	compressedFile    = 4
)

// readDescriptor returns the whole content of an open file, from its start, and the path of that file.
func readDescriptor(fd int) (data []byte, path string, err error) {
	if fd < 0 {
		return nil, "", syscall.EBADF
	}
	path, err = os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	if err != nil {
		return nil, "", syscall.EBADF
	}
	data, err = io.ReadAll(io.NewSectionReader(descriptor(fd), 0, 1<<30))
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return nil, path, errno
	}
	if err == nil && len(data) == 0 {
		return nil, path, syscall.EINVAL
	}
	return data, path, internal(err)
}

// descriptor reads without moving the position, which the caller may still need.
type descriptor int

func (d descriptor) ReadAt(p []byte, off int64) (int, error) {
	n, err := unix.Pread(int(d), p, off)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// inflate answers as kernels do: EOPNOTSUPP without decompression, EINVAL for data that is not of the one known kind.
func (k *Kernel) inflate(data []byte) ([]byte, error) {
	kind, err := os.ReadFile(k.path("sys/module/compression"))
	if err != nil {
		return nil, syscall.EOPNOTSUPP
	}
	if string(kind) != compression(data)+"\n" {
		return nil, syscall.EINVAL
	}
	if k.Decompress == nil {
		return nil, errors.New("kerneltest: a compressed module, and no Decompress")
	}
	image, err := k.Decompress(data)
	var errno syscall.Errno
	if err != nil && !errors.As(err, &errno) {
		errno = syscall.EINVAL
	}
	if errno != 0 {
		return nil, errno
	}
	return image, nil
}

// compression names the kind of compressed data, and is "" for data that kernels refuse: the kernel's xz knows no other
// check than none (0) and CRC32 (1), see Documentation/staging/xz.rst.
func compression(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\x1f\x8b")):
		return "gzip"
	case bytes.HasPrefix(data, []byte("\x28\xb5\x2f\xfd")):
		return "zstd"
	case bytes.HasPrefix(data, []byte("\xfd7zXZ\x00\x00\x00")), bytes.HasPrefix(data, []byte("\xfd7zXZ\x00\x00\x01")):
		return "xz"
	}
	return ""
}

// nameOf names the module of a call: by the image, else by its file, else "-".
func nameOf(image []byte, path string) string {
	if name := modinfo(image, "name"); name != "" {
		return name
	}
	base, _, _ := strings.Cut(filepath.Base(path), ".")
	if path == "" || base == "" {
		return "-"
	}
	return underscores(base)
}

// modinfo returns the value of the first KEY=VALUE string in a module's .modinfo. In a file that is no more than ELF's magic
// and such strings, as tests make them, all of it is searched.
func modinfo(image []byte, key string) string {
	if file, err := elf.NewFile(bytes.NewReader(image)); err == nil {
		if section := file.Section(".modinfo"); section != nil {
			if data, err := section.Data(); err == nil {
				image = data
			}
		}
	}
	for text := range bytes.SplitSeq(image, []byte{0}) {
		if value, ok := bytes.CutPrefix(text, []byte(key+"=")); ok {
			return string(value)
		}
	}
	return ""
}

// depends returns the modules that an image needs, from depends=jbd2,mbcache.
func depends(image []byte) []string {
	return strings.FieldsFunc(underscores(modinfo(image, "depends")), func(r rune) bool { return r == ',' })
}

func underscores(name string) string { return strings.ReplaceAll(name, "-", "_") }
