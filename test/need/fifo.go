package need

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// NotWaitedFor hands a FIFO to read that is held open and that nobody writes into, and demands EINVAL before anybody does. It gives the
// writing end.
func NotWaitedFor(t testing.TB, read func(path string) error) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fifo")
	NoError(t, syscall.Mkfifo(path, 0o600))
	writer, err := os.OpenFile(path, os.O_RDWR, 0)
	NoError(t, err)
	t.Cleanup(func() { writer.Close() })
	done := make(chan error, 1)
	go func() { done <- read(path) }()
	select {
	case err := <-done:
		if !errors.Is(err, syscall.EINVAL) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it waits")
	}
	return writer
}
