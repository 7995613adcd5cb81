package kerneltest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// chosen returns the errno that kernel/errno has for a call, or nil.
func (k *Kernel) chosen(call, name string) error {
	text, err := os.ReadFile(k.path("kernel/errno"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return internal(err)
	}
	for i, line := range strings.Split(string(text), "\n") {
		errno, err := chosenByLine(line, call, name)
		if err != nil {
			return fmt.Errorf("kerneltest: kernel/errno:%d: %w", i+1, err)
		}
		if errno != 0 {
			return errno
		}
	}
	return nil
}

// chosenByLine returns 0 if the line is not about this call.
func chosenByLine(line, call, name string) (syscall.Errno, error) {
	line, _, _ = strings.Cut(line, "#")
	words := strings.Fields(line)
	switch len(words) {
	case 0:
		return 0, nil
	case 2:
		words = []string{words[0], "*", words[1]}
	case 3:
	default:
		return 0, fmt.Errorf("not a system call, a name and an errno: %q", line)
	}
	switch words[0] {
	case "finit_module", "init_module", "delete_module":
	default:
		return 0, fmt.Errorf("unknown system call %q", words[0])
	}
	errno, err := errnoByName(words[2])
	if err != nil {
		return 0, err
	}
	if words[0] != call || words[1] != "*" && words[1] != name {
		return 0, nil
	}
	return errno, nil
}

func errnoByName(name string) (syscall.Errno, error) {
	switch name { // second names, which ErrnoName does not give
	case "EWOULDBLOCK":
		return syscall.EWOULDBLOCK, nil
	case "EOPNOTSUPP":
		return syscall.EOPNOTSUPP, nil
	}
	const largest = 4095 // of any errno
	for errno := syscall.Errno(1); errno <= largest; errno++ {
		if unix.ErrnoName(errno) == name {
			return errno, nil
		}
	}
	return 0, fmt.Errorf("unknown errno %q", name)
}
