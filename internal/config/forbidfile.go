package config

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"gomod/internal/textfile"
)

// forbiddenHeader begins a ForbiddenFile.
const forbiddenHeader = "# Modules that are forbidden. `gomod forbid NAME REASON` and `gomod allow NAME` change this file.\n"

// ChangeForbidden changes the ForbiddenFile in the first of the folders of modprobe.d, which is made if need be. change gets the content of the
// one that is in force, which may lie in another folder, and gives the new one; the file goes when nothing is left in it and it masks no
// other. Whoever reads meanwhile sees the old file or the new one, whole. Calls wait for each other.
func ChangeForbidden(folders []string, change func(content string) (string, error)) error {
	folder := folders[0]
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	unlock, err := lockForbidden(folder)
	if err != nil {
		return err
	}
	defer unlock()
	path := filepath.Join(folder, ForbiddenFile)
	target, err := linkTarget(path)
	if err != nil {
		return err
	}
	old, masks, err := forbiddenInForce(folders)
	if err != nil {
		return err
	}
	content, err := change(strings.TrimPrefix(old, forbiddenHeader))
	if err != nil {
		return err
	}
	if content == "" && !masks && target == path {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if len(forbiddenHeader+content) > fileLimit {
		return &fs.PathError{Op: "write", Path: path, Err: &textfile.LimitError{Limit: fileLimit}} // it would be read by nobody
	}
	return replaceFile(target, forbiddenHeader+content)
}

// lockForbidden waits until nobody else changes the ForbiddenFile of a folder. What it locks is a file that only its owner may open, and that
// is taken away at the end; the next one does so for one that was killed. The folder, or the ForbiddenFile itself, could be kept locked by any
// user who may read it.
func lockForbidden(folder string) (unlock func(), err error) {
	// Like replaceFile's, the name is none of a file of configuration.
	path := filepath.Join(folder, "."+ForbiddenFile+".lock")
	for {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
		if err != nil {
			return nil, err
		}
		if err := unix.Flock(int(file.Fd()), unix.LOCK_EX); err != nil {
			file.Close()
			return nil, &os.PathError{Op: "lock", Path: path, Err: err}
		}
		mine, err := file.Stat()
		if err != nil {
			file.Close()
			return nil, err
		}
		// Who had it before has removed it, so that the next one may have locked another.
		if there, err := os.Lstat(path); err == nil && os.SameFile(mine, there) {
			return func() { os.Remove(path); file.Close() }, nil
		}
		file.Close()
	}
}

// forbiddenInForce is the content of the first ForbiddenFile in the folders; masks tells that there is one behind the first folder.
func forbiddenInForce(folders []string) (content string, masks bool, err error) {
	found := false
	for i, folder := range folders {
		text, err := ReadText(filepath.Join(folder, ForbiddenFile))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil && !found {
			return "", false, err
		}
		if !found {
			content, found = text, true
		}
		masks = masks || i > 0
	}
	return content, masks, nil
}

// linkTarget is the file that a path leads to: a link stays one, and what it leads to is changed. A link to /dev/null masks the file on purpose.
func linkTarget(path string) (string, error) {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return path, nil
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	if info, err = os.Stat(target); err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errors.New(path + " is a link to " + target + ", which is no file: take the link away first")
	}
	return target, nil
}

func replaceFile(path, content string) error {
	draft, err := textfile.NewDraft(path, 0o644)
	if err != nil {
		return err
	}
	_, err = draft.WriteString(content)
	return draft.Publish(cmp.Or(err, draft.Chmod(0o644)))
}
