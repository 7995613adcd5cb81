// Package depmod makes the files by which modules are found: it reads the modules of a module folder, works out which of
// them needs which, and writes modules.dep, modules.alias and the others of modules.dep(5), the same bytes as C kmod 34.
//
// Compute does everything but writing; Publish makes a set of files appear in a folder, whole or not at all; Outdated tells
// whether there is anything to do.
package depmod

import (
	"runtime"

	"gomod/internal/config"
)

// Options says what is to be indexed, and how.
type Options struct {
	// Dir is the module folder of one kernel release. What the caller writes here is what messages show.
	Dir string
	// Release is the kernel release that override and external lines are compared with.
	Release string
	// Config gives what depmod.d says. It is called once, after Symvers or SystemMap was read, and not with Files; nil says
	// nothing.
	Config func() *config.Depmod
	// Files are absolute paths of modules; if there are any, no other module is looked at.
	Files []string
	// Symvers is the path of the kernel's Module.symvers, SystemMap that of its System.map; "" for none. The first counts if
	// both are given.
	Symvers, SystemMap string
	// CheckSymbols tells of symbols that nobody offers, and with Symvers of versions that differ.
	CheckSymbols bool
	// Prefix is a character that symbols begin with on some architectures; 0 for none.
	Prefix byte
	// WarnDuplicates tells of aliases that a module has twice.
	WarnDuplicates bool
	// TellNeeds tells of every module that needs another, and of modules of one name where the choice is arbitrary.
	TellNeeds bool
	// TextOnly leaves out the files that no person can read.
	TextOnly bool
	// SizeLimit is the cap in bytes on a decompressed module; kofile's own where it is not positive.
	SizeLimit int64
	// Workers is how many modules are read at the same time; the number of CPUs where it is not positive.
	Workers int
	// Report gets what is to be told, in an order that does not depend on Workers; nil tells nothing.
	Report func(Event)
	// Found gets the number of modules before they are read; nil if nobody wants to know.
	Found func(modules int)
	// Progress gets the number of modules read and of all, now and then, from one goroutine at a time; nil for none.
	Progress func(done, all int)
}

// Result is a set of files for the module folder.
type Result struct {
	// Files are in the order in which C kmod writes them.
	Files []File
	// Modules is how many modules were indexed, Unreadable how many of these could not be read as a whole: what could be read
	// of them counts, which may be no more than the name.
	Modules, Unreadable int
}

// run is one call of Compute.
type run struct {
	Options
	config  *config.Depmod
	modules []*module
	symbols symbolTable
}

// Compute reads the modules and makes the files. What is wrong with one module is told by Report and costs only what that
// module says of itself. An error is a *SearchError, a *SourceError, an *OperandError, a *CycleError, ErrTooMany, or an
// *OutputError.
func Compute(o Options) (*Result, error) {
	if o.Report == nil {
		o.Report = func(Event) {}
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	r := &run{Options: o}
	if err := r.readSources(); err != nil {
		return nil, err
	}
	if err := r.find(); err != nil {
		return nil, err
	}
	if err := r.arrange(); err != nil {
		return nil, err
	}
	if r.Found != nil {
		r.Found(len(r.modules))
	}
	r.load()
	r.collectSymbols()
	r.findNeeds()
	if err := r.rank(); err != nil {
		return nil, err
	}
	return r.output()
}

func (r *run) unreadable() int {
	count := 0
	for _, m := range r.modules {
		if m.modinfoErr != nil || m.err != nil && !isNoData(m.err) {
			count++
		}
	}
	return count
}
