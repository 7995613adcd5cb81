package kerneltest

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"syscall"
)

// load puts a module into the kernel, with the checks of init_module(2) in the kernel's order.
func (k *Kernel) load(image []byte) error {
	name := modinfo(image, "name")
	if !bytes.HasPrefix(image, []byte("\x7fELF")) || name == "" || strings.Contains(name, "/") {
		return syscall.ENOEXEC
	}
	modules, err := k.readModules()
	if err != nil {
		return err
	}
	if find(modules, name) != nil {
		return syscall.EEXIST
	}
	if k.isFolder(name) {
		return syscall.EINVAL // of a built-in module
	}
	needs := depends(image)
	for _, need := range needs {
		if find(modules, need) == nil && !k.isFolder(need) {
			return syscall.ENOENT
		}
	}
	const page = 4096
	m := &module{name: name, size: (len(image) + page - 1) / page * page, state: "Live", address: "0x0000000000000000"}
	if err := k.makeFolder(m, image); err != nil {
		return internal(err)
	}
	for _, need := range needs {
		if needed := find(modules, need); needed != nil {
			needed.users = slices.Insert(needed.users, 0, name)
			needed.refcnt++
			if err := k.addHolder(needed, name); err != nil {
				return internal(err)
			}
		}
	}
	return k.writeModules(append([]*module{m}, modules...))
}

// unload takes a module out of the kernel, with the checks of delete_module(2) in the kernel's order.
func (k *Kernel) unload(name string, force bool) error {
	modules, err := k.readModules()
	if err != nil {
		return err
	}
	m := find(modules, name)
	switch {
	case m == nil:
		return syscall.ENOENT
	case m.noUnload:
		return syscall.ENOSYS
	case len(m.users) > 0:
		return syscall.EWOULDBLOCK
	case m.state != "Live":
		return syscall.EBUSY
	case m.permanent && !force:
		return syscall.EBUSY
	case m.refcnt > 0 && !force:
		return syscall.EWOULDBLOCK
	}
	for _, other := range modules {
		at := slices.Index(other.users, name)
		if at < 0 {
			continue
		}
		other.users = slices.Delete(other.users, at, at+1)
		other.refcnt--
		if err := k.removeHolder(other, name); err != nil {
			return internal(err)
		}
	}
	if err := os.RemoveAll(k.path("sys/module", name)); err != nil {
		return internal(err)
	}
	return k.writeModules(slices.DeleteFunc(modules, func(other *module) bool { return other == m }))
}

func find(modules []*module, name string) *module {
	for _, m := range modules {
		if m.name == name {
			return m
		}
	}
	return nil
}
