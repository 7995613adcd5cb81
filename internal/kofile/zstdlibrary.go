package kofile

import (
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// What C kmod 34.2 says of zstd streams. All but the first are libzstd's names for its errors.
const (
	zstdUnsized    = "Failed to determine decompression size"
	zstdCut        = "Src size is incorrect"
	zstdCorrupt    = "Data corruption detected"
	zstdMismatch   = "Restored data doesn't match checksum"
	zstdTooSmall   = "Destination buffer is too small"
	zstdDictionary = "Dictionary mismatch"
	zstdNoTable    = "Dictionary is corrupted"
)

// Errors of the decoder that have no value of their own.
const (
	zstdTreeless = "literal block was treeless, but no history was defined"
	zstdBeyond   = "output bigger than max block size"
	zstdShort    = "corruption detected: short output block"
	zstdOverrun  = "corruption detected: stream overrun"
)

// zstdLibrary gives C kmod's line for a stream that this program refuses for the reason found. C kmod gives all frames together
// as much room as the first one says that it needs, and libzstd reports the first fault from the file's start, so the stream is
// decoded once more under these conditions.
//
// Inside a compressed block this is the line that fits most often, not always: the two libraries check a block's parts in
// another order, and libzstd takes some Huffman streams that this one refuses, and finds that the check sum is wrong.
func (o *Opener) zstdLibrary(data []byte, found string) string {
	first := zstdFrame{size: -1}
	_, checksum, err := first.readHeader(data)
	if err != nil || first.size <= 0 || data[4]&8 != 0 || first.window > zstdMaxWindow {
		return "zstd: " + zstdUnsized
	}
	if first.dictionary != 0 || first.size > o.limit() {
		return found
	}
	buf := mapMemory(int(first.size))
	if buf == nil {
		return found
	}
	defer unmapMemory(buf)
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdMaxWindow),
		zstd.WithDecodeAllCapLimit(true))
	if err != nil {
		return found
	}
	_, err = decoder.DecodeAll(data, buf[:0:first.size])
	if err == zstd.ErrDecoderSizeExceeded && found == "zstd: "+zstdCut {
		// A second frame ends before the block for which there would be no room.
		return found
	}
	if words := zstdWords(err, checksum); words != "" {
		return "zstd: " + words
	}
	return found
}

// zstdWords is libzstd's text for the decoder's error in a file whose first frame ends with a check sum or not; empty where the
// reason that was found tells more.
func zstdWords(err error, checksum bool) string {
	switch err {
	case nil, io.ErrUnexpectedEOF, zstd.ErrWindowSizeExceeded:
		return ""
	case zstd.ErrMagicMismatch, zstd.ErrCompressedSizeTooBig:
		return zstdCut
	case zstd.ErrCRCMismatch:
		return zstdMismatch
	case zstd.ErrFrameSizeExceeded, zstd.ErrDecoderSizeExceeded:
		return zstdTooSmall
	case zstd.ErrUnknownDictionary:
		return zstdDictionary
	}
	switch text := err.Error(); {
	case text == zstdTreeless:
		return zstdNoTable
	case strings.HasPrefix(text, zstdBeyond):
		return zstdTooSmall
	case checksum && (strings.HasPrefix(text, zstdShort) || strings.HasPrefix(text, zstdOverrun)):
		return zstdMismatch
	}
	return zstdCorrupt
}
