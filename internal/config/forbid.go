package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// ForbiddenFile is the file of modprobe.d in which modules are forbidden for good, each by three lines that every program with libkmod
// obeys:
//
//	# pcspkr: the beep is not wanted here
//	blacklist pcspkr
//	install pcspkr /bin/false
const ForbiddenFile = "gomod-forbid.conf"

// Denial is the command in place of a forbidden module: it does nothing and fails.
const Denial = "/bin/false"

// Forbidden is the line of ForbiddenFile that forbids a module.
func (c *Config) Forbidden(name string) (Command, bool) {
	for _, command := range c.Installs {
		if command.Key == name && command.Command == Denial && filepath.Base(command.File) == ForbiddenFile {
			return command, true
		}
	}
	return Command{}, false
}

// Forbid puts a module into the content of a ForbiddenFile, in place of what it says of that module. The reason must not have a newline.
func Forbid(content, name, reason string) string {
	content, _ = Allow(content, name)
	if content != "" && !strings.HasSuffix(content, "\n") {
		content += "\n"
	}
	if strings.HasSuffix(reason, `\`) {
		// A backslash at the end would join the comment with the next line, in a comment too.
		reason += " "
	}
	return content + "# " + name + ": " + reason + "\nblacklist " + name + "\ninstall " + name + " " + Denial + "\n"
}

// Allow takes a module's lines out of the content of a ForbiddenFile; found tells whether there were any.
func Allow(content, name string) (rest string, found bool) {
	lines := slices.Collect(strings.Lines(content))
	kept := slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
		line = strings.TrimSuffix(line, "\n")
		return strings.HasPrefix(line, "# "+name+": ") || line == "blacklist "+name || line == "install "+name+" "+Denial
	})
	return strings.Join(kept, ""), len(kept) < len(lines)
}

// ReasonAt is why a module is forbidden, from the comment in a ForbiddenFile; "" if it has none any more.
func ReasonAt(file, name string) string {
	content, err := ReadText(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(content) {
		if reason, found := strings.CutPrefix(line, "# "+name+": "); found {
			return strings.TrimRight(reason, " \n")
		}
	}
	return ""
}

// forbiddenHeader begins a ForbiddenFile.
const forbiddenHeader = "# Modules that are forbidden. `gomod forbid NAME REASON` and `gomod allow NAME` change this file.\n"

// ChangeForbidden changes the ForbiddenFile in a folder of modprobe.d, which is made if need be. change gets the content and gives the new
// one; the file goes when nothing is left in it. Whoever reads meanwhile sees the old file or the new one, whole. Calls wait for each other.
func ChangeForbidden(folder string, change func(content string) (string, error)) (err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	lock, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		return &os.PathError{Op: "lock", Path: folder, Err: err}
	}
	path := filepath.Join(folder, ForbiddenFile)
	old, err := ReadText(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	content, err := change(strings.TrimPrefix(old, forbiddenHeader))
	switch {
	case err != nil:
		return err
	case content == "":
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	return replaceFile(path, forbiddenHeader+content)
}

// replaceFile writes beside the file and renames.
func replaceFile(path, content string) error {
	// The name does not end in .conf: nobody takes it for configuration.
	file, err := os.CreateTemp(filepath.Dir(path), "."+ForbiddenFile+".*.new")
	if err != nil {
		return err
	}
	_, err = file.WriteString(content)
	err = errors.Join(err, file.Chmod(0o644), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return err
}
