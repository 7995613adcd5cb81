package system

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// contents is what a folder has: path to kind and permissions, and the target of a link or the checksum of a file.
type contents map[string]string

func readContents(t *testing.T, folder string) contents {
	t.Helper()
	c := make(contents)
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, file)
		if err != nil {
			return err
		}
		c[name], err = describe(file, entry)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func describe(file string, entry fs.DirEntry) (string, error) {
	info, err := entry.Info()
	if err != nil {
		return "", err
	}
	switch {
	case info.Mode().IsRegular():
		content, err := os.ReadFile(file)
		return fmt.Sprintf("%s %x", info.Mode(), sha256.Sum256(content)), err
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(file)
		return "-> " + target, err
	}
	return info.Mode().String(), nil
}

// differences lists what is not the same in both, sorted: `- path` is only in c, `+ path` only in other, `! path` in both.
func (c contents) differences(other contents) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(c)) {
		if there, ok := other[name]; !ok {
			found = append(found, "- "+name)
		} else if there != c[name] {
			found = append(found, "! "+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(other)) {
		if _, ok := c[name]; !ok {
			found = append(found, "+ "+name)
		}
	}
	return found
}

// modules counts the module files.
func (c contents) modules() int {
	count := 0
	for name := range c {
		if isModule(name) {
			count++
		}
	}
	return count
}

func isModule(name string) bool {
	name = path.Base(name)
	return strings.HasSuffix(name, ".ko") || strings.Contains(name, ".ko.")
}

// isIndex is true of the eleven files that depmod makes.
func isIndex(name string) bool {
	return slices.Contains(indexes(), path.Base(name))
}

func indexes() []string {
	return []string{
		"modules.dep", "modules.dep.bin", "modules.alias", "modules.alias.bin", "modules.symbols", "modules.symbols.bin",
		"modules.softdep", "modules.weakdep", "modules.devname", "modules.builtin.bin", "modules.builtin.alias.bin",
	}
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}
