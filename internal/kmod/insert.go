// Package kmod loads modules into the kernel and removes them from it.
package kmod

import (
	"os"

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
}

// OpenError says that a module's file could not be looked at.
type OpenError struct{ Err error }

func (e *OpenError) Error() string { return e.Err.Error() }
func (e *OpenError) Unwrap() error { return e.Err }

// Insert loads the file at path with the given parameters. The error is an *OpenError when there is no such file, a
// *kernel.LoadError when the kernel refused it, or what made the file's content unreadable.
func (h *Host) Insert(path, parameters string, force kernel.Force) error {
	file, err := kofile.Open(path, h.SizeLimit)
	if err != nil {
		return openError(path, err)
	}
	defer file.Close()
	return kernel.Insert(h.Kernel, kernel.Insertion{
		Path:   path,
		File:   file.OS(),
		Params: parameters,
		Force:  force,
		Route:  h.route(file),
		Image:  func() ([]byte, error) { return image(file, force) },
	})
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
