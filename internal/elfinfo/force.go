package elfinfo

import (
	"bytes"
)

const (
	flagAlloc      = 2 // SHF_ALLOC
	vermagicPrefix = "vermagic="
)

// ForceImage gives a copy of a module for init_module that passes the kernel's checks of symbol versions, of vermagic, or both,
// where finit_module has flags for that. Without SHF_ALLOC the kernel does not see the version tables; a module without any is
// copied as it is, and so is one without .modinfo. A .modinfo without a vermagic is ENODATA.
func ForceImage(image []byte, modversion, vermagic bool) ([]byte, error) {
	f, err := Parse(memory(image))
	if err != nil {
		return nil, err
	}
	forced := bytes.Clone(image)
	if modversion {
		for _, name := range [...]sectionName{versionsSection, versionExtCRCsSection, versionExtNamesSection} {
			f.clearAlloc(forced, f.found[name])
		}
	}
	if vermagic {
		if s := f.found[modinfoSection]; s.present && !clearVermagic(forced[s.off:s.off+s.size]) {
			return nil, f.lacks(".modinfo string", vermagicPrefix)
		}
	}
	return forced, nil
}

// clearAlloc clears a flag in the section's header. The flag is in the low byte of sh_flags.
func (f *File) clearAlloc(image []byte, s section) {
	if !s.present {
		return
	}
	at := s.header + 8
	if f.BigEndian {
		at += int64(f.wordSize()) - 1
	}
	image[at] &^= flagAlloc
}

// clearVermagic fills the string vermagic=... with NULs.
func clearVermagic(modinfo []byte) bool {
	for len(modinfo) > 0 {
		line := modinfo
		if end := bytes.IndexByte(modinfo, 0); end >= 0 {
			line, modinfo = modinfo[:end], modinfo[end+1:]
		} else {
			modinfo = nil
		}
		if bytes.HasPrefix(line, []byte(vermagicPrefix)) {
			clear(line)
			return true
		}
	}
	return false
}

// memory is an Image of a module in memory.
type memory []byte

func (m memory) Size() int64 { return int64(len(m)) }

func (m memory) Bytes(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off > m.Size() || n > m.Size()-off {
		return nil, invalid(off, "range leaves the image, its size is", uint64(n))
	}
	return m[off : off+n : off+n], nil
}
