package xz

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"gomod/internal/xz/xztest"
	"gomod/test/need"
)

// compressed is what xz(1) makes of content.
func compressed(t testing.TB, content []byte, options string) []byte {
	t.Helper()
	out, err := tool(content, "-c -T1 "+options)
	need.NoError(t, err)
	return out
}

// tool is what xz(1) writes with these options, where the error has its message.
func tool(input []byte, options string) ([]byte, error) {
	cmd := exec.Command("xz", strings.Fields(options)...)
	cmd.Stdin = bytes.NewReader(input)
	return cmd.Output()
}

// decoded is the content of a file, in a buffer that is no larger than it must be.
func decoded(d *Decoder, file []byte, size int) ([]byte, error) {
	return d.Decode(make([]byte, 0, size), file, size)
}

func expect(t *testing.T, file, content []byte) {
	t.Helper()
	if size, ok := Size(file); !ok || size != int64(len(content)) {
		t.Errorf("size %d, %v; want %d", size, ok, len(content))
	}
	var d Decoder
	for _, slack := range []int{0, 1, Slack} {
		got, err := d.Decode(make([]byte, 0, len(content)+slack), file, len(content))
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("slack of %d: %d bytes of %d, %v", slack, len(got), len(content), err)
		}
	}
	if len(content) == 0 {
		return
	}
	if got, err := decoded(&d, file, len(content)-1); err != ErrFull || len(got) >= len(content) {
		t.Errorf("one byte less: %d bytes, %v", len(got), err)
	}
}

// program is a part of the running test, code and tables.
func program(t testing.TB) []byte {
	self, err := os.ReadFile("/proc/self/exe")
	need.NoError(t, err)
	return self[:min(400<<10, len(self))]
}

// mixture is bytes of which many begin or end instructions that the filters change, and some repeat.
func mixture(n int) []byte {
	const marks = "\xe8\xe9\x00\xff\xeb\xf0\xf8\x48\x01\x40\x7f\xc0\x94\x97\x90\xb0\x10\x12\x16\x18\x05"
	r := rand.New(rand.NewPCG(5, 6))
	out := make([]byte, 0, n)
	for len(out) < n {
		switch r.IntN(8) {
		case 0:
			out = append(out, byte(r.Uint32()))
		case 1:
			if from := r.IntN(len(out) + 1); from < len(out) {
				out = append(out, out[from:min(len(out), from+r.IntN(40))]...)
			}
		default:
			out = append(out, marks[r.IntN(len(marks))])
		}
	}
	return out[:n]
}

func TestDecode(t *testing.T) {
	noise := make([]byte, 300000)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise)
	contents := map[string][]byte{
		"nothing": nil, "a byte": {7}, "zeros": make([]byte, 5<<20), "noise": noise, "program": program(t), "mixture": mixture(200000),
		// Chunks that cannot be compressed lie between others.
		"both": slices.Concat(program(t)[:100000], noise, program(t)[:200000]),
	}
	for name, content := range contents {
		t.Run(name, func(t *testing.T) {
			for _, options := range []string{
				"-0", "-6", "--check=none", "--check=crc32", "--check=crc64", "--check=sha256", "--block-size=70000", "-T2 --block-size=70000",
				"--block-list=1,4097,0", "--lzma2=preset=0,lc=0,lp=0,pb=0", "--lzma2=preset=1,lc=4,lp=0,pb=4", "--lzma2=preset=1,lc=0,lp=4,pb=3",
				"--lzma2=preset=1,lc=1,lp=2,pb=1", "--lzma2=preset=0,dict=4KiB", "--lzma2=preset=0,dict=1536MiB", "--lzma2=preset=9,dict=5000,nice=273",
			} {
				t.Run(options, func(t *testing.T) { expect(t, compressed(t, content, options), content) })
			}
		})
	}
}

func TestFilters(t *testing.T) {
	content := slices.Concat(mixture(300001), program(t)[:200000])
	for _, filters := range []string{
		"--delta=dist=1", "--delta=dist=256", "--delta=dist=7 --delta=dist=3 --x86",
		"--x86", "--x86=start=4294967290", "--powerpc", "--powerpc=start=4096", "--ia64", "--ia64=start=16", "--arm", "--arm=start=4",
		"--armthumb", "--armthumb=start=6", "--sparc", "--sparc=start=4294967292", "--arm64", "--arm64=start=40960000",
		"--x86 --arm --sparc",
	} {
		t.Run(filters, func(t *testing.T) {
			for _, n := range []int{0, 1, 3, 4, 5, 6, 15, 16, 17, 31, 4096, len(content)} {
				expect(t, compressed(t, content[:n], filters+" --lzma2=preset=0"), content[:n])
			}
			expect(t, compressed(t, content, "--block-size=50001 "+filters+" --lzma2=preset=0"), content)
		})
	}
}

func TestStreams(t *testing.T) {
	a, b := program(t)[:5000], mixture(3000)
	one, two, none := compressed(t, a, "--check=sha256"), compressed(t, b, "--check=crc32 --block-size=1000"), compressed(t, nil, "")
	padding := make([]byte, 4000)
	for name, file := range map[string][]byte{
		"two":     slices.Concat(one, two),
		"padding": slices.Concat(one, padding[:4], two, padding),
		"empty":   slices.Concat(none, one, none, padding[:8], none, two, none),
	} {
		t.Run(name, func(t *testing.T) { expect(t, file, slices.Concat(a, b)) })
	}
}

