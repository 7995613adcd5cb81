package kofile

import (
	"io"
	"math"

	"github.com/klauspost/compress/zstd"
)

// zstdMaxWindow is the largest window in bytes that a frame may ask for. Decoding into one buffer needs no memory for it.
const zstdMaxWindow = 1 << 31

// zstdSpareWindow is the largest window in bytes that a frame of unknown size may have when it comes close to the cap:
// what `zstd -19` makes.
const zstdSpareWindow = 8 << 20

// zstdSize adds up the frames. Sizes are exact where every frame states its own; else what the blocks can hold counts.
func zstdSize(data []byte) (estimate, error) {
	e := estimate{exact: true, backed: true}
	for at := 0; at < len(data); {
		f, err := readZstdFrame(data, at)
		if err != nil {
			return e, err
		}
		size := f.size
		switch {
		case size < 0:
			size, e.exact, e.backed = f.bound, false, false
			e.spare = int(max(int64(e.spare), min(f.window, zstdSpareWindow)))
		case size > f.bound && !f.skippable:
			return e, corrupt("zstd", int64(at), "the frame states a larger size than its blocks can hold", zstdCorrupt)
		}
		e.size += size
		at = f.end
	}
	return e, nil
}

// decodeZstd decompresses frame by frame: the library bounds the output of one frame strictly, of several it does not.
func (o *Opener) decodeZstd(buf, data []byte, size int) ([]byte, error) {
	for at := 0; at < len(data); {
		f, err := readZstdFrame(data, at)
		if err != nil {
			return buf, err
		}
		if !f.skippable {
			if buf, err = o.decodeZstdFrame(buf, data, size, f); err != nil {
				return buf, err
			}
		}
		at = f.end
	}
	return buf, nil
}

func (o *Opener) decodeZstdFrame(buf, data []byte, size int, f zstdFrame) ([]byte, error) {
	most := int64(math.MaxInt64)
	if f.size > int64(size-len(buf)) {
		return buf, errFull
	}
	if room := int64(cap(buf) - decodeSlack - len(buf)); f.size < 0 && f.bound > room {
		// The library refuses a window larger than the size that it may fill.
		if f.window > room {
			return buf, errFull
		}
		most = max(1, room)
	}
	if err := o.zstdDecoder(most); err != nil {
		return buf, corrupt("zstd", int64(f.start), err.Error(), zstdCorrupt)
	}
	out, err := o.zstd.DecodeAll(data[f.start:f.end], buf)
	switch {
	case err == zstd.ErrDecoderSizeExceeded || err == nil && len(out) > size:
		return buf, errFull
	case err == io.ErrUnexpectedEOF:
		return buf, corrupt("zstd", int64(f.start), "a block in the frame is cut off", zstdCorrupt)
	case err != nil:
		return buf, corrupt("zstd", int64(f.start), "the frame is corrupt: "+err.Error(), zstdCorrupt)
	}
	return out, nil
}

// zstdDecoder makes the decoder when first needed, and sets the most bytes that a frame may hold.
func (o *Opener) zstdDecoder(most int64) error {
	if o.zstd == nil {
		var err error
		o.zstdMost = most
		o.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdMaxWindow),
			zstd.WithDecoderMaxMemory(uint64(most)))
		return err
	}
	if o.zstdMost == most {
		return nil
	}
	o.zstdMost = most
	return o.zstd.ResetWithOptions(nil, zstd.WithDecoderMaxMemory(uint64(most)))
}
