package kofile

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"gomod/internal/xz"
	"gomod/internal/xz/xztest"
)

func TestXZ(t *testing.T) {
	quick := []string{
		"-0 --check=none", "-0 --check=crc32", "-0 --check=crc64", "-0 --check=sha256",
		"--x86 --lzma2=preset=0", "--arm --lzma2=preset=0", "--delta=dist=4 --x86 --lzma2=preset=0",
		"-0 --block-size=1000", "-0 --block-size=65536 -T2", "-0 --block-list=10,20,0",
	}
	for _, s := range samples() {
		for _, options := range quick {
			t.Run(s.name+" "+options, func(t *testing.T) {
				expectContent(t, run(t, s.data, "xz -c "+options), XZ, s.data)
			})
		}
	}
	for _, options := range []string{"-9e", "--check=crc32 --lzma2=dict=1MiB", "--check=crc32 --lzma2=dict=2MiB,lc=2,lp=2,pb=0",
		"--arm64 --lzma2"} {
		t.Run("code "+options, func(t *testing.T) {
			code := machineCode()
			expectContent(t, run(t, code, "xz -c "+options), XZ, code)
		})
	}
}

func TestXZStreams(t *testing.T) {
	a, b := words(5000), words(100000)
	first, second := run(t, a, "xz -c --check=crc32"), run(t, b, "xz -c --check=sha256 --x86 --lzma2")
	empty := run(t, nil, "xz -c")
	padding := make([]byte, 64)
	for name, parts := range map[string][][]byte{
		"two":             {first, second},
		"padding between": {first, padding[:4], second},
		"padding after":   {first, second, padding[:8]},
		"empty":           {empty, first, empty, second, empty},
		"much padding":    {first, padding, padding, second, padding},
	} {
		t.Run(name, func(t *testing.T) {
			joined := bytes.Join(parts, nil)
			expectContent(t, joined, XZ, run(t, joined, "xz -dc"))
			expectContent(t, joined, XZ, slices.Concat(a, b))
			if e := xzSize(joined); e.size != int64(len(a)+len(b)) || !e.exact {
				t.Errorf("size %d from the indexes, want %d", e.size, len(a)+len(b))
			}
		})
	}
	for name, tail := range map[string][]byte{
		"padding of 3": padding[:3], "padding of 5": padding[:5], "garbage": []byte("garbage after it"),
		"half a stream": second[:len(second)/2],
	} {
		t.Run(name, func(t *testing.T) {
			joined := slices.Concat(first, tail)
			if _, err := tryRun(t, joined, "xz -dc"); err == nil {
				t.Fatal("xz accepts this")
			}
			_, err := contentOf(write(t, joined), 0)
			expectErrno(t, err, syscall.EINVAL)
		})
	}
}

func TestXZCorrupt(t *testing.T) {
	content := words(300)
	for _, options := range []string{"-0 --check=crc32", "-0 --check=crc64", "-0 --check=sha256", "-0 --check=crc32 --block-size=100",
		"--x86 --lzma2=preset=0"} {
		t.Run(options, func(t *testing.T) {
			compressed := run(t, content, "xz -c "+options)
			expectCutsFail(t, compressed)
			expectFlipsFail(t, compressed, content)
		})
	}
	t.Run("two streams", func(t *testing.T) {
		one := run(t, content, "xz -c -0")
		expectCutsFail(t, slices.Concat(one, one), len(one))
	})
	t.Run("padding", func(t *testing.T) {
		one := run(t, content, "xz -c -0")
		expectCutsFail(t, slices.Concat(one, make([]byte, 8)), len(one), len(one)+4)
	})
}

func TestXZUnsupported(t *testing.T) {
	compressed := run(t, words(4000), "xz -c --check=crc32 --arm64 --lzma2")
	if compressed[14] != 0x0a {
		t.Fatalf("%x is no arm64", compressed[14])
	}
	compressed[14] = 0x0b
	xztest.Repair(compressed)
	_, err := contentOf(write(t, compressed), 0)
	expectErrno(t, err, syscall.EINVAL)
	if !strings.Contains(err.Error(), "filter riscv is not supported") {
		t.Errorf("%v: does not name the filter", err)
	}
}

func TestKernelDecompresses(t *testing.T) {
	content := words(20000)
	for _, c := range []struct {
		line      string
		supported string
		want      bool
	}{
		{"xz -c --check=crc32", "xz", true},
		{"xz -c --check=crc32 --lzma2=dict=2MiB", "xz", true},
		{"xz -c --check=none", "xz", true},
		{"xz -c --check=crc32 -T2 --block-size=8192", "xz", true}, // block headers with sizes
		{"xz -c --check=crc64", "xz", false},
		{"xz -c --check=sha256", "xz", false},
		{"xz -c --check=crc32 --x86 --lzma2", "xz", false},
		{"xz -c --check=crc32 --arm64 --lzma2", "xz", false},
		{"xz -c --check=crc32 --delta=dist=2 --lzma2", "xz", false},
		{"xz -c --check=crc32 -T2 --block-size=8192 --x86 --lzma2", "xz", false},
		{"xz -c --check=crc32", "zstd", false},
		{"xz -c --check=crc32", "", false},
		{"zstd -qc -19", "zstd", true},
		{"zstd -qc", "gzip", false},
		{"gzip -c", "gzip", true},
		{"gzip -c", "xz", false},
		{"cat", "", false},
		{"cat", "xz", false},
	} {
		f, err := Open(write(t, run(t, content, c.line)), 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.KernelDecompresses(c.supported); got != c.want {
			t.Errorf("%s on a kernel with %q: %v, want %v", c.line, c.supported, got, c.want)
		}
		f.Close()
	}
}

func TestKernelDecompressesCutHeader(t *testing.T) {
	compressed := run(t, words(20000), "xz -c --check=crc32")
	for n := range 24 {
		if kernelReadsXZ(compressed[:n]) {
			t.Errorf("%d bytes of header are enough to be sure", n)
		}
	}
	for bit := 8 * len(xz.Magic); bit < 8*24; bit++ {
		flipped := bytes.Clone(compressed[:24])
		flipped[bit/8] ^= 1 << (bit % 8)
		if kernelReadsXZ(flipped) {
			t.Errorf("bit %d may be wrong", bit)
		}
	}
}

// TestXZFiles has the committed files, which need no tool.
func TestXZFiles(t *testing.T) {
	content, err := os.ReadFile("testdata/content")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"none", "crc32", "crc64", "sha256", "x86", "delta", "arm64", "blocks", "streams", "dictionary"} {
		got, err := contentOf("testdata/"+name+".xz", 0)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	if got, err := contentOf("testdata/empty.xz", 0); err != nil || len(got) != 0 {
		t.Errorf("empty: %d bytes, %v", len(got), err)
	}
}
