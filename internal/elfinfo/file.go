// Package elfinfo reads what the module tools want to know of a kernel module: its ELF sections .modinfo, .symtab,
// __versions and some more (elf(5)), and the signature behind them. The files are hostile: every offset, size and count is
// checked against the file before use, and no result is larger than a small multiple of the file.
package elfinfo

import "syscall"

// Image is the bytes of a decompressed module.
type Image interface {
	// Size is in bytes.
	Size() int64
	// Bytes gives image[off:off+n], read-only, valid as long as the image is open. It is an error when the range leaves the image.
	Bytes(off, n int64) ([]byte, error)
}

// File is a module whose header and section table were read. Its methods ask the image for the sections they need, each once.
// It is not safe for concurrent use.
type File struct {
	layout
	Type    uint16 // e_type (ET_REL is 1)
	Machine uint16 // e_machine (EM_X86_64 is 62)

	img       Image
	size      int64
	table     []byte // section headers
	tableOff  int64
	namesSize uint64 // of the section name table
	found     [wantedSections]section
}

const (
	identSize  = 16 // e_ident
	headerMax  = 64 // Elf64_Ehdr
	elfMagic   = "\x7fELF"
	identClass = 4
	identData  = 5
)

// Parse reads the ELF header, the section headers and their names. Neither the file's type nor its machine matters.
func Parse(img Image) (*File, error) {
	size := img.Size()
	if size <= identSize {
		return nil, &FormatError{0, "file is too short for ELF", decimal(size), syscall.ENOEXEC}
	}
	header, err := img.Bytes(0, min(size, headerMax))
	if err != nil {
		return nil, err
	}
	if string(header[:len(elfMagic)]) != elfMagic {
		return nil, &FormatError{0, "file does not begin like ELF", hex(header[:len(elfMagic)]), syscall.ENOEXEC}
	}
	f := &File{img: img, size: size}
	if f.layout, err = identify(header); err != nil {
		return nil, err
	}
	if size <= f.headerSize() {
		return nil, invalid(0, "file is not longer than an ELF header", uint64(size))
	}
	f.Type, f.Machine = f.u16(header[16:]), f.u16(header[18:])
	if err := f.readTable(header); err != nil {
		return nil, err
	}
	return f, nil
}

// identify reads word size and byte order from e_ident.
func identify(header []byte) (layout, error) {
	class, data := header[identClass], header[identData]
	if class != 1 && class != 2 {
		return layout{}, invalid(identClass, "ELF class is neither 1 (32 bit) nor 2 (64 bit)", uint64(class))
	}
	if data != 1 && data != 2 {
		return layout{}, invalid(identData, "ELF byte order is neither 1 (little) nor 2 (big)", uint64(data))
	}
	return layout{Is64: class == 2, BigEndian: data == 2}, nil
}

// bytes gives a section's contents.
func (f *File) bytes(name sectionName) ([]byte, bool, error) {
	s := &f.found[name]
	if !s.present || s.size == 0 || s.data != nil {
		return s.data, s.present, nil
	}
	data, err := f.img.Bytes(s.off, s.size)
	if err != nil {
		return nil, true, err
	}
	s.data = data
	return data, true, nil
}

// mustBytes is bytes of a section that has to be there.
func (f *File) mustBytes(name sectionName) ([]byte, error) {
	data, present, err := f.bytes(name)
	if err == nil && !present {
		err = f.lacks("section", name.String())
	}
	return data, err
}

func (f *File) lacks(kind, what string) error {
	return &FormatError{f.tableOff, "the module has no " + kind, what, syscall.ENODATA}
}
