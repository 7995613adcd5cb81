package kernel

import (
	"errors"
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// Remove unloads a module, without waiting until nobody uses it. With force it is unloaded although it is in use or has
// no exit function, if the kernel was built to allow that; not even so if other modules need it. A refusal is an *UnloadError.
func Remove(k Kernel, name string, force bool) error {
	flags := unix.O_NONBLOCK
	if force {
		flags |= unix.O_TRUNC
	}
	err := k.DeleteModule(name, flags)
	if err == nil {
		return nil
	}
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return fmt.Errorf("delete_module of %s: %w", name, err)
	}
	return &UnloadError{Name: name, Errno: errno}
}

// UnloadError is the kernel's refusal to unload a module.
type UnloadError struct {
	Name  string
	Errno syscall.Errno // what it means for a module is told in delete_module(2)
}

func (e *UnloadError) Error() string {
	return "could not unload " + e.Name + " (delete_module): " + e.Errno.Error()
}

// Unwrap returns the errno.
func (e *UnloadError) Unwrap() error { return e.Errno }
