// Package diag finds out why a module could not be loaded or removed, and why a name is no module's. It looks at everything that may tell:
// the kernel's answer and its log, the module's file, the running system, the module tree. It runs only when something has failed, or when
// somebody asks.
//
// A Cause is a fact; package cli makes sentences and JSON of it.
package diag

import (
	"gomod/internal/config"
	"gomod/internal/kernel"
	"gomod/internal/resolve"
	"gomod/internal/sysfs"
)

// System is where diag looks.
type System struct {
	Kernel kernel.Kernel
	Sysfs  *sysfs.FS
	// Tree is the one that modules were looked up in.
	Tree *resolve.Tree
	// Config is modprobe.d and the kernel command line; nil where nobody has read it.
	Config *config.Config
	// Root is what /boot lies below; "" on a running system.
	Root string
	// ModuleDirectory is what the folders of the kernels lie in, below any root: /lib/modules.
	ModuleDirectory string
	// SizeLimit is the most bytes that a compressed module may become.
	SizeLimit int64

	// sample is a module of the running kernel, see reference.
	sample *Facts
	// symbols are those of the modules that are being checked, for which sample has been looked for; nil where there is but one.
	symbols *kernelSymbols
}

// Explanation is why something failed.
type Explanation struct {
	// Module is the name of the module that failed; "" where the file does not tell.
	Module string
	// Path is of its file; "" where none was tried.
	Path string
	// Causes are what is wrong, the decisive first. There is at least one.
	Causes []Cause
	// Own are messages of the kernel log that name the module, and which no cause accounts for; At are others of the same time, which may
	// be about something else.
	Own, At []kernel.Record
	// LogErr is why the log could not be looked at; nil if it was, or if it has nothing to do with it.
	LogErr error
}

// Cause is one thing that is wrong: one of the types in this package whose comment begins with "is a Cause".
type Cause interface {
	// Kind is the name of the cause in JSON.
	Kind() string
}
