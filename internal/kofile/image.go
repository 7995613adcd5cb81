package kofile

const (
	// tailSize is how many bytes the first read beyond the head takes. The section headers come last in a module, their names right
	// before them; what else is wanted lies further ahead.
	tailSize = 8 << 10
	// rounding is what later reads are widened to on both sides: a page.
	rounding = 4 << 10
)

// window is a part of the module at offset off that is in memory.
type window struct {
	off  int64
	data []byte
}

// Image is a module's ELF image: read in windows from a plain file, or whole in memory after decompression.
type Image struct {
	path    string
	fd      int // of the plain file, -1 where everything is in windows
	size    int64
	limit   int64
	held    int64
	windows []window
	first   [4]window
	spare   *buffers
}

// Size is the length of the image in bytes.
func (m *Image) Size() int64 { return m.size }

// Bytes gives n bytes at offset off. The slice is read-only and valid until the File is closed.
// The error is a *RangeError, a *LimitError or, when reading fails, an *Error.
func (m *Image) Bytes(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off > m.size || n > m.size-off {
		return nil, &RangeError{Path: m.path, Offset: off, Length: n, Size: m.size}
	}
	if b, ok := m.find(off, n); ok {
		return b, nil
	}
	if n == 0 {
		return []byte{}, nil
	}
	if n > m.limit-m.held {
		return nil, &LimitError{Path: m.path, What: "what is read of the module", Limit: m.limit}
	}
	m.held += n
	return m.load(m.widen(off, off+n), off, n)
}

// all gives the whole image.
func (m *Image) all() ([]byte, error) {
	if b, ok := m.find(0, m.size); ok {
		return b, nil
	}
	if m.size > m.limit {
		return nil, &LimitError{Path: m.path, What: "the module", Limit: m.limit}
	}
	return m.load(extent{0, m.size}, 0, m.size)
}

func (m *Image) find(off, n int64) ([]byte, bool) {
	for _, w := range m.windows {
		at := off - w.off
		if at >= 0 && at+n <= int64(len(w.data)) {
			return w.data[at : at+n : at+n], true
		}
	}
	return nil, false
}

// extent is the part of the file from start up to end.
type extent struct{ start, end int64 }

// widen says what to read when the bytes from start to end are missing.
func (m *Image) widen(start, end int64) extent {
	if len(m.windows) == 1 {
		return extent{max(0, min(start, end-tailSize)), end}
	}
	last := (end + rounding - 1) &^ (rounding - 1)
	return extent{start &^ (rounding - 1), min(last, m.size)}
}

func (m *Image) load(e extent, off, n int64) ([]byte, error) {
	if m.fd < 0 {
		return nil, closed(m.path)
	}
	length := int(e.end - e.start)
	data := m.spare.take(length)
	if data == nil {
		return nil, withPath(noMemory(), m.path)
	}
	data = data[:length]
	if err := readWhole(m.path, m.fd, data, e.start, m.size); err != nil {
		m.spare.give(data)
		return nil, err
	}
	m.windows = append(m.windows, window{off: e.start, data: data})
	at := off - e.start
	return data[at : at+n : at+n], nil
}

// release gives the buffers back; afterwards every call that needs bytes fails.
func (m *Image) release() {
	for _, w := range m.windows {
		m.spare.give(w.data)
	}
	m.windows, m.fd = nil, -1
}
