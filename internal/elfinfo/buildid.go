package elfinfo

import "bytes"

const (
	noteHeaderSize = 12 // n_namesz, n_descsz, n_type, of 32 bits each in either class
	noteBuildID    = 3  // NT_GNU_BUILD_ID
	noteOwner      = "GNU\x00"
)

// BuildID gives the bytes that `ld --build-id` put into .note.gnu.build-id. A module without that section is ENODATA.
func (f *File) BuildID() ([]byte, error) {
	data, err := f.mustBytes(buildIDSection)
	if err != nil {
		return nil, err
	}
	off := f.found[buildIDSection].off
	if len(data) < noteHeaderSize {
		return nil, invalid(off, "build-id note is too short", uint64(len(data)))
	}
	nameSize, size, kind := f.u32(data), f.u32(data[4:]), f.u32(data[8:])
	if kind != noteBuildID {
		return nil, invalid(off+8, "type of the build-id note is not 3", uint64(kind))
	}
	data = data[noteHeaderSize:]
	if nameSize != uint32(len(noteOwner)) || !bytes.HasPrefix(data, []byte(noteOwner)) {
		return nil, invalid(off, "owner of the build-id note is not GNU, its name has size", uint64(nameSize))
	}
	data = data[len(noteOwner):]
	if uint64(size) > uint64(len(data)) {
		return nil, invalid(off+4, "build-id leaves its section, its size is", uint64(size))
	}
	return bytes.Clone(data[:size]), nil
}
