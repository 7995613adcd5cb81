package depmod

import (
	"errors"
	"strconv"
	"syscall"
)

// Kind says what an Event is.
type Kind int

const (
	// UnopenedFolder is a folder Path to be searched, that cannot be opened because of Err.
	UnopenedFolder Kind = iota + 1
	// LostFolder is a folder Name within the one of descriptor FD, that cannot be opened because of Err.
	LostFolder
	// LostEntry is an entry Name of the folder of descriptor FD, that cannot be looked at because of Err.
	LostEntry
	// FolderLoop is a link at Path to a folder that it lies in; it is not followed.
	FolderLoop
	// ManyLinks is a link to a folder at Path, which is not followed because Number others were; nor are those behind it.
	ManyLinks
	// OddFile is an entry at Path that is neither file nor folder, of st_mode Number.
	OddFile
	// LongPath is a folder whose Path is longer than the kernel allows.
	LongPath
	// Tie is two modules of one name where nothing says which is to be taken: Path wins over Name, being the first in the order
	// of bytes.
	Tie
	// NoOrder is a modules.order in the folder Path, that cannot be read because of Err. Modules are in the order of hashes.
	NoOrder
	// BadOrder is line Number of a modules.order at Path, which is too long or has a NUL in it, so that the file does not count.
	BadOrder
	// OverrideMismatch and ExternalMismatch are lines Number of a configuration file Path for another release, Name.
	OverrideMismatch
	ExternalMismatch
	// BadSymvers is line Number of a Module.symvers at Path, with the version Name, which is no number.
	BadSymvers
	// BadSystemMap is line Number of a System.map at Path, which is Name.
	BadSystemMap
	// BadModule is a module at Path that cannot be read because of Err.
	BadModule
	// BadModinfo is a module at Path whose .modinfo cannot be read because of Err: it has no aliases, and no soft dependencies.
	BadModinfo
	// Needs is a module at Path that needs the symbol Name of the module at Owner.
	Needs
	// UnknownSymbol is a module at Path that needs the symbol Name, which nobody has.
	UnknownSymbol
	// OtherVersion is a module at Path that was built against another version of the symbol Name.
	OtherVersion
	// BadBracket is an alias Name with a bracket that lacks its other half.
	BadBracket
	// DuplicateAlias is an alias Name that the module Owner has twice.
	DuplicateAlias
	// Unfit is an entry Name for the index Path which the index cannot hold because of Err.
	Unfit
	// Misfit is something of the module at Path that is left out of all files because of Err, a *MisfitError.
	Misfit
	// MoreMisfits is a module at Path of which Number more texts are left out than were told.
	MoreMisfits
	// NoBuiltin is a file Name in the folder Path that cannot be read because of Err.
	NoBuiltin
	// BadBuiltin is a line Name of modules.builtin.
	BadBuiltin
	// MoreEvents are Number events more of one file like those that were told.
	MoreEvents
	// NoNumbers is a module Name with the device Owner, that says no device number.
	NoNumbers
)

// Event is something that was met and is to be told. Which fields it has is said at its Kind.
type Event struct {
	Kind              Kind
	Path, Name, Owner string
	Number            int
	// FD is the number that the folder's descriptor has in C kmod, which shows it instead of the path.
	FD  int
	Err error
}

// SearchError is a module folder that cannot be read.
type SearchError struct {
	Path string
	Err  error
}

func (e *SearchError) Error() string {
	return "could not search modules: " + e.Path + ": " + e.Err.Error()
}

// Unwrap gives the reason.
func (e *SearchError) Unwrap() error { return e.Err }

// SourceError is a Module.symvers or System.map that cannot be opened.
type SourceError struct {
	Path string
	Err  error
}

func (e *SourceError) Error() string { return "could not load " + e.Path + ": " + e.Err.Error() }

// Unwrap gives the reason.
func (e *SourceError) Unwrap() error { return e.Err }

// OperandError is a file, given by its path, that cannot be taken. Err is ErrNotAbsolute, an errno, or EEXIST for a module of
// a Name that was given already.
type OperandError struct {
	Path, Name string
	Err        error
}

func (e *OperandError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap gives the reason.
func (e *OperandError) Unwrap() error { return e.Err }

// ErrNotAbsolute is a path that does not begin at the root.
var ErrNotAbsolute = errors.New("not absolute path")

// ErrTooMany is a folder with more modules than can be numbered. It is ERANGE.
var ErrTooMany error = tooMany{}

type tooMany struct{}

func (tooMany) Error() string { return "more than " + strconv.Itoa(maxModules) + " modules" }
func (tooMany) Unwrap() error { return syscall.ERANGE }

// CycleError is modules that need each other.
type CycleError struct {
	// Cycles are paths of modules' names that end where they began; at most a thousand.
	Cycles [][]string
	// Modules is how many modules are in cycles.
	Modules int
}

func (e *CycleError) Error() string {
	return "found " + strconv.Itoa(e.Modules) + " modules in dependency cycles"
}

// OutputError is a file that cannot be made.
type OutputError struct {
	Name string
	Err  error
}

func (e *OutputError) Error() string { return e.Name + ": " + e.Err.Error() }

// Unwrap gives the reason.
func (e *OutputError) Unwrap() error { return e.Err }

func isNoData(err error) bool { return errors.Is(err, syscall.ENODATA) }
