package kofile

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"gomod/internal/xz"
	"gomod/test/need"
)

// expectLimit checks for a LimitError that tells the user what to do.
func expectLimit(t *testing.T, err error, limit int64) {
	t.Helper()
	expectErrno(t, err, syscall.EFBIG)
	var typed *LimitError
	if !errors.As(err, &typed) || typed.Limit != limit {
		t.Errorf("%#v, want a *LimitError with the cap %d", err, limit)
	}
	if err != nil && !strings.Contains(err.Error(), LimitVariable) {
		t.Errorf("%q does not name the variable", err)
	}
}

func TestLimit(t *testing.T) {
	half := words(100000)
	content := slices.Concat(half, half)
	limit := int64(len(content))
	twice := func(line string) []byte {
		one := runOnFile(t, half, line)
		return slices.Concat(one, one)
	}
	for name, file := range map[string][]byte{
		"plain":              content,
		"zstd":               runOnFile(t, content, "zstd -qc"),
		"zstd unsized":       run(t, content, "zstd -qc"),
		"zstd frames":        twice("zstd -qc"),
		"zstd unsized twice": twice("zstd -qc --no-content-size"),
		"gzip":               run(t, content, "gzip -c"),
		"gzip members":       twice("gzip -c"),
		"xz":                 run(t, content, "xz -c"),
		"xz streams":         twice("xz -c"),
		"xz blocks":          run(t, content, "xz -c --block-size=30000"),
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, file)
			for _, enough := range []int64{limit, limit + 1, 2 * limit, 0, -1} {
				if got, err := contentOf(path, enough); err != nil || !bytes.Equal(got, content) {
					t.Errorf("cap %d: %d bytes, %v", enough, len(got), err)
				}
			}
			for _, little := range []int64{limit - 1, limit / 2, limit/2 - 1, 1} {
				_, err := contentOf(path, little)
				expectLimit(t, err, little)
			}
		})
	}
}

func TestLimitOfWindows(t *testing.T) {
	content := words(300000)
	_, image := openPlain(t, content, 100000)
	expectBytes(t, image, content, 200000, 100000)
	_, err := image.Bytes(10000, 1000)
	expectLimit(t, err, 100000)
}

// TestSparseFile has a plain and a compressed file that claim a terabyte and hold a page.
func TestSparseFile(t *testing.T) {
	for _, head := range []string{"\x7fELF\x02\x01\x01", zstdMagic + "\x00\x00\x00", "\x1f\x8b\x08\x00\x00\x00\x00", xz.Magic + "\x00\x01"} {
		path := write(t, []byte(head))
		need.NoError(t, os.Truncate(path, 1<<40))
		_, err := contentOf(path, 0)
		expectLimit(t, err, DefaultLimit)
	}
}

// TestBomb has gigabytes of zeros behind small files, with the whole size stated, not stated, or the statement cut off.
func TestBomb(t *testing.T) {
	const limit, parts = 16 << 20, 64
	zeros := make([]byte, 64<<20)
	repeat := func(line string) []byte { return bytes.Repeat(run(t, zeros, line), parts) }
	sizedZstd := bytes.Repeat(runOnFile(t, zeros, "zstd -qc"), parts)
	one := run(t, make([]byte, 512<<20), "zstd -qc")
	gz, xzs := repeat("gzip -1c"), repeat("xz -0c")
	for name, bomb := range map[string][]byte{
		"zstd":                   sizedZstd,
		"zstd unsized":           repeat("zstd -qc --no-content-size"),
		"zstd unsized one":       one,
		"zstd small window":      run(t, make([]byte, 512<<20), "zstd -qc --zstd=wlog=10"),
		"zstd with large blocks": slices.Concat(sizedZstd[:len(sizedZstd)/parts], one),
		"gzip":                   gz,
		"gzip cut":               gz[:len(gz)-2],
		"xz":                     xzs,
		"xz cut":                 xzs[:len(xzs)-2],
		"xz one block":           run(t, make([]byte, 128<<20), "xz -0c")[:1<<14],
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, bomb)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := contentOf(path, limit)
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			expectLimit(t, err, limit)
			// A third more: attempts that failed may still be around. Decoders, windows and the compressed file come on top.
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > limit+limit/3+10<<20 {
				t.Errorf("%d MiB allocated for a cap of %d MiB", allocated>>20, limit>>20)
			}
			if took > 30*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestClaims has small files that claim much: nothing may be set aside for a claim.
func TestClaims(t *testing.T) {
	content := words(3000)
	gz := runOnFile(t, content, "gzip -c")
	gz = append(gz[:len(gz)-4], 0xff, 0xff, 0xff, 0x1f)
	for name, c := range map[string]struct {
		file  []byte
		most  uint64
		valid bool
	}{
		"gzip length":             {gz, 4 << 20, false},
		"zstd single segment":     {[]byte(zstdMagic + "\xa0\x00\x00\x00\x10\x01\x00\x00"), 1 << 20, false},
		"zstd window":             {[]byte(zstdMagic + "\x00\x98\x01\x00\x00"), 4 << 20, true},
		"zstd window and a block": {run(t, content, "zstd -qc --ultra --long=30"), 4 << 20, true},
		"xz dictionary":           {run(t, content, "xz -c --lzma2=preset=0,dict=1536MiB"), 4 << 20, true},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, c.file)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := contentOf(path, 0)
			runtime.ReadMemStats(&after)
			if (err == nil) != c.valid {
				t.Errorf("error %v, want one: %v", err, !c.valid)
			}
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > c.most {
				t.Errorf("%d KiB allocated for a file of %d bytes", allocated>>10, len(c.file))
			}
		})
	}
}

// TestXZDictionary has streams that want a large dictionary, which the output takes the place of.
func TestXZDictionary(t *testing.T) {
	content := words(300000)
	for _, line := range []string{
		"xz -c --lzma2=preset=0,dict=96MiB", "xz -c --lzma2=preset=0,dict=1536MiB",
		"xz -c --lzma2=preset=0,dict=128MiB --block-size=70000", "xz -c --x86 --lzma2=preset=0,dict=128MiB --check=sha256",
	} {
		t.Run(line, func(t *testing.T) {
			one := run(t, content, line)
			expectContent(t, one, XZ, content)
			two := slices.Concat(one, make([]byte, 4), run(t, nil, line), one)
			expectContent(t, two, XZ, slices.Concat(content, content))
		})
	}
	t.Run("content as large", func(t *testing.T) {
		zeros := make([]byte, 65<<20)
		expectContent(t, run(t, zeros, "xz -c --lzma2=preset=0,dict=96MiB"), XZ, zeros)
	})
}
