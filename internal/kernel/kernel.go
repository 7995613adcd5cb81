// Package kernel is the only door to the system calls that load and unload modules (init_module(2), delete_module(2)), to uname(2)
// and to the kernel log (/dev/kmsg).
package kernel

import "golang.org/x/sys/unix"

// Kernel loads and unloads modules. Every refusal has the syscall.Errno of the system call in its chain; nothing is retried.
type Kernel interface {
	// FinitModule loads the module in an open file. flags are MODULE_INIT_* of linux/module.h.
	FinitModule(fd int, params string, flags int) error
	// InitModule loads a module from memory.
	InitModule(image []byte, params string) error
	// DeleteModule unloads a module. flags are O_NONBLOCK and O_TRUNC of fcntl.h.
	DeleteModule(name string, flags int) error
	// Release returns what uname -r prints.
	Release() (string, error)
	// Machine returns what uname -m prints.
	Machine() (string, error)
	// OpenLog opens the kernel log for reading, wherever in it.
	OpenLog() (Log, error)
}

// Host is the running kernel.
//
// Its calls are not repeated after EINTR as those of package os are: init_module(2) does not list that error, but hands
// on whatever the module's init function returns, so repeating the call could run that function twice.
type Host struct{}

var _ Kernel = Host{}

// FinitModule calls finit_module(2).
func (Host) FinitModule(fd int, params string, flags int) error {
	return undisturbed(func() error { return unix.FinitModule(fd, params, flags) })
}

// InitModule calls init_module(2).
func (Host) InitModule(image []byte, params string) error {
	return undisturbed(func() error { return unix.InitModule(image, params) })
}

// DeleteModule calls delete_module(2).
func (Host) DeleteModule(name string, flags int) error {
	return undisturbed(func() error { return unix.DeleteModule(name, flags) })
}

// Release calls uname(2).
func (Host) Release() (string, error) {
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		return "", err
	}
	return unix.ByteSliceToString(uts.Release[:]), nil
}

// Machine calls uname(2).
func (Host) Machine() (string, error) {
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		return "", err
	}
	return unix.ByteSliceToString(uts.Machine[:]), nil
}
