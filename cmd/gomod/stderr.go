package main

import "golang.org/x/sys/unix"

// stderrClosed tells whether the program was started without a standard error, as the kernel starts it. Then the entry point
// has put a descriptor there that nothing can be written to. Without that entry point nobody can tell: Go's runtime opens
// /dev/null.
func stderrClosed() bool {
	flags, err := unix.FcntlInt(2, unix.F_GETFL, 0)
	return err == nil && flags&unix.O_PATH != 0
}
