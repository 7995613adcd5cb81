package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What is no regular file, or is huge, is refused at once: /lib/modules/RELEASE/config may be anything.
func TestReadText(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	if err := errors.Join(
		os.WriteFile(path("good"), []byte("CONFIG_X=y\n"), 0o644),
		syscall.Mkfifo(path("fifo"), 0o644),
		os.WriteFile(path("sparse"), nil, 0o644),
		os.Truncate(path("sparse"), 1<<40),
		os.Symlink("/dev/zero", path("zero")),
	); err != nil {
		t.Fatal(err)
	}
	if text, err := ReadText(path("good")); text != "CONFIG_X=y\n" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	for name, want := range map[string]error{"fifo": syscall.EINVAL, "sparse": syscall.EFBIG, "zero": syscall.EINVAL, "none": syscall.ENOENT, ".": syscall.EISDIR} {
		if text, err := ReadText(path(name)); !errors.Is(err, want) || text != "" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

// A FIFO in place of the file of forbidden modules is an error and not a wait.
func TestForbidFIFO(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, ForbiddenFile), 0o644); err != nil {
		t.Fatal(err)
	}
	err := ChangeForbidden([]string{dir}, func(string) (string, error) { return "x", nil })
	if !errors.Is(err, syscall.EINVAL) {
		t.Error(err)
	}
	if reason := ReasonAt(filepath.Join(dir, ForbiddenFile), "x"); reason != "" {
		t.Error(reason)
	}
}

// What gomod forbid writes is read again.
func TestForbidLimit(t *testing.T) {
	dir := t.TempDir()
	change := func(size int) error {
		return ChangeForbidden([]string{dir}, func(string) (string, error) { return strings.Repeat("#", size-len(forbiddenHeader)), nil })
	}
	if err := change(fileLimit + 1); !errors.Is(err, syscall.EFBIG) {
		t.Error(err)
	}
	if err := change(fileLimit); err != nil {
		t.Error(err)
	}
	expect(t, Load(Sources{Paths: []string{dir}}), nil, nil)
}

// A file of configuration that cannot be opened for the moment is told of; what is not there or not ours is not.
func TestUnopened(t *testing.T) {
	for err, told := range map[error]bool{
		syscall.EIO: true, syscall.ENOMEM: true, syscall.EMFILE: true, syscall.ENFILE: true,
		syscall.ENOENT: false, syscall.EACCES: false, syscall.ELOOP: false, syscall.ENXIO: false,
	} {
		problem := problemOf("a.conf", &fs.PathError{Op: "open", Path: "a.conf", Err: err})
		if (problem != nil) != told || told && (!errors.Is(problem, err) || problem.Kind != ReadFailed) {
			t.Errorf("%v: %v", err, problem)
		}
	}
}
