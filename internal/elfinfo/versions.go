package elfinfo

import (
	"bytes"
	"syscall"
)

const (
	versionSize = 64 // struct modversion_info: checksum of one word, then the name
	extCRCSize  = 4
)

// Versions gives the symbols of the module's version table with the checksums it was built against, in the table's order, one
// leading '.' of a name dropped: __version_ext_crcs and __version_ext_names (CONFIG_EXTENDED_MODVERSIONS, Linux 6.14) where
// present, as the kernel prefers them, else __versions. A module with neither is ENODATA.
func (f *File) Versions() ([]Symbol, error) {
	var names nameList
	var crcs []uint64
	err := f.eachVersion(func(name []byte, crc uint64) {
		names.add(bytes.TrimPrefix(name, []byte(".")))
		crcs = append(crcs, crc)
	})
	if err != nil {
		return nil, err
	}
	symbols := make([]Symbol, names.len())
	names.each(func(i int, name string) { symbols[i] = Symbol{name, crcs[i]} })
	return symbols, nil
}

// eachVersion calls use with every entry of the version table, also when an error follows.
func (f *File) eachVersion(use func(name []byte, crc uint64)) error {
	if f.hasExtendedVersions() {
		return f.eachExtendedVersion(use)
	}
	data, err := f.mustBytes(versionsSection)
	if err != nil {
		return err
	}
	if len(data)%versionSize != 0 {
		return invalid(f.found[versionsSection].header, "size of __versions is no multiple of 64", uint64(len(data)))
	}
	word := f.wordSize()
	for at := 0; at < len(data); at += versionSize {
		entry := data[at:][:versionSize]
		end := bytes.IndexByte(entry[word:], 0)
		if end < 0 {
			return invalid(f.found[versionsSection].off+int64(at), "name in __versions has no NUL, entry", uint64(at/versionSize))
		}
		use(entry[word:word+end], f.word(entry))
	}
	return nil
}

func (f *File) hasExtendedVersions() bool {
	return f.found[versionExtCRCsSection].present || f.found[versionExtNamesSection].present
}

// eachExtendedVersion reads an array of 32-bit checksums and, in another section, as many NUL-terminated names.
func (f *File) eachExtendedVersion(use func(name []byte, crc uint64)) error {
	crcs, hasCRCs, err := f.bytes(versionExtCRCsSection)
	if err != nil {
		return err
	}
	names, hasNames, err := f.bytes(versionExtNamesSection)
	if err != nil {
		return err
	}
	if !hasCRCs || !hasNames {
		return &FormatError{f.tableOff, "the module has one of __version_ext_crcs and __version_ext_names, not the other", "", syscall.EINVAL}
	}
	if len(crcs)%extCRCSize != 0 {
		return invalid(f.found[versionExtCRCsSection].header, "size of __version_ext_crcs is no multiple of 4", uint64(len(crcs)))
	}
	for at := 0; at < len(crcs); at += extCRCSize {
		end := bytes.IndexByte(names, 0)
		if end < 0 {
			return invalid(f.found[versionExtNamesSection].off, "__version_ext_names has too few names, checksums without one", uint64((len(crcs)-at)/extCRCSize))
		}
		use(names[:end], uint64(f.u32(crcs[at:])))
		names = names[end+1:]
	}
	return nil
}
