// Package kmod loads modules into the kernel and removes them from it.
package kmod

import (
	"os"
	"strings"

	"gomod/internal/elfinfo"
	"gomod/internal/kernel"
	"gomod/internal/kofile"
	"gomod/internal/sysfs"
)

// Host is the running system that modules are loaded into.
type Host struct {
	Kernel kernel.Kernel
	Sysfs  *sysfs.FS
	// SizeLimit is the most bytes that a compressed module may become.
	SizeLimit int64
	// Watch is for the kernel log around loads; nil where nobody wants to be told why one failed.
	Watch *kernel.Watch
}

// OpenError says that a module's file could not be looked at.
type OpenError struct{ Err error }

func (e *OpenError) Error() string { return e.Err.Error() }
func (e *OpenError) Unwrap() error { return e.Err }

// Insert loads the file at path with the given parameters. The error is an *OpenError when there is no such file, a
// *kernel.LoadError when the kernel refused it, or what made the file's content unreadable. When it is loaded with parameters, logged is
// what the kernel said meanwhile: it loads a module without those that the module does not know.
func (h *Host) Insert(path, parameters string, force kernel.Force) (logged []kernel.Record, err error) {
	file, err := kofile.Open(path, h.SizeLimit)
	if err != nil {
		return nil, openError(path, err)
	}
	defer file.Close()
	err = kernel.Insert(h.Kernel, kernel.Insertion{
		Path:   path,
		File:   file.OS(),
		Params: parameters,
		Force:  force,
		Route:  h.route(file),
		Watch:  h.Watch,
		Image:  func() ([]byte, error) { return image(file, force) },
	})
	if err == nil && strings.Trim(parameters, " ") != "" {
		logged = h.Watch.Since().Records
	}
	return logged, err
}

// openError tells a file that is not there from one that is there and cannot be read.
func openError(path string, err error) error {
	if _, statErr := os.Stat(path); statErr != nil {
		return &OpenError{statErr}
	}
	return err
}

// route chooses before the first call how the kernel gets the module: once finit_module has run a module's init function, a
// second try would run it twice.
func (h *Host) route(file *kofile.File) kernel.Route {
	if file.Compression() == kofile.None {
		return kernel.PlainFile
	}
	// An unknown word in the file means that no compression can be relied on.
	supported, _ := h.Sysfs.Compression()
	if supported != "" && file.KernelDecompresses(supported) {
		return kernel.CompressedFile
	}
	return kernel.Memory
}

func image(file *kofile.File, force kernel.Force) ([]byte, error) {
	content, err := file.All()
	if err != nil || force == (kernel.Force{}) {
		return content, err
	}
	return elfinfo.ForceImage(content, force.Modversions, force.Vermagic)
}
