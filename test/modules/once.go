package modules

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// stampName is the file that holds the digest of everything a folder was made from.
const stampName = ".stamp"

// fillOnce makes folder by fill unless its stamp is digest already. fill works on a folder of its own which takes the
// place of the old one only when it is complete.
func fillOnce(folder, digest string, fill func(work string) error) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	lock, err := os.OpenFile(folder+".lock", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := flock(lock); err != nil {
		return err
	}
	if stamp, err := os.ReadFile(filepath.Join(folder, stampName)); err == nil && string(stamp) == digest {
		return nil
	}
	work := folder + ".new"
	// A build that was killed leaves it.
	if err := os.RemoveAll(work); err != nil {
		return err
	}
	if err := os.Mkdir(work, 0o755); err != nil {
		return err
	}
	if err := fill(work); err != nil {
		return errors.Join(err, os.RemoveAll(work))
	}
	if err := os.WriteFile(filepath.Join(work, stampName), []byte(digest), 0o644); err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	return os.Rename(work, folder)
}

// flock waits until no other process holds the lock; it ends when the file is closed.
func flock(file *os.File) error {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			return os.NewSyscallError("flock "+file.Name(), err)
		}
	}
}

// kernelDigest covers the sources, this package and the release of the headers.
func kernelDigest(top, kernel string) (string, error) {
	headers := filepath.Join(top, "build", "headers", kernel)
	if _, err := os.Stat(filepath.Join(headers, ".complete")); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s: %w", headers, ErrNoHeaders)
	}
	files, err := filesOf(sourceFolder(top))
	if err != nil {
		return "", err
	}
	code, err := codeFiles(top)
	if err != nil {
		return "", err
	}
	files = append(files, code...)
	return digestOf(append(files, filepath.Join(headerTree(top, kernel), "include", "config", "kernel.release")))
}

// codeFiles gives the files of this package that decide what is built.
func codeFiles(top string) ([]string, error) {
	all, err := filesOf(filepath.Join(top, "test", "modules"))
	var code []string
	for _, file := range all {
		if strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go") {
			code = append(code, file)
		}
	}
	return code, err
}

// filesOf gives the paths of the regular files in folder, sorted.
func filesOf(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	var files []string
	for _, entry := range entries {
		if entry.Type().IsRegular() {
			files = append(files, filepath.Join(folder, entry.Name()))
		}
	}
	return files, err
}

// digestOf gives the SHA-256 over the names and contents of files.
func digestOf(files []string) (string, error) {
	sum := sha256.New()
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%q %d\n", filepath.Base(file), len(content))
		sum.Write(content)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
