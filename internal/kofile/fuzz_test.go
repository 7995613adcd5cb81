package kofile

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// fuzzLimit is the cap in bytes while fuzzing.
const fuzzLimit = 1 << 20

// fuzzStream feeds bytes of a format to its decoder. Either there is an error that says something, or the content
// is what the format's own tool makes of the bytes and as long as the headers say.
func fuzzStream(f *testing.F, format Compression, oracle string) {
	f.Fuzz(func(t *testing.T, data []byte) {
		if recognise(data) == format {
			checkStream(t, format, data, oracle)
		}
	})
}

func checkStream(t *testing.T, format Compression, data []byte, oracle string) {
	o := Opener{Limit: fuzzLimit}
	got, err := o.expand(format, data)
	expected, sizeErr := estimateSize(format, data)
	if err != nil {
		var bad *Error
		var large *LimitError
		if !errors.As(err, &bad) && !errors.As(err, &large) {
			t.Fatalf("%#v is no typed error", err)
		}
		if bad != nil && (bad.What != format.String() || bad.Reason == "" || bad.Offset > int64(len(data))) {
			t.Fatalf("%#v says nothing useful", bad)
		}
		return
	}
	if int64(len(got)) > fuzzLimit || sizeErr != nil || expected.exact && expected.size != int64(len(got)) {
		t.Fatalf("%d bytes with a cap of %d; estimate %+v, %v", len(got), fuzzLimit, expected, sizeErr)
	}
	if want, ok := oracleContent(data, oracle); ok && !bytes.Equal(got, want) {
		t.Fatalf("%d bytes, the tool gives %d", len(got), len(want))
	}
	again, err := o.expand(format, data)
	if err != nil || !bytes.Equal(got, again) {
		t.Fatalf("the second time %d bytes and %v", len(again), err)
	}
}

// oracleContent is what a tool makes of data; not ok where it is missing or refuses the data.
func oracleContent(data []byte, line string) ([]byte, bool) {
	words := strings.Fields(line)
	if _, err := exec.LookPath(words[0]); err != nil {
		return nil, false
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.Output()
	return out, err == nil
}

func FuzzGzip(f *testing.F) {
	for level := range 10 {
		f.Add(gzipped(words(100+50*level), level))
	}
	f.Add(append(gzipped(words(100), 6), gzipped(words(100), 1)...))
	f.Add(append(gzipped(nil, 6), 0, 0, 0))
	fuzzStream(f, Gzip, "gzip -dcq")
}

func FuzzZstd(f *testing.F) {
	content := words(500)
	for level := zstd.SpeedFastest; level <= zstd.SpeedBestCompression; level++ {
		f.Add(zstandard(content, level, true))
		f.Add(zstandard(content, level, false))
	}
	f.Add(zstandard(make([]byte, 300000), zstd.SpeedFastest, true))
	f.Add(append(zstandard(content, zstd.SpeedDefault, true), zstandard(content, zstd.SpeedFastest, false)...))
	f.Add(append(zstandard(nil, zstd.SpeedDefault, true), 0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0))
	fuzzStream(f, Zstd, "zstd -qdc --long=31")
}

func gzipped(content []byte, level int) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		panic(err)
	}
	_, _ = w.Write(content)
	_ = w.Close()
	return b.Bytes()
}

// zstandard makes a frame that states its size, or one that does not.
func zstandard(content []byte, level zstd.EncoderLevel, sized bool) []byte {
	w := zstdEncoder(level)
	defer w.Close()
	return encodeZstd(w, content, sized)
}

func zstdEncoder(level zstd.EncoderLevel) *zstd.Encoder {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1), zstd.WithZeroFrames(true),
		zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(256<<10))
	if err != nil {
		panic(err)
	}
	return w
}

func encodeZstd(w *zstd.Encoder, content []byte, sized bool) []byte {
	if sized {
		return w.EncodeAll(content, nil)
	}
	var b bytes.Buffer
	w.Reset(&b)
	_, _ = w.Write(content)
	_ = w.Flush()
	_ = w.Close()
	return b.Bytes()
}

// FuzzRoundTrip compresses content and wants it back, whole and with the cap one byte too low.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte(nil), uint16(0))
	f.Add([]byte("\x7fELF"), uint16(1))
	f.Add(words(3000), uint16(0x135))
	encoders := map[zstd.EncoderLevel]*zstd.Encoder{}
	for level := zstd.SpeedFastest; level <= zstd.SpeedBestCompression; level++ {
		encoders[level] = zstdEncoder(level)
	}
	f.Fuzz(func(t *testing.T, content []byte, choice uint16) {
		// Repeating makes contents of many blocks from the fuzzer's short ones.
		content = bytes.Repeat(content[:min(len(content), 4000)], 1+int(choice>>8)%100)
		level := zstd.EncoderLevel(1 + choice>>1%4)
		roundTrip(t, Zstd, encodeZstd(encoders[level], content, choice&1 == 0), content)
		roundTrip(t, Gzip, gzipped(content, int(choice%10)), content)
	})
}

func roundTrip(t *testing.T, format Compression, compressed, content []byte) {
	o := Opener{Limit: max(1, int64(len(content)))}
	got, err := o.expand(format, compressed)
	if err != nil || !bytes.Equal(got, content) {
		t.Fatalf("%s: %d bytes of %d, %v", format, len(got), len(content), err)
	}
	if len(content) < 2 {
		return
	}
	o.Limit--
	var large *LimitError
	if _, err = o.expand(format, compressed); !errors.As(err, &large) {
		t.Fatalf("%s: a cap of %d for %d bytes: %v", format, o.Limit, len(content), err)
	}
}

// FuzzImage asks a plain file for many ranges: an error exactly where a range leaves the file, else the file's bytes.
func FuzzImage(f *testing.F) {
	f.Add(uint32(100000), uint64(1))
	f.Add(uint32(6), uint64(2))
	f.Add(uint32(48<<10+4096), uint64(3))
	f.Fuzz(func(t *testing.T, size uint32, seed uint64) {
		content := words(minSize + int(size%(200<<10)))
		length := int64(len(content))
		_, image := openPlain(t, content, 10*length)
		r := rand.New(rand.NewPCG(seed, 0))
		for range 8 {
			off, n := r.Int64N(length+10)-2, r.Int64N(length+10)-2
			if r.IntN(2) == 0 {
				n = r.Int64N(5000)
			}
			got, err := image.Bytes(off, n)
			inside := off >= 0 && n >= 0 && off+n <= length
			if inside != (err == nil) {
				t.Fatalf("%d bytes at %d of %d: %v", n, off, length, err)
			}
			if inside && !bytes.Equal(got, content[off:off+n]) {
				t.Fatalf("%d bytes at %d of %d differ", n, off, length)
			}
		}
	})
}
