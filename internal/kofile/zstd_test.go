package kofile

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strconv"
	"syscall"
	"testing"
)

func TestZstd(t *testing.T) {
	expect := func(t *testing.T, content []byte, options string) {
		expectContent(t, runOnFile(t, content, "zstd -qc "+options), Zstd, content)
		expectContent(t, run(t, content, "zstd -qc "+options), Zstd, content)
	}
	for _, s := range samples() {
		for _, options := range []string{"--fast=5", "-1", "-9 --no-check", "-T2 -B4096"} {
			t.Run(s.name+" "+options, func(t *testing.T) { expect(t, s.data, options) })
		}
	}
	for level := 2; level <= 19; level++ {
		options := "-" + strconv.Itoa(level)
		t.Run("words "+options, func(t *testing.T) { expect(t, words(400<<10), options) })
	}
	for _, options := range []string{"-19", "--ultra -22", "--long=27"} {
		t.Run("code "+options, func(t *testing.T) { expect(t, machineCode(), options) })
	}
}

func TestZstdSize(t *testing.T) {
	for _, n := range []int{0, 1, 255, 256, 65791, 65792, 1 << 20} {
		content := words(n)
		sized := runOnFile(t, content, "zstd -qc")
		if e, err := zstdSize(sized); err != nil || e.size != int64(n) || !e.exact || !e.backed {
			t.Errorf("%d bytes: %+v, %v", n, e, err)
		}
		for _, line := range []string{"zstd -qc --no-content-size", "zstd -qc -19 --no-content-size"} {
			unsized := runOnFile(t, content, line)
			expectContent(t, unsized, Zstd, content)
			if e, err := zstdSize(unsized); err != nil || e.size < int64(n) || e.exact || e.backed {
				t.Errorf("%s, %d bytes: %+v, %v", line, n, e, err)
			}
		}
	}
}

func TestZstdFrames(t *testing.T) {
	a, b := words(5000), words(300000)
	first, second := runOnFile(t, a, "zstd -qc"), run(t, b, "zstd -qc -19")
	empty := runOnFile(t, nil, "zstd -qc")
	skip := append(binary.LittleEndian.AppendUint32([]byte{0x5a, 0x2a, 0x4d, 0x18}, 9), "something"...)
	for name, parts := range map[string][][]byte{
		"two":             {first, second},
		"other way":       {second, first},
		"skippable":       {first, skip, second},
		"skippable last":  {first, second, skip, skip},
		"empty":           {empty, first, empty, second, empty},
		"skippable empty": {empty, []byte{0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			joined := bytes.Join(parts, nil)
			expectContent(t, joined, Zstd, run(t, joined, "zstd -qdc"))
		})
	}
	for name, tail := range map[string][]byte{
		"garbage": []byte("garbage"), "one byte": {0x28}, "magic": []byte(zstdMagic), "zeros": make([]byte, 16),
		"half a frame": second[:len(second)/2], "long skippable": {0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			joined := slices.Concat(first, tail)
			if _, err := tryRun(t, joined, "zstd -qdc"); err == nil {
				t.Fatal("zstd accepts this")
			}
			_, err := contentOf(write(t, joined), 0)
			expectErrno(t, err, syscall.EINVAL)
		})
	}
	t.Run("skippable first", func(t *testing.T) {
		// C kmod knows frames by their magic alone.
		if format := recognise(slices.Concat(skip, first)); format != None {
			t.Errorf("recognised as %q", format)
		}
	})
}

func TestZstdCorrupt(t *testing.T) {
	content := words(300)
	for _, options := range []string{"--check", "--check --no-content-size", "--check -19"} {
		t.Run(options, func(t *testing.T) {
			compressed := runOnFile(t, content, "zstd -qc "+options)
			expectCutsFail(t, compressed)
			expectFlipsFail(t, compressed, content)
		})
	}
	t.Run("no check sum", func(t *testing.T) { expectCutsFail(t, run(t, content, "zstd -qc --no-check")) })
	t.Run("two frames", func(t *testing.T) {
		one := run(t, content, "zstd -qc")
		expectCutsFail(t, slices.Concat(one, one), len(one))
	})
}

// TestZstdLies has frames that state another size than their content has.
func TestZstdLies(t *testing.T) {
	content := words(70000)
	honest := runOnFile(t, content, "zstd -qc --no-check")
	if honest[4] != 0xa0 {
		t.Fatalf("frame header descriptor %#x, want a single segment with a size of 4 bytes", honest[4])
	}
	for _, size := range []uint32{0, 1, 69999, 70001, 128 << 10, 131073, 1 << 20, 500 << 20, 1<<32 - 1} {
		lie := bytes.Clone(honest)
		binary.LittleEndian.PutUint32(lie[5:], size)
		_, err := contentOf(write(t, lie), 0)
		if size <= DefaultLimit {
			expectErrno(t, err, syscall.EINVAL)
		} else if err == nil {
			t.Errorf("size %d: no error", size)
		}
	}
}
