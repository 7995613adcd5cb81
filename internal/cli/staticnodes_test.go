package cli

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A sparse file is not read into memory.
func TestDevnameLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "modules.devname")
	for size, want := range map[int64]error{devnameLimit: nil, devnameLimit + 1: syscall.EFBIG, 1 << 40: syscall.EFBIG} {
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		content, err := readRegular(path)
		if !errors.Is(err, want) || want == nil && int64(len(content)) != size {
			t.Errorf("%d bytes: %d read, %v", size, len(content), err)
		}
	}
}
