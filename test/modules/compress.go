package modules

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// gzipped compresses as the kernel's `make modules_install` does (scripts/Makefile.modinst).
func gzipped(content []byte) ([]byte, error) {
	return pipe(bytes.NewReader(content), "gzip", "-n", "-c")
}

// xzipped compresses as the kernel's `make modules_install` does: its decoder knows CRC32 only.
func xzipped(content []byte) ([]byte, error) {
	return pipe(bytes.NewReader(content), "xz", "-c", "--check=crc32", "--lzma2=dict=1MiB")
}

// xzippedCRC64 compresses as xz does when it is told nothing: with CRC64.
func xzippedCRC64(content []byte) ([]byte, error) {
	return pipe(bytes.NewReader(content), "xz", "-c")
}

// xzippedBCJ puts the filter for x86 code before LZMA2.
func xzippedBCJ(content []byte) ([]byte, error) {
	return pipe(bytes.NewReader(content), "xz", "-c", "--check=crc32", "--x86", "--lzma2=dict=1MiB")
}

// zstded compresses as zstd does with a file: the frame says how large its content is, and ends with a checksum.
func zstded(content []byte) ([]byte, error) {
	return pipe(bytes.NewReader(content), "zstd", "-q", "-c", "--check", "--stream-size="+strconv.Itoa(len(content)))
}

// zstdedNoSize compresses as zstd does with a pipe: the frame does not say how large its content is.
func zstdedNoSize(content []byte) ([]byte, error) {
	return pipe(bytes.NewReader(content), "zstd", "-q", "-c", "--check", "--no-content-size")
}

// BombSize is what the variants called bomb expand to, in bytes: all of them zero.
const BombSize int64 = 2 << 30

// bombCommands makes each bomb from zeros on its standard input.
func bombCommands() map[string][]string {
	return map[string][]string{
		"bomb.ko.xz": {"xz", "-c", "-0", "-T0", "--check=crc64"},
		// A frame from a pipe, and one which says its size.
		"bomb.ko.zst":       {"zstd", "-q", "-c", "-1"},
		"bomb-sized.ko.zst": {"zstd", "-q", "-c", "-1", "--stream-size=" + strconv.FormatInt(BombSize, 10)},
	}
}

// buildBombs gives the folder with the bombs. They take seconds, so they are shared by all kernels.
func buildBombs(top string) (string, error) {
	code, err := codeFiles(top)
	if err != nil {
		return "", err
	}
	digest, err := digestOf(code)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(top, "build", "testmodules", "bombs")
	return folder, fillOnce(folder, digest, func(work string) error {
		for name, command := range bombCommands() {
			bomb, err := pipe(io.LimitReader(zeros{}, BombSize), command...)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(work, name), bomb, 0o644); err != nil {
				return err
			}
		}
		return nil
	})
}

// zeros is /dev/zero as a reader.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// pipe gives what the command writes when it reads input through a pipe.
func pipe(input io.Reader, command ...string) ([]byte, error) {
	cmd := exec.Command(command[0], command[1:]...)
	// XZ_OPT, ZSTD_CLEVEL and the like change what the tools write.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.Stdin = input
	var output, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &complaint
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", strings.Join(command, " "), err, bytes.TrimSpace(complaint.Bytes()))
	}
	return output.Bytes(), nil
}
