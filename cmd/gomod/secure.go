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

// variables are what main takes from the environment.
type variables struct {
	lookup func(name string) (value string, set bool)
	// shell runs commands of modprobe.d.
	shell kmod.SystemShell
}

func environment() variables {
	if secure() {
		return variables{
			lookup: func(string) (string, bool) { return "", false },
			shell:  kmod.SystemShell{Environment: []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}},
		}
	}
	return variables{lookup: os.LookupEnv}
}
