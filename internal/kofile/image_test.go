package kofile

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
)

// openPlain gives the image of a plain file with the given content.
func openPlain(t testing.TB, content []byte, limit int64) (*File, *Image) {
	t.Helper()
	f, err := Open(write(t, content), limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	image, err := f.Image()
	if err != nil {
		t.Fatal(err)
	}
	return f, image
}

func expectBytes(t *testing.T, image *Image, content []byte, off, n int64) {
	t.Helper()
	got, err := image.Bytes(off, n)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, content[off:off+n]) {
		t.Fatalf("%d bytes at %d differ from the file's", n, off)
	}
	if cap(got) != len(got) {
		t.Errorf("%d bytes at %d: an append would write into the window", n, off)
	}
}

// TestWindows follows a module's reader: header, section headers at the end, tables before them, .modinfo.
func TestWindows(t *testing.T) {
	content := words(300 << 10)
	size := int64(len(content))
	_, image := openPlain(t, content, 0)
	for _, c := range []struct {
		off, n  int64
		windows int
	}{
		{0, 64, 1},                             // ELF header: what Open has read
		{1000, 3096, 1},                        // the head's end
		{size - 2048, 2048, 2},                 // section headers: the tail
		{size - 4000, 1000, 2},                 // names of sections: in the tail
		{size - tailSize, 5 << 10, 2},          // the tail's first byte
		{100 << 10, 2000, 3},                   // .modinfo: a read of its own
		{100 << 10, 2000, 3},                   // again
		{100<<10 - 100, 10, 4},                 // the page before it
		{100<<10 + 2000, 2000, 4},              // the same page
		{size - tailSize - 1, tailSize + 1, 5}, // more than the tail
	} {
		expectBytes(t, image, content, c.off, c.n)
		if len(image.windows) != c.windows {
			t.Errorf("%d windows after %d bytes at %d, want %d", len(image.windows), c.n, c.off, c.windows)
		}
	}
	if tail := image.windows[1]; tail.off != size-tailSize || len(tail.data) != tailSize {
		t.Errorf("the tail is %d bytes at %d", len(tail.data), tail.off)
	}
}

func TestWindowsRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, size := range []int{6, 4095, 4096, 4097, 10000, wholeSize, wholeSize + 1, wholeSize + tailSize, 60000, 200000} {
		content := words(size)
		for range 30 {
			f, image := openPlain(t, content, 0)
			var kept, want [][]byte
			for range 10 {
				off := r.Int64N(int64(size) + 1)
				n := r.Int64N(int64(size) - off + 1)
				expectBytes(t, image, content, off, n)
				got, _ := image.Bytes(off, n)
				kept, want = append(kept, got), append(want, content[off:off+n])
			}
			for i := range kept {
				if !bytes.Equal(kept[i], want[i]) {
					t.Fatal("a slice has changed since it was given out")
				}
			}
			for _, w := range image.windows {
				if w.off < 0 || w.off+int64(len(w.data)) > int64(size) {
					t.Fatalf("window of %d bytes at %d in a file of %d", len(w.data), w.off, size)
				}
			}
			if all, err := f.All(); err != nil || !bytes.Equal(all, content) {
				t.Fatalf("whole content differs, %v", err)
			}
			f.Close()
		}
	}
}

func TestRange(t *testing.T) {
	content := words(100000)
	_, plain := openPlain(t, content, 0)
	f, err := Open(write(t, run(t, content, "zstd -qc")), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	packed, err := f.Image()
	if err != nil {
		t.Fatal(err)
	}
	for name, image := range map[string]*Image{"plain": plain, "zstd": packed} {
		t.Run(name, func(t *testing.T) {
			for _, c := range [][2]int64{{-1, 1}, {0, -1}, {0, 100001}, {100000, 1}, {100001, 0}, {99999, 2}, {1, math.MaxInt64},
				{math.MaxInt64, 1}, {math.MaxInt64, math.MaxInt64}, {math.MinInt64, 0}, {50000, 50001}} {
				_, err := image.Bytes(c[0], c[1])
				expectErrno(t, err, syscall.EINVAL)
				var typed *RangeError
				if !errors.As(err, &typed) || typed.Offset != c[0] || typed.Length != c[1] || typed.Size != 100000 {
					t.Errorf("%v: %#v", c, err)
				}
			}
			for _, c := range [][2]int64{{0, 0}, {100000, 0}, {50000, 0}, {99999, 1}, {0, 100000}, {50000, 50000}} {
				expectBytes(t, image, content, c[0], c[1])
			}
		})
	}
}

// TestShrunkFile has files of more than Open reads at once.
func TestShrunkFile(t *testing.T) {
	content := words(900000)
	for _, line := range []string{"cat", "zstd -qc", "gzip -c", "xz -c"} {
		t.Run(line, func(t *testing.T) {
			path := write(t, run(t, content, line))
			f, err := Open(path, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if f.size <= wholeSize {
				t.Fatalf("a file of %d bytes is read whole", f.size)
			}
			if err := os.Truncate(path, 5000); err != nil {
				t.Fatal(err)
			}
			_, err = f.All()
			expectErrno(t, err, syscall.EIO)
			if line == "cat" {
				image, _ := f.Image()
				expectBytes(t, image, content, 0, 4096)
				_, err = image.Bytes(899000, 1000)
				expectErrno(t, err, syscall.EIO)
			}
		})
	}
}

func TestClosedImage(t *testing.T) {
	for _, line := range []string{"cat", "zstd -qc"} {
		f, err := Open(write(t, run(t, words(100000), line)), 0)
		if err != nil {
			t.Fatal(err)
		}
		image, err := f.Image()
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		_, err = image.Bytes(0, 64)
		expectErrno(t, err, syscall.EBADF)
		_, err = f.All()
		expectErrno(t, err, syscall.EBADF)
	}
}

// TestOpenerReuse opens files of all kinds one after the other, and two at once, with shared buffers.
func TestOpenerReuse(t *testing.T) {
	small, large := words(30000), words(900000)
	var o Opener
	open := func(content []byte, line string) *File {
		f, err := o.Open(write(t, run(t, content, line)))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for range 2 {
		for _, line := range []string{"cat", "zstd -qc", "gzip -c", "xz -c", "zstd -qc -19 --no-check"} {
			a, b := open(small, line), open(large, line)
			gotA, errA := a.All()
			gotB, errB := b.All()
			if errA != nil || errB != nil || !bytes.Equal(gotA, small) || !bytes.Equal(gotB, large) {
				t.Errorf("%s: content differs; %v, %v", line, errA, errB)
			}
			a.Close()
			b.Close()
		}
	}
	if len(o.spare.small) > maxSmall || len(o.spare.large) > maxLarge {
		t.Errorf("%d small and %d large buffers are kept", len(o.spare.small), len(o.spare.large))
	}
}
