package kernel

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// Route is the way by which a module gets into the kernel.
type Route int

const (
	PlainFile      Route = iota // finit_module of the open file
	CompressedFile              // finit_module, the kernel decompresses the file
	Memory                      // init_module of a decompressed image
)

// String returns the name of the system call, and what it is given.
func (r Route) String() string {
	switch r {
	case PlainFile:
		return "finit_module"
	case CompressedFile:
		return "finit_module of the compressed file"
	case Memory:
		return "init_module"
	default:
		return "unknown route"
	}
}

// Force are the checks of a module that the kernel shall leave out.
type Force struct {
	Vermagic    bool // the version string of the kernel it was built for
	Modversions bool // the CRCs of the symbols it uses
}

// Insertion is a module to be loaded.
type Insertion struct {
	Path   string   // for errors only
	File   *os.File // open for reading; the Memory route does without
	Params string   // as in "debug=1 name=x", "" for none
	Force  Force
	Route  Route
	// Watch is for the kernel log of this call; nil to leave that alone.
	Watch *Watch

	// Image returns the whole module, decompressed, with what Force names removed from it. It is called for the Memory
	// route only, or when the kernel does not have finit_module.
	Image func() ([]byte, error)
}

// Insert loads a module. A refusal is a *LoadError with the route that was refused; an error of Image is wrapped.
//
// The answer of finit_module is final, as a module's init function must never run twice. Only a kernel that does not have
// this system call is given the image by init_module.
func Insert(k Kernel, in Insertion) error {
	in.Watch.begin()
	if in.Route == Memory {
		return insertImage(k, in)
	}
	flags := in.flags()
	err := k.FinitModule(int(in.File.Fd()), in.Params, flags)
	runtime.KeepAlive(in.File)
	if errors.Is(err, syscall.ENOSYS) && lacksFinit(k, in.Params, flags) {
		return insertImage(k, in)
	}
	return loadError(in, in.Route, err)
}

// lacksFinit tells, after ENOSYS, whether it is the system call that is missing (an old kernel, a sandbox's filter) or the
// module's init function that returned ENOSYS: without a file nothing can be loaded, and a call that exists says so.
func lacksFinit(k Kernel, params string, flags int) bool {
	return errors.Is(k.FinitModule(-1, params, flags), syscall.ENOSYS)
}

func insertImage(k Kernel, in Insertion) error {
	image, err := in.Image()
	if err != nil {
		return fmt.Errorf("no image of %s for init_module: %w", in.Path, err)
	}
	return loadError(in, Memory, k.InitModule(image, in.Params))
}

// flags returns the MODULE_INIT_* flags of finit_module(2).
func (in Insertion) flags() int {
	flags := 0
	if in.Route == CompressedFile {
		flags |= unix.MODULE_INIT_COMPRESSED_FILE
	}
	if in.Force.Vermagic {
		flags |= unix.MODULE_INIT_IGNORE_VERMAGIC
	}
	if in.Force.Modversions {
		flags |= unix.MODULE_INIT_IGNORE_MODVERSIONS
	}
	return flags
}

func loadError(in Insertion, route Route, err error) error {
	if err == nil {
		return nil
	}
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return fmt.Errorf("%s of %s: %w", route, in.Path, err)
	}
	return &LoadError{Path: in.Path, Params: in.Params, Errno: errno, Route: route, Force: in.Force, Log: in.Watch.Since()}
}

// LoadError is the kernel's refusal to load a module.
type LoadError struct {
	Path, Params string
	Errno        syscall.Errno // what it means for a module is told in init_module(2)
	Route        Route         // the system call that was refused
	Force        Force         // the checks that it was told to leave out
	Log          Excerpt       // what the kernel logged meanwhile
}

func (e *LoadError) Error() string {
	return "could not load " + e.Path + " (" + e.Route.String() + "): " + e.Errno.Error()
}

// Unwrap returns the errno.
func (e *LoadError) Unwrap() error { return e.Errno }
