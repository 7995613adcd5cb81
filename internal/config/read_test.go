package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gomod/test/need"
)

// C kmod waits for the FIFO and reads the device for ever.
func TestNotRegular(t *testing.T) {
	root := tree(t, map[string]string{"c/b.conf": "blacklist b", "d/a.conf": "blacklist a", "c/zero.conf": "-> /dev/zero", "m/modules.weakdep/": ""})
	for _, path := range below(root, "c/a.conf", "m/modules.softdep") {
		if err := unix.Mkfifo(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan *Config)
	go func() { done <- Load(Sources{Paths: below(root, "c", "d"), ModuleDir: root + "/m"}) }()
	select {
	case <-time.After(10 * time.Second):
		t.Fatal("it waits")
	case c := <-done:
		equal(t, printed(c), []string{"blacklist b"})
		equal(t, relative(root, complaints(c)), []string{
			"ignoring /c/a.conf: it is a FIFO, not a regular file",
			"ignoring /m/modules.softdep: it is a FIFO, not a regular file",
			"ignoring /m/modules.weakdep: it is a directory, not a regular file",
			"ignoring /c/zero.conf: it is a device, not a regular file",
		})
	}
	expect(t, Load(Sources{Paths: []string{"/dev/null"}}), nil, nil)
	expect(t, Load(Sources{Paths: []string{"/dev/zero"}}), nil, []string{"ignoring /dev/zero: it is a device, not a regular file"})
}

func TestTooLarge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.conf")
	line := []byte("blacklist x\n")
	if err := os.WriteFile(path, line, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, fileLimit); err != nil {
		t.Fatal(err)
	}
	expect(t, Load(Sources{Paths: []string{path}}), []string{"blacklist x"}, nil)
	if err := os.Truncate(path, 1<<40); err != nil {
		t.Fatal(err)
	}
	expect(t, Load(Sources{Paths: []string{path}}), nil, []string{"ignoring " + path + ": it has more than 4194304 bytes"})
}

// The files of /proc claim to have no bytes.
func TestSizeUnknown(t *testing.T) {
	const path = "/proc/self/status"
	want, err := os.ReadFile(path)
	need.NoError(t, err)
	var r reader
	text, problem := r.read(source{path: path})
	if problem != nil || !strings.HasPrefix(text, string(want[:20])) || strings.Count(text, "\n") != strings.Count(string(want), "\n") {
		t.Errorf("got %q, %v", text, problem)
	}
}

func TestReadFailed(t *testing.T) {
	// Its read is EIO where nothing is mapped at address 0.
	const path = "/proc/self/mem"
	_, err := os.Stat(path)
	need.NoError(t, err)
	c := Load(Sources{Paths: []string{path}})
	expect(t, c, nil, []string{"could not read '/proc/self/mem': input/output error"})
	if !errors.Is(c.Problems[0], unix.EIO) {
		t.Error("the errno is lost")
	}
	equal(t, c.Problems[0].Text(func(error) string { return "Input/output error" }), "could not read '/proc/self/mem': Input/output error")
}
