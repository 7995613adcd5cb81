package main

import (
	"os"

	"golang.org/x/sys/unix"

	"gomod/internal/kmod"
)

// atSecure is AT_SECURE of linux/auxvec.h.
const atSecure = 23

// secure tells whether the program has more rights than whoever started it, by a set-uid bit, capabilities of its file or a change of label.
// Then nothing that the caller says by way of variables counts, as with secure_getenv(3).
func secure() bool {
	vector, err := unix.Auxv()
	if err != nil {
		return true
	}
	for _, entry := range vector {
		if entry[0] == atSecure {
			return entry[1] != 0
		}
	}
	return true
}

// shell is what runs the commands of modprobe.d. Where the program is to be secure its own environment is cleared: nobody's variables count,
// TZ, which Go's package time reads a file by, among them. The entry point has done so for what Go's runtime reads.
func shell() kmod.SystemShell {
	if !secure() {
		return kmod.SystemShell{}
	}
	os.Clearenv()
	return kmod.SystemShell{Environment: []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}}
}
