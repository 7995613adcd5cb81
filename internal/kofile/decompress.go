package kofile

import "io"

const (
	// plausibleRatio times the compressed size is what is set aside for a stream at first, whatever it claims. Modules
	// shrink to a third or a fifth.
	plausibleRatio = 16
	// plausibleSize is set aside for the smallest of streams.
	plausibleSize = 1 << 20
)

// estimate is how large a compressed module will be, as far as its headers tell.
type estimate struct {
	size int64
	// exact sizes are the stream's own statement: decoding gives this many bytes or fails.
	exact bool
	// backed sizes are statements that the number of blocks in the file bears out.
	backed bool
	// spare is how many bytes beyond decodeSlack an output buffer of less than size needs.
	spare int
}

// first is the size of the first output buffer.
func (e estimate) first(compressed, limit int64) int64 {
	if !e.backed {
		e.size = min(e.size, max(plausibleSize, plausibleRatio*compressed))
	}
	return min(e.size, limit)
}

// decompress reads the file and gives its whole content. No format makes data noticeably longer than it was, so a file beyond the
// cap is refused before memory is set aside for it.
func (f *File) decompress() ([]byte, error) {
	if limit := f.opener.limit(); f.size > maxLimit || f.size-limit/16-headSize > limit {
		return nil, &LimitError{Path: f.path, What: "the compressed module", Limit: limit}
	}
	data := f.head
	if int64(len(data)) < f.size {
		var err error
		if data, err = f.readCompressed(); err != nil {
			return nil, err
		}
		defer f.opener.spare.give(data)
	}
	out, err := f.opener.expand(f.format, data)
	return out, withPath(err, f.path)
}

// expand gives the content of compressed data.
func (o *Opener) expand(format Compression, data []byte) ([]byte, error) {
	out, err := o.attempts(format, data)
	if e, ok := err.(*Error); ok && format == Zstd && e.Library != "" {
		e.Library = o.zstdLibrary(data, e.Library)
	}
	return out, err
}

// attempts decompresses once or twice. A claimed size that the length of data does not make plausible is not
// believed. An attempt whose output does not fit is thrown away, and a last one made with room for all that is allowed:
// memory that is not written to costs nothing, so the cap and a first attempt bound what is used.
func (o *Opener) attempts(format Compression, data []byte) ([]byte, error) {
	expected, err := estimateSize(format, data)
	if err != nil {
		return nil, err
	}
	limit := o.limit()
	if expected.exact && expected.size > limit {
		return nil, tooLarge(limit)
	}
	size := expected.first(int64(len(data)), limit)
	for {
		slack := decodeSlack
		if size < expected.size {
			slack += expected.spare
		}
		buf := o.spare.take(int(size) + slack)
		if buf == nil {
			return nil, noMemory()
		}
		size = max(size, min(limit, int64(cap(buf)-slack)))
		out, err := o.decode(format, buf, data, int(size))
		if err == nil {
			return out, nil
		}
		o.spare.give(buf)
		switch {
		case err != errFull:
			return nil, err
		case expected.exact && size >= expected.size && format == Zstd:
			return nil, corrupt("zstd", -1, "the content is larger than the stream states", zstdCorrupt)
		case size == limit:
			return nil, tooLarge(limit)
		}
		size = limit
	}
}

func tooLarge(limit int64) error {
	return &LimitError{What: "the decompressed module", Limit: limit}
}

// readCompressed reads the whole file.
func (f *File) readCompressed() ([]byte, error) {
	data := f.opener.spare.take(int(f.size))
	if data == nil {
		return nil, withPath(noMemory(), f.path)
	}
	data = data[:f.size]
	if err := readWhole(f.path, f.fd, data, 0, f.size); err != nil {
		f.opener.spare.give(data)
		return nil, err
	}
	return data, nil
}

func estimateSize(format Compression, data []byte) (estimate, error) {
	switch format {
	case Zstd:
		return zstdSize(data)
	case XZ:
		return xzSize(data), nil
	}
	return gzipSize(data), nil
}

// decode is one attempt: it appends the content of data to buf, which is empty and has room for size bytes and the slack.
// The error is errFull where the content has more than size bytes.
func (o *Opener) decode(format Compression, buf, data []byte, size int) ([]byte, error) {
	switch format {
	case Zstd:
		return o.decodeZstd(buf, data, size)
	case XZ:
		return o.decodeXZ(buf, data, size)
	}
	return o.gzip.decode(buf, data, size)
}

// readUpTo appends r's content to buf until it ends; errFull where that would make buf longer than size.
func readUpTo(r io.Reader, buf []byte, size int) ([]byte, error) {
	for len(buf) < size {
		n, err := r.Read(buf[len(buf):size])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
	// The stream's end, and with it the check sum, is seen only by reading on.
	var beyond [1]byte
	n, err := r.Read(beyond[:])
	switch {
	case n > 0:
		return buf, errFull
	case err == nil:
		return buf, io.ErrNoProgress
	case err != io.EOF:
		return buf, err
	}
	return buf, nil
}
