package textfile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"gomod/test/need"
)

// checkFolder demands that there is one file, with that content, and no draft any more.
func checkFolder(t *testing.T, path, want string) {
	t.Helper()
	content, err := os.ReadFile(path)
	entries, err2 := os.ReadDir(filepath.Dir(path))
	if string(content) != want || len(entries) != 1 || errors.Join(err, err2) != nil {
		t.Errorf("%q in %v, %v %v", content, entries, err, err2)
	}
}

// A draft that fails at any step leaves the old file.
func TestDraft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.conf")
	need.NoError(t, os.WriteFile(path, []byte("old"), 0o644))
	draft, err := NewDraft(path, 0o644)
	need.NoError(t, err)
	second, err := NewDraft(path, 0o644)
	need.NoError(t, err)
	_, err = draft.WriteString("new")
	need.NoError(t, err)
	other := errors.New("the disk is full")
	if err := second.Publish(other); err != other {
		t.Error(err)
	}
	if content, err := os.ReadFile(path); string(content) != "old" {
		t.Errorf("%q, %v", content, err)
	}
	need.NoError(t, draft.Publish(nil))
	checkFolder(t, path, "new")

	lost, err := NewDraft(path, 0o644)
	need.NoError(t, err)
	need.NoError(t, lost.File.Close())
	if err := lost.Publish(nil); err == nil {
		t.Error("no error of a draft that is closed")
	}
	checkFolder(t, path, "new")

	unnamed, err := NewDraft(filepath.Join(path, "..", "x", "..", "a.conf"), 0o644)
	need.NoError(t, err)
	need.NoError(t, os.Remove(unnamed.Name()))
	if err := unnamed.Publish(nil); !os.IsNotExist(err) {
		t.Error(err)
	}
	checkFolder(t, path, "new")
	if _, err := NewDraft(filepath.Join(path, "b"), 0o644); err == nil {
		t.Error("a draft in a folder that is none")
	}
}
