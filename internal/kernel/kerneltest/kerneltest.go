// Package kerneltest is a kernel for tests: it loads and unloads modules in a folder.
//
// Its whole state is on disk below one root, so that all processes of a test see the same modules:
//
//	proc/modules         the loaded modules, as the kernel prints them
//	sys/module/NAME/     coresize, initsize, initstate, refcnt, taint, holders/, srcversion and version of a loaded module
//	sys/module/compression  read only: what FinitModule can decompress
//	kernel/release       read only: what Release returns
//	kernel/machine       read only: what Machine returns; x86_64 without it
//	kernel/errno         read only: chosen refusals, see below
//	kernel/log           read only: what loads log, see below
//	dev/kmsg             the kernel log, its messages only
//	kernel/calls         every call, one line each
//	kernel/lock          held during a call
//
// A test may write any of these before and between the calls: a refcnt to make a module busy, "going" as initstate, lines of
// /proc/modules with "-" for the refcnt to have a kernel that cannot unload, a folder in sys/module for a built-in module.
//
// A line of kernel/errno is `finit_module NAME ENOEXEC`, with * for any name, or `finit_module ENOSYS` for a system call
// that always fails, as one that the kernel does not have; with a name it is the answer for that module alone, as from its
// init function. The first line that fits counts; # begins a comment.
//
// A line of kernel/log is `NAME MESSAGE`, with * for any name: a load of that module logs the message. Without the file nobody may read the
// log.
//
// Lines of kernel/calls; the name is that in the module, else its file's, else "-":
//
//	finit_module NAME "params" flags=0
//	init_module NAME "params"
//	delete_module NAME flags=0x800
package kerneltest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"gomod/internal/kernel"
)

// Kernel is the kernel whose state is below a root. Errors that are no answer of a kernel, such as a line of kernel/errno
// that makes no sense, have no errno in their chain.
type Kernel struct {
	// Decompress undoes what sys/module/compression names, for FinitModule with MODULE_INIT_COMPRESSED_FILE. Its errno
	// is the answer, or EINVAL.
	Decompress func(data []byte) ([]byte, error)

	root string
}

var _ kernel.Kernel = (*Kernel)(nil)

// New returns the kernel below root. It touches nothing before the first call.
func New(root string) *Kernel { return &Kernel{root: root} }

// Release returns kernel/release without white space around it.
func (k *Kernel) Release() (string, error) {
	text, err := os.ReadFile(k.path("kernel/release"))
	return strings.TrimSpace(string(text)), internal(err)
}

// FinitModule loads the module in an open file as finit_module(2) does.
func (k *Kernel) FinitModule(fd int, params string, flags int) error {
	return k.locked(func() error {
		data, path, readErr := readDescriptor(fd)
		image, inflateErr := data, error(nil)
		if flags&compressedFile != 0 {
			image, inflateErr = k.inflate(data)
		}
		name := nameOf(image, path)
		if err := k.called("finit_module", name, strconv.Quote(params)+" flags="+strconv.Itoa(flags)); err != nil {
			return err
		}
		switch {
		case flags&^(compressedFile|ignoreVermagic|ignoreModversions) != 0:
			return syscall.EINVAL
		case readErr != nil:
			return readErr
		case inflateErr != nil:
			return inflateErr
		}
		return k.load(image)
	})
}

// InitModule loads a module from memory as init_module(2) does.
func (k *Kernel) InitModule(image []byte, params string) error {
	return k.locked(func() error {
		if err := k.called("init_module", nameOf(image, ""), strconv.Quote(params)); err != nil {
			return err
		}
		return k.load(image)
	})
}

// DeleteModule unloads a module as delete_module(2) does; it never waits.
func (k *Kernel) DeleteModule(name string, flags int) error {
	return k.locked(func() error {
		if err := k.called("delete_module", name, fmt.Sprintf("flags=%#x", flags)); err != nil {
			return err
		}
		return k.unload(name, flags&syscall.O_TRUNC != 0)
	})
}

func (k *Kernel) path(parts ...string) string {
	return filepath.Join(append([]string{k.root}, parts...)...)
}

// locked runs a call while no other process runs one.
func (k *Kernel) locked(call func() error) error {
	if err := os.MkdirAll(k.path("kernel"), 0o755); err != nil {
		return internal(err)
	}
	lock, err := os.OpenFile(k.path("kernel/lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return internal(err)
	}
	defer lock.Close()
	for {
		err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX)
		if err == nil {
			return call()
		}
		if err != syscall.EINTR {
			return internal(err)
		}
	}
}

// called writes a call down and returns the errno that the test chose for it.
func (k *Kernel) called(call, name, rest string) error {
	calls, err := os.OpenFile(k.path("kernel/calls"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return internal(err)
	}
	_, err = fmt.Fprintf(calls, "%s %s %s\n", call, name, rest)
	if err := errors.Join(err, calls.Close()); err != nil {
		return internal(err)
	}
	if call != "delete_module" {
		if err := k.log(name); err != nil {
			return err
		}
	}
	return k.chosen(call, name)
}

// internal hides the errno of a failure of this package's own, which would pass for the kernel's answer.
func internal(err error) error {
	if err == nil {
		return nil
	}
	return errors.New("kerneltest: " + err.Error())
}
