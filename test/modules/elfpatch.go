package modules

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// An edit makes a variant's bytes from those of its origin, which it leaves as they are.
type edit func(origin []byte) ([]byte, error)

// Where the fields of an ELF64 header and of a section header lie (ELF specification, figures 2 and 8).
const (
	classAt    = 4
	dataAt     = 5
	machineAt  = 18
	shoffAt    = 40
	shnumAt    = 60
	shstrndxAt = 62
	headerSize = 64

	sectionHeaderSize = 64
	shOffsetAt        = 24
	shSizeAt          = 32
)

// setByte overwrites one byte.
func setByte(at int, value byte) edit {
	return func(origin []byte) ([]byte, error) {
		file := bytes.Clone(origin)
		file[at] = value
		return file, nil
	}
}

func setUint16(at int, value uint16) edit {
	return func(origin []byte) ([]byte, error) {
		file := bytes.Clone(origin)
		binary.LittleEndian.PutUint16(file[at:], value)
		return file, nil
	}
}

// otherMachine makes it a module for arm64, and one for arm64 a module for x86-64.
func otherMachine(origin []byte) ([]byte, error) {
	machine := elf.EM_AARCH64
	if binary.LittleEndian.Uint16(origin[machineAt:]) == uint16(machine) {
		machine = elf.EM_X86_64
	}
	return setUint16(machineAt, uint16(machine))(origin)
}

// setSectionTable moves the section table to where says, which gets the size of the file.
func setSectionTable(where func(size uint64) uint64) edit {
	return func(origin []byte) ([]byte, error) {
		file := bytes.Clone(origin)
		binary.LittleEndian.PutUint64(file[shoffAt:], where(uint64(len(file))))
		return file, nil
	}
}

// setSectionSize changes the size that a section claims, not its content.
func setSectionSize(name string, size uint64) edit {
	return func(origin []byte) ([]byte, error) {
		file := bytes.Clone(origin)
		header, _, err := findSection(file, name)
		if err != nil {
			return nil, err
		}
		binary.LittleEndian.PutUint64(file[header+shSizeAt:], size)
		return file, nil
	}
}

// findSection gives the offset of a section's header and the bytes of the section, which alias file.
func findSection(file []byte, name string) (header int, content []byte, err error) {
	parsed, err := elf.NewFile(bytes.NewReader(file))
	if err != nil {
		return 0, nil, err
	}
	i := slices.IndexFunc(parsed.Sections, func(s *elf.Section) bool { return s.Name == name })
	if i < 0 {
		return 0, nil, fmt.Errorf("no section %s", name)
	}
	s := parsed.Sections[i]
	return int(binary.LittleEndian.Uint64(file[shoffAt:])) + i*sectionHeaderSize, file[s.Offset : s.Offset+s.FileSize], nil
}

// replaceSection appends content to the file and points the section's header at it, so that it may have any size.
func replaceSection(origin []byte, name string, content []byte) ([]byte, error) {
	header, _, err := findSection(origin, name)
	if err != nil {
		return nil, err
	}
	file := append(bytes.Clone(origin), content...)
	binary.LittleEndian.PutUint64(file[header+shOffsetAt:], uint64(len(origin)))
	binary.LittleEndian.PutUint64(file[header+shSizeAt:], uint64(len(content)))
	return file, nil
}

// setModinfo gives every string of .modinfo with that key the value.
func setModinfo(key, value string) edit {
	return editModinfo(func(line string) string {
		if strings.HasPrefix(line, key+"=") {
			return key + "=" + value
		}
		return line
	})
}

// setRelease changes the first word of vermagic.
func setRelease(release string) edit {
	return editModinfo(func(line string) string {
		if strings.HasPrefix(line, "vermagic=") {
			_, flags, _ := strings.Cut(line, " ")
			return "vermagic=" + release + " " + flags
		}
		return line
	})
}

// dropModinfo leaves out every string of .modinfo with that key.
func dropModinfo(key string) edit {
	return editModinfo(func(line string) string {
		if strings.HasPrefix(line, key+"=") {
			return ""
		}
		return line
	})
}

// editModinfo maps each string of .modinfo, "key=value"; an empty result leaves it out.
func editModinfo(change func(line string) string) edit {
	return func(origin []byte) ([]byte, error) {
		_, old, err := findSection(origin, ".modinfo")
		if err != nil {
			return nil, err
		}
		var modinfo []byte
		for line := range strings.SplitSeq(string(old), "\x00") {
			if line = change(line); line != "" {
				modinfo = append(append(modinfo, line...), 0)
			}
		}
		if bytes.Equal(modinfo, old) {
			return nil, fmt.Errorf("nothing to change in .modinfo %q", old)
		}
		return replaceSection(origin, ".modinfo", modinfo)
	}
}

// dropLastNUL lets the last string of .modinfo run to the last byte of the file.
func dropLastNUL(origin []byte) ([]byte, error) {
	_, old, err := findSection(origin, ".modinfo")
	if err != nil {
		return nil, err
	}
	return replaceSection(origin, ".modinfo", bytes.TrimRight(old, "\x00"))
}

// An entry of __versions is struct modversion_info: an unsigned long, then the name (linux/module.h).
const (
	versionSize   = 64
	versionNameAt = 8
)

// changeCRC inverts the CRC that the module expects symbol to have.
func changeCRC(symbol string) edit {
	return func(origin []byte) ([]byte, error) {
		file := bytes.Clone(origin)
		_, versions, err := findSection(file, "__versions")
		if err != nil {
			return nil, err
		}
		for entry := range slices.Chunk(versions, versionSize) {
			name, _, _ := bytes.Cut(entry[versionNameAt:], []byte{0})
			if string(name) == symbol {
				binary.LittleEndian.PutUint32(entry, ^binary.LittleEndian.Uint32(entry))
				return file, nil
			}
		}
		return nil, fmt.Errorf("no CRC of %s in __versions", symbol)
	}
}
