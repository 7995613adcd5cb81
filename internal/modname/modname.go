// Package modname knows how modules are called: a module of the kernel is named after its file, with underscores for dashes,
// and users may write either. There are three rules, for names, for paths, and for aliases, which are patterns.
package modname

import (
	"strconv"
	"strings"
	"syscall"
)

// maxLength is the length in bytes to which names and aliases are cut: PATH_MAX less one for the C string's NUL.
const maxLength = 4095

// Name gives the name of a module from the way it is written: what is before the first dot, with underscores for dashes, such
// as snd_hda_intel for snd-hda-intel.ko. It is cut to 4095 bytes.
func Name(s string) string {
	s, _, _ = strings.Cut(s, ".")
	return underscores(s[:min(len(s), maxLength)])
}

// FromPath gives the name of the module whose file is at path: Name of what is behind the last slash. A path that has nothing
// there is a *PathError.
func FromPath(path string) (string, error) {
	base := path[strings.LastIndexByte(path, '/')+1:]
	if base == "" {
		return "", &PathError{path}
	}
	return Name(base), nil
}

// PathError is a path that ends in a slash, or is empty. It unwraps to ENOENT.
type PathError struct{ Path string }

func (e *PathError) Error() string { return "no file name in the path " + strconv.Quote(e.Path) }

// Unwrap gives syscall.ENOENT.
func (e *PathError) Unwrap() error { return syscall.ENOENT }

// underscores returns s itself where it has no dash.
func underscores(s string) string { return strings.ReplaceAll(s, "-", "_") }
