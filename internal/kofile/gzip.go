package kofile

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"syscall"

	"github.com/klauspost/compress/flate"
)

const (
	gzipMagic   = "\x1f\x8b"
	gzipTrailer = 8
)

// Header of a gzip member, RFC 1952 section 2.3.
const (
	gzipFixedHeader = 10
	gzipDeflate     = 8

	gzipHeaderCRC = 1 << 1
	gzipExtra     = 1 << 2
	gzipName      = 1 << 3
	gzipComment   = 1 << 4
	gzipReserved  = 0xe0
)

// gzipSize guesses from the last field of the file: the content's length modulo 2^32, of the last member. Trailing
// bytes make it nonsense.
func gzipSize(data []byte) estimate {
	guess := int64(len(data))
	if len(data) >= gzipTrailer {
		guess = max(guess, int64(binary.LittleEndian.Uint32(data[len(data)-4:])))
	}
	return estimate{size: guess}
}

// gzipDecoder decompresses what zlib's gzread does: members one after the other are one content, and whatever
// follows a member without being one is ignored. Unlike gzread it takes a cut-off member for an error.
type gzipDecoder struct {
	inflate io.ReadCloser
}

func (d *gzipDecoder) decode(buf, data []byte, size int) ([]byte, error) {
	in := bytes.NewReader(nil)
	for at := 0; ; {
		header, bad := gzipHeaderLength(data[at:])
		if bad != nil {
			bad.Offset += int64(at)
			return buf, bad
		}
		body := at + header
		in.Reset(data[body:])
		member := checksummed{r: d.reader(in)}
		var err error
		if buf, err = readUpTo(&member, buf, size); err != nil {
			return buf, gzipError(err, body, len(data))
		}
		at = len(data) - in.Len()
		if len(data)-at < gzipTrailer {
			return buf, truncatedGzip(len(data))
		}
		if binary.LittleEndian.Uint32(data[at:]) != member.crc {
			return buf, corruptGzip(int64(at), "the CRC of the content is wrong")
		}
		if binary.LittleEndian.Uint32(data[at+4:]) != member.length {
			return buf, corruptGzip(int64(at+4), "the length of the content is wrong")
		}
		at += gzipTrailer
		if !hasPrefix(data[at:], gzipMagic) {
			return buf, nil
		}
	}
}

// reader gives an inflater on in. It reads no byte beyond the deflate data because in is an io.ByteReader.
func (d *gzipDecoder) reader(in io.Reader) io.Reader {
	if d.inflate == nil {
		d.inflate = flate.NewReader(in)
		return d.inflate
	}
	_ = d.inflate.(flate.Resetter).Reset(in, nil)
	return d.inflate
}

// checksummed computes the trailer of what is read from r while that is still in the processor's cache.
type checksummed struct {
	r           io.Reader
	crc, length uint32
}

func (c *checksummed) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.crc = crc32.Update(c.crc, crc32.IEEETable, p[:n])
	c.length += uint32(n)
	return n, err
}

// gzipHeaderLength gives the length of a member's header; the offset in its error counts from the header's start.
func gzipHeaderLength(data []byte) (int, *Error) {
	if len(data) < gzipFixedHeader {
		return 0, truncatedGzip(len(data))
	}
	if data[2] != gzipDeflate {
		return 0, corruptGzip(2, "unknown compression method")
	}
	flags := data[3]
	if flags&gzipReserved != 0 {
		return 0, corruptGzip(3, "unknown header flags")
	}
	at := gzipFixedHeader
	if flags&gzipExtra != 0 {
		if len(data)-at < 2 {
			return 0, truncatedGzip(len(data))
		}
		at += 2 + int(binary.LittleEndian.Uint16(data[at:]))
	}
	for _, field := range [...]byte{gzipName, gzipComment} {
		if flags&field == 0 || at > len(data) {
			continue
		}
		end := bytes.IndexByte(data[at:], 0)
		if end < 0 {
			return 0, truncatedGzip(len(data))
		}
		at += end + 1
	}
	if flags&gzipHeaderCRC == 0 {
		if at > len(data) {
			return 0, truncatedGzip(len(data))
		}
		return at, nil
	}
	if at > len(data)-2 {
		return 0, truncatedGzip(len(data))
	}
	if binary.LittleEndian.Uint16(data[at:]) != uint16(crc32.ChecksumIEEE(data[:at])) {
		return 0, corruptGzip(int64(at), "the CRC of the header is wrong")
	}
	return at + 2, nil
}

// corruptGzip has no line of C kmod's library: Debian builds kmod 34.2 without zlib, so that there is nothing to compare with.
func corruptGzip(offset int64, reason string) *Error {
	return &Error{What: "gzip", Offset: offset, Reason: reason, Errno: syscall.EINVAL}
}

func truncatedGzip(length int) *Error {
	return corruptGzip(int64(length), "the file is cut off")
}

// gzipError words an inflater's error; its offsets count from body.
func gzipError(err error, body, length int) error {
	if err == errFull {
		return err
	}
	if offset, ok := err.(flate.CorruptInputError); ok {
		return corruptGzip(int64(body)+int64(offset), "the deflate data is corrupt")
	}
	if err == io.ErrUnexpectedEOF {
		return truncatedGzip(length)
	}
	return corruptGzip(-1, err.Error())
}
