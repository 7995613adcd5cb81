package elfinfo

// crcReader reads the checksums that __crc_ symbols stand for. Almost always they lie in one section, which is read once. Those in
// further sections are read one by one, so that a file cannot have large sections read again and again.
type crcReader struct {
	file  *File
	index uint16 // of the section that data is of; 0: none yet
	data  []byte
}

// read gives the checksum of a symbol in section index with this value: the value itself, or since Linux 5.19 the four bytes it
// points at.
func (r *crcReader) read(index uint16, value uint64) (uint64, error) {
	if index == shnABS || index == shnUndef {
		return value, nil
	}
	if index == r.index {
		return r.inData(value), nil
	}
	f := r.file
	if int(index) >= len(f.table)/f.sectionHeaderSize() {
		return NoCRC, nil
	}
	s, ok := f.section(int(index))
	if !ok || value > uint64(s.size) || uint64(s.size)-value < 4 {
		return NoCRC, nil
	}
	if r.index == 0 {
		data, err := f.img.Bytes(s.off, s.size)
		r.index, r.data = index, data
		return r.inData(value), err
	}
	b, err := f.img.Bytes(s.off+int64(value), 4)
	if err != nil {
		return 0, err
	}
	return uint64(f.u32(b)), nil
}

func (r *crcReader) inData(value uint64) uint64 {
	size := uint64(len(r.data))
	if value > size || size-value < 4 {
		return NoCRC
	}
	return uint64(r.file.u32(r.data[value:]))
}
