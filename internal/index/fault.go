package index

import (
	"io/fs"
	"runtime/debug"
	"unsafe"
)

// guarded runs what reads the index. Where a page of the mapping is gone the kernel sends SIGBUS; that becomes an error
// instead of the end of the program.
func (x *Index) guarded(read func() error) (err error) {
	if x.data == nil {
		return &fs.PathError{Op: "read", Path: x.path, Err: fs.ErrClosed}
	}
	if x.mapped {
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		defer x.recoverFault(&err)
	}
	return read()
}

// recoverFault takes only faults in the mapping: any other panic, of a caller's function too, goes on.
func (x *Index) recoverFault(err *error) {
	cause := recover()
	if cause == nil {
		return
	}
	fault, ok := cause.(interface{ Addr() uintptr })
	if !ok || fault.Addr()-uintptr(unsafe.Pointer(unsafe.SliceData(x.data))) >= uintptr(len(x.data)) {
		panic(cause)
	}
	*err = &fs.PathError{Op: "read", Path: x.path, Err: ErrFault}
}