// TestCut has every part of a file that begins at its start.
func TestCut(t *testing.T) {
	content := slices.Concat(program(t)[:3000], mixture(2000))
	for _, options := range []string{"--check=crc32", "--check=sha256 --block-size=1000", "-T2 --block-size=1000", "--x86 --lzma2"} {
		file := compressed(t, content, options)
		var d Decoder
		for n := range file {
			got, err := decoded(&d, file[:n], len(content))
			var bad *Error
			if !errors.As(err, &bad) || bad.Kind != Cut || bad.Offset != int64(n) || !bytes.Equal(got, content[:len(got)]) && !strings.Contains(options, "x86") {
				t.Errorf("%s: first %d bytes: %d bytes, %v", options, n, len(got), err)
			}
		}
	}
}

// TestFlips has every bit wrong once. Where the file is taken all the same, as with a larger dictionary, its content is right.
func TestFlips(t *testing.T) {
	content := slices.Concat(program(t)[:600], mixture(600))
	for _, options := range []string{"--check=crc32", "--check=crc64 --block-size=400", "-T2 --block-size=500", "--check=sha256 --x86 --lzma2"} {
		file := compressed(t, content, options)
		var d Decoder
		for i := range 8 * len(file) {
			file[i/8] ^= 1 << (i % 8)
			if got, err := decoded(&d, file, len(content)); err == nil && !bytes.Equal(got, content) {
				t.Errorf("%s: bit %d of byte %d: %d other bytes and no error", options, i%8, i/8, len(got))
			}
			file[i/8] ^= 1 << (i % 8)
		}
	}
}

// TestRangeHeader has a chunk whose range coder does not begin with 0, which liblzma refuses.
func TestRangeHeader(t *testing.T) {
	file := compressed(t, program(t)[:1000], "--check=none")
	const first = headerLength + 12 + 6 // after the headers of stream, block and chunk
	if file[first] != 0 {
		t.Fatalf("%x is no range coder's first byte", file[first])
	}
	file[first] = 1
	if _, err := tool(file, "-dc"); err == nil {
		t.Error("xz takes it")
	}
	var bad *Error
	if _, err := decoded(new(Decoder), file, 1000); !errors.As(err, &bad) || bad.Kind != Corrupt {
		t.Errorf("%v", err)
	}
}

// TestDistances has matches that reach as far as the dictionary and a byte further, and is of xz's opinion.
func TestDistances(t *testing.T) {
	text := func(n int, first byte) []byte {
		r := rand.New(rand.NewPCG(uint64(n), uint64(first)))
		out := make([]byte, n)
		for i := range out {
			out[i] = first + byte(r.IntN(32))
		}
		return out
	}
	taken := map[bool]int{}
	for property, size := range map[byte]int{0: 4096, 1: 6144, 2: 8192, 5: 24576} {
		for distance := size - 3; distance <= size+3; distance++ {
			repeated := text(200, 128)
			content := slices.Concat(repeated, text(distance-200, 0), repeated)
			file := compressed(t, content, "--check=crc32 --lzma2=dict=1MiB,nice=273")
			file[headerLength+4] = property
			xztest.Repair(file)
			_, refused := tool(file, "-dcq")
			got, err := decoded(new(Decoder), file, len(content))
			if (err == nil) != (refused == nil) || err == nil && !bytes.Equal(got, content) {
				t.Errorf("distance %d in %d bytes: %v, but xz: %v", distance, size, err, refused)
			}
			taken[err == nil]++
		}
	}
	if taken[true] != 4*4 || taken[false] != 4*3 {
		t.Errorf("%v taken", taken)
	}
}

// TestAllocations wants none for the second file.
func TestAllocations(t *testing.T) {
	content := mixture(30000)
	file := compressed(t, content, "--check=crc32 --block-size=1000")
	buf := make([]byte, 0, len(content)+Slack)
	var d Decoder
	if n := testing.AllocsPerRun(10, func() {
		if _, err := d.Decode(buf, file, len(content)); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestReadHeader(t *testing.T) {
	for options, want := range map[string]Header{
		"--check=none": {None, []uint64{LZMA2}},
		"--check=crc32 --x86 --delta=dist=2 --lzma2":      {CRC32, []uint64{filterX86, filterDelta, LZMA2}},
		"--check=crc64 -T2 --block-size=8192":             {CRC64, []uint64{LZMA2}},
		"--check=sha256 --arm --armthumb --sparc --lzma2": {SHA256, []uint64{filterARM, filterARMThumb, filterSPARC, LZMA2}},
	} {
		file := compressed(t, mixture(20000), options)
		if got, ok := ReadHeader(file); !ok || got.Check != want.Check || !slices.Equal(got.Filters, want.Filters) {
			t.Errorf("%s: %v, %v; want %v", options, got, ok, want)
		}
		length := headerLength + 4 + 4*int(file[headerLength])
		for n := range length {
			if _, ok := ReadHeader(file[:n]); ok {
				t.Errorf("%s: %d bytes of %d are enough", options, n, length)
			}
		}
	}
	if _, ok := ReadHeader(compressed(t, nil, "")); ok {
		t.Error("a stream without blocks has a block's header")
	}
}
