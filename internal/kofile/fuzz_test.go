package kofile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"gomod/test/need"
	"gomod/test/oracle"
)

// fuzzLimit is the cap in bytes while fuzzing.
const fuzzLimit = 1 << 20

// libraries is testdata/decompress.c at work: what the reference's zlib and libzstd make of a file. Another libzstd may take what breaks the
// format: 1.5.4 does not look at the reserved bits of a block with sequences.
type libraries struct {
	in  io.Writer
	out *bufio.Reader
}

func startLibraries(t testing.TB) *libraries {
	t.Helper()
	in, out := oracle.RunWithReference(t, "testdata/decompress.c")
	l := &libraries{in, bufio.NewReader(out)}
	if ready, err := l.out.ReadByte(); err != nil || ready != 'r' {
		need.Missing(t, "no libz.so.1 or no libzstd.so.1 to compare with", err)
	}
	return l
}

// The verdicts of libraries.
const (
	takenWhole = 'c' // with its content
	takenLarge = 'm' // it has more than fuzzLimit bytes, or turns bad behind so many
	foundBad   = 'b' // with the library's words
	undecided  = 'd' // the library differs with itself
)

func (l *libraries) ask(t *testing.T, format Compression, data []byte) (verdict byte, content []byte) {
	t.Helper()
	question := append(binary.LittleEndian.AppendUint32(nil, uint32(len(data))), map[Compression]byte{Gzip: 'g', Zstd: 'z'}[format])
	if _, err := l.in.Write(append(question, data...)); err != nil {
		t.Fatal("the C program takes no question:", err)
	}
	var size [4]byte
	_, err := io.ReadFull(l.out, size[:])
	answer := make([]byte, binary.LittleEndian.Uint32(size[:]))
	if err == nil {
		_, err = io.ReadFull(l.out, answer)
	}
	if err != nil || len(answer) == 0 {
		t.Fatal("the C program has no answer:", err)
	}
	return answer[0], answer[1:]
}

// fuzzStream feeds bytes of a format to its decoder. The content is what the format's own library makes of the bytes and as long as the headers
// say; where there is an error it says something, and the library refuses the bytes, too.
func fuzzStream(f *testing.F, format Compression) {
	reference := startLibraries(f)
	o := &Opener{Limit: fuzzLimit}
	f.Fuzz(func(t *testing.T, data []byte) {
		if recognise(data) == format {
			checkStream(t, o, format, data, reference)
		}
	})
}

func checkStream(t *testing.T, o *Opener, format Compression, data []byte, reference *libraries) {
	got, err := o.expand(format, data)
	expected, sizeErr := estimateSize(format, data)
	verdict, want := reference.ask(t, format, data)
	if err != nil {
		checkRefusal(t, format, data, err)
		// Where frames of zstd do not say how large they are, their blocks may have room for more than the cap.
		_, large := errors.AsType[*LimitError](err)
		if verdict == takenWhole && !(large && format == Zstd && !expected.exact && expected.size > fuzzLimit) {
			t.Fatalf("%v; the library takes it, %d bytes", err, len(want))
		}
		return
	}
	if int64(len(got)) > fuzzLimit || sizeErr != nil || expected.exact && expected.size != int64(len(got)) {
		t.Fatalf("%d bytes with a cap of %d; estimate %+v, %v", len(got), fuzzLimit, expected, sizeErr)
	}
	if verdict != takenWhole && verdict != undecided {
		t.Fatalf("%d bytes, the library says %c, %.60q", len(got), verdict, want)
	}
	if verdict == takenWhole && !bytes.Equal(got, want) {
		t.Fatalf("%d bytes, the library gives %d", len(got), len(want))
	}
	again, err := o.expand(format, data)
	if err != nil || !bytes.Equal(got, again) {
		t.Fatalf("the second time %d bytes and %v", len(again), err)
	}
	o.spare.give(got)
	o.spare.give(again)
}

// checkRefusal wants an error that says something.
func checkRefusal(t *testing.T, format Compression, data []byte, err error) {
	t.Helper()
	var bad *Error
	var large *LimitError
	if !errors.As(err, &bad) && !errors.As(err, &large) {
		t.Fatalf("%#v is no typed error", err)
	}
	if bad != nil && (bad.What != format.String() || bad.Reason == "" || bad.Offset > int64(len(data))) {
		t.Fatalf("%#v says nothing useful", bad)
	}
}

func FuzzGzip(f *testing.F) {
	for level := range 10 {
		f.Add(gzipped(words(100+50*level), level))
	}
	f.Add(append(gzipped(words(100), 6), gzipped(words(100), 1)...))
	f.Add(append(gzipped(nil, 6), 0, 0, 0))
	f.Add(withFlip(gzipped(words(100), 6), gzipTrailer))
	f.Add(withFlip(gzipped(words(100), 6), gzipTrailer/2))
	fuzzStream(f, Gzip)
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
	f.Add(withFlip(zstandard(content, zstd.SpeedDefault, true), zstdChecksum))
	f.Add(zstdSequence("abcdefghijk", 4, 0x54))
	f.Add(zstdSequence("abcdefghijk", 4, 0x55))
	f.Add(zstdSequence("abc", 0, 0x54))
	fuzzStream(f, Zstd)
}

// withFlip changes a bit of the byte that stands so many before the end.
func withFlip(data []byte, before int) []byte {
	data[len(data)-before] ^= 1
	return data
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
	o := &Opener{}
	encoders := map[zstd.EncoderLevel]*zstd.Encoder{}
	for level := zstd.SpeedFastest; level <= zstd.SpeedBestCompression; level++ {
		encoders[level] = zstdEncoder(level)
	}
	f.Fuzz(func(t *testing.T, content []byte, choice uint16) {
		// Repeating makes contents of many blocks from the fuzzer's short ones.
		content = bytes.Repeat(content[:min(len(content), 4000)], 1+int(choice>>8)%100)
		level := zstd.EncoderLevel(1 + choice>>1%4)
		roundTrip(t, o, Zstd, encodeZstd(encoders[level], content, choice&1 == 0), content)
		roundTrip(t, o, Gzip, gzipped(content, int(choice%10)), content)
	})
}

func roundTrip(t *testing.T, o *Opener, format Compression, compressed, content []byte) {
	o.Limit = max(1, int64(len(content)))
	got, err := o.expand(format, compressed)
	if err != nil || !bytes.Equal(got, content) {
		t.Fatalf("%s: %d bytes of %d, %v", format, len(got), len(content), err)
	}
	o.spare.give(got)
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
