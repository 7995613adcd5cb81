package modules

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/bits"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What follows the 12 bytes of an xz stream's header (xz file format, 3.1): header size and flags, then for each filter
// its number, the size of its properties, and these. 0x10 is a dictionary of 1 MiB.
const (
	oneMiBLZMA2    = "\x02\x00\x21\x01\x10"
	x86ThenLZMA2   = "\x02\x01\x04\x00\x21\x01\x10"
	xzCRC32        = 1
	xzCRC64        = 4
	xzCheckAt      = 7
	xzStreamHeader = 12
)

// compressionChecks are the checks of the compressed variants, and of those which only claim to be.
func compressionChecks() map[string]check {
	return map[string]check{
		"gm_a.ko.gz": expandsBy("gzip"), "gm_b.ko.gz": expandsBy("gzip"), "gm_c.ko.gz": expandsBy("gzip"),
		"gm_a.ko.xz": kernelXZ, "gm_b.ko.xz": kernelXZ, "gm_c.ko.xz": kernelXZ,
		"gm_a.ko.zst": sizedZstd, "gm_b.ko.zst": sizedZstd, "gm_c.ko.zst": sizedZstd,
		"gm_c-crc64.ko.xz": func(t *testing.T, folder string, origin, file []byte) {
			expandsBy("xz")(t, folder, origin, file)
			if file[xzCheckAt] != xzCRC64 {
				t.Errorf("check %d", file[xzCheckAt])
			}
		},
		"gm_c-bcj.ko.xz": func(t *testing.T, folder string, origin, file []byte) {
			expandsBy("xz")(t, folder, origin, file)
			if file[xzCheckAt] != xzCRC32 || !strings.HasPrefix(string(file[xzStreamHeader:]), x86ThenLZMA2) {
				t.Errorf("header %q", file[:32])
			}
		},
		"gm_c-nosize.ko.zst": func(t *testing.T, folder string, origin, file []byte) {
			expandsBy("zstd")(t, folder, origin, file)
			if size, ok := frameContentSize(file); ok {
				t.Errorf("the frame says that it has %d bytes", size)
			}
		},
		"plain-named.ko.xz": func(t *testing.T, _ string, origin, file []byte) {
			if !bytes.Equal(file, origin) {
				t.Error("not the module")
			}
		},
		"gz-named-plain.ko": expandsBy("gzip"),

		"bad.ko.gz":  brokenBit("gzip", "gm_c.ko.gz"),
		"bad.ko.xz":  brokenBit("xz", "gm_c.ko.xz"),
		"bad.ko.zst": brokenBit("zstd", "gm_c.ko.zst"),

		"truncated.ko.gz":  halfOf("gzip", "gm_c.ko.gz"),
		"truncated.ko.xz":  halfOf("xz", "gm_c.ko.xz"),
		"truncated.ko.zst": halfOf("zstd", "gm_c.ko.zst"),

		"bomb.ko.xz": func(t *testing.T, folder string, _, file []byte) {
			if file[xzCheckAt] != xzCRC64 {
				t.Errorf("check %d: a kernel would expand it and panic", file[xzCheckAt])
			}
			// "totals\t1\t2048\t518176\t2147483648\t..."
			list, err := exec.Command("xz", "--robot", "--list", filepath.Join(folder, VariantFolder, "bomb.ko.xz")).Output()
			if err != nil || !strings.Contains(string(list), "\t2147483648\t") || len(file) > 1<<20 {
				t.Errorf("%d bytes, %v, of\n%s", len(file), err, list)
			}
		},
		"bomb.ko.zst": func(t *testing.T, _ string, _, file []byte) {
			if size, ok := frameContentSize(file); ok {
				t.Errorf("the frame says that it has %d bytes", size)
			}
			expandsToBombSize(t, file)
		},
		"bomb-sized.ko.zst": func(t *testing.T, _ string, _, file []byte) {
			if size, _ := frameContentSize(file); size != 2<<30 {
				t.Errorf("the frame says that it has %d bytes", size)
			}
		},
	}
}

// expandsBy checks that the tool makes the origin of it.
func expandsBy(tool string) check {
	return func(t *testing.T, _ string, origin, file []byte) {
		t.Helper()
		if expanded, err := expand(tool, file); err != nil || !bytes.Equal(expanded, origin) {
			t.Errorf("%s makes %d bytes of it, %v", tool, len(expanded), err)
		}
	}
}

func expand(tool string, file []byte) ([]byte, error) {
	command := exec.Command(tool, "-q", "-d", "-c")
	command.Stdin = bytes.NewReader(file)
	return command.Output()
}

func kernelXZ(t *testing.T, folder string, origin, file []byte) {
	expandsBy("xz")(t, folder, origin, file)
	if file[xzCheckAt] != xzCRC32 || !strings.HasPrefix(string(file[xzStreamHeader:]), oneMiBLZMA2) {
		t.Errorf("header %q", file[:32])
	}
}

func sizedZstd(t *testing.T, folder string, origin, file []byte) {
	expandsBy("zstd")(t, folder, origin, file)
	if size, ok := frameContentSize(file); !ok || size != uint64(len(origin)) {
		t.Errorf("the frame says %d bytes, %t; the module has %d", size, ok, len(origin))
	}
}

// frameContentSize reads the header of a zstd frame (RFC 8878, 3.1.1.1) that names no dictionary.
func frameContentSize(frame []byte) (size uint64, ok bool) {
	descriptor := frame[4]
	singleSegment := descriptor&0x20 != 0
	at := 6
	if singleSegment {
		at = 5
	}
	switch descriptor >> 6 {
	case 0:
		return uint64(frame[at]), singleSegment
	case 1:
		return uint64(binary.LittleEndian.Uint16(frame[at:])) + 256, true
	case 2:
		return uint64(binary.LittleEndian.Uint32(frame[at:])), true
	}
	return binary.LittleEndian.Uint64(frame[at:]), true
}

// brokenBit checks that one bit differs from the good variant and that the tool refuses it.
func brokenBit(tool, good string) check {
	return func(t *testing.T, folder string, _, file []byte) {
		whole := read(t, folder, VariantFolder, good)
		flipped := 0
		for i := range whole {
			flipped += bits.OnesCount8(whole[i] ^ file[i])
		}
		if flipped != 1 || len(file) != len(whole) {
			t.Errorf("%d bits differ from %s", flipped, good)
		}
		if _, err := expand(tool, file); err == nil {
			t.Errorf("%s does not notice", tool)
		}
	}
}

func halfOf(tool, good string) check {
	return func(t *testing.T, folder string, _, file []byte) {
		whole := read(t, folder, VariantFolder, good)
		if !bytes.HasPrefix(whole, file) || len(file) != len(whole)/2 {
			t.Errorf("%d bytes, %s has %d", len(file), good, len(whole))
		}
		if _, err := expand(tool, file); err == nil {
			t.Errorf("%s does not notice", tool)
		}
	}
}

// expandsToBombSize counts what zstd makes of the file.
func expandsToBombSize(t *testing.T, file []byte) {
	t.Helper()
	command := exec.Command("zstd", "-q", "-d", "-c")
	command.Stdin = bytes.NewReader(file)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	size, err := io.Copy(io.Discard, output)
	if waitErr := command.Wait(); err != nil || waitErr != nil || size != 2<<30 {
		t.Errorf("%d bytes, %v, %v", size, err, waitErr)
	}
}
