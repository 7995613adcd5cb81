package kofile

import (
	"errors"

	"gomod/internal/xz"
)

// xzRatio times the compressed size is the guess for a file without readable indexes.
const xzRatio = 4

// decodeXZ appends the content of all streams in data to buf, which is empty: size bytes at most, else errFull.
func (o *Opener) decodeXZ(buf, data []byte, size int) ([]byte, error) {
	if o.xz == nil {
		o.xz = new(xz.Decoder)
	}
	content, err := o.xz.Decode(buf, data, size)
	var bad *xz.Error
	switch {
	case err == xz.ErrFull:
		return content, errFull
	case errors.As(err, &bad):
		return content, corrupt("xz", bad.Offset, bad.Reason, xzWords(bad.Kind))
	}
	return content, err
}

// xzWords is what C kmod 34.2 says of such a file.
func xzWords(kind xz.Kind) string {
	switch kind {
	case xz.Cut:
		return "Unexpected end of input"
	case xz.Unsupported:
		return "Unsupported compression options"
	}
	return "File is corrupt"
}

// xzSize is what the indexes of all streams add up to.
func xzSize(data []byte) estimate {
	size, ok := xz.Size(data)
	if !ok {
		return estimate{size: xzRatio * int64(len(data))}
	}
	return estimate{size: size, exact: true}
}

// kernelReadsXZ says whether the kernel's decoder knows the check and the filters that the first block names.
func kernelReadsXZ(head []byte) bool {
	h, ok := xz.ReadHeader(head)
	return ok && h.Check <= xz.CRC32 && len(h.Filters) == 1 && h.Filters[0] == xz.LZMA2
}
