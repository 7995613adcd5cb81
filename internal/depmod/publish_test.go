package depmod

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func testFiles(content string) []File {
	var files []File
	for _, name := range order {
		files = append(files, File{Name: name, Data: []byte(content + name)})
	}
	return files
}

func publish(t *testing.T, dir string, files []File) error {
	t.Helper()
	target, err := OpenTarget(dir, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	if !target.Locked() {
		t.Error("not locked")
	}
	return target.Publish(files)
}

func namesIn(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestPublish(t *testing.T) {
	dir := t.TempDir()
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	for _, content := range []string{"first ", "second "} {
		if err := publish(t, dir, testFiles(content)); err != nil {
			t.Fatal(err)
		}
		for _, name := range order {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if string(data) != content+name || err != nil {
				t.Errorf("%q %v", data, err)
			}
			if stat, err := os.Stat(filepath.Join(dir, name)); err != nil || stat.Mode() != 0o644 {
				t.Error(stat.Mode(), err)
			}
		}
	}
	if n := namesIn(t, dir); n != len(order) {
		t.Errorf("%d files", n)
	}
}

// TestPublishNothing has what must keep every file from being published.
func TestPublishNothing(t *testing.T) {
	for name, spoil := range map[string]func(dir string, files []File) error{
		"a folder in the way": func(dir string, _ []File) error {
			return os.MkdirAll(filepath.Join(dir, "modules.devname", "x"), 0o755)
		},
		"a check that fails": func(_ string, files []File) error {
			files[3].check = func([]byte) error { return errors.New("wrong") }
			return nil
		},
	} {
		dir := t.TempDir()
		if err := publish(t, dir, testFiles("old ")[:5]); err != nil {
			t.Fatal(err)
		}
		files := testFiles("new ")
		if err := spoil(dir, files); err != nil {
			t.Fatal(err)
		}
		before := namesIn(t, dir)
		err := publish(t, dir, files)
		var failed *PublishError
		if !errors.As(err, &failed) || failed.Folder != dir {
			t.Errorf("%s: %v", name, err)
		}
		data, _ := os.ReadFile(filepath.Join(dir, order[0]))
		if string(data) != "old "+order[0] || namesIn(t, dir) != before {
			t.Errorf("%s: %q, %d files of %d", name, data, namesIn(t, dir), before)
		}
	}
}

// TestLock has two who want the same folder: one waits, and goes on without the lock when it has waited enough.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	first, err := OpenTarget(dir, 0)
	if err != nil || !first.Locked() {
		t.Fatal(err)
	}
	started := time.Now()
	second, err := OpenTarget(dir, 50*time.Millisecond)
	if err != nil || second.Locked() || time.Since(started) < 50*time.Millisecond {
		t.Error(err, time.Since(started))
	}
	if err := second.Publish(testFiles("")); err != nil {
		t.Error(err)
	}
	second.Close()
	time.AfterFunc(50*time.Millisecond, first.Close)
	third, err := OpenTarget(dir, time.Minute)
	if err != nil || !third.Locked() {
		t.Fatal(err)
	}
	third.Close()
	if _, err := OpenTarget(dir+"/none", 0); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
