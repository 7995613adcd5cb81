package vm

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Tree is a module tree of the host's that is made for a guest: some of the distribution's modules, all that these need, and
// modules of our own in the folder updates.
type Tree struct {
	kernel Kernel
	// base is what depmod is given as -b.
	base string
}

// NewTree puts the modules below the folder base. Those that the kernel has built in are passed over. own is the folder of our own
// modules. The tree has no indexes yet.
func NewTree(base string, kernel Kernel, distribution []string, own string) (*Tree, error) {
	tree := &Tree{kernel, base}
	d, err := readDependencies(filepath.Join(kernel.Modules, "modules.dep"))
	if err != nil {
		return nil, err
	}
	files := append(d.closure(distribution), "modules.order", "modules.builtin", "modules.builtin.modinfo")
	for _, file := range files {
		if err := copyFile(filepath.Join(kernel.Modules, file), filepath.Join(tree.Folder(), file)); err != nil {
			return nil, err
		}
	}
	ours, err := filepath.Glob(filepath.Join(own, "*.ko"))
	if err != nil {
		return nil, err
	}
	for _, file := range ours {
		if err := copyFile(file, filepath.Join(tree.Folder(), "updates", filepath.Base(file))); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// Base and Release are what depmod is given: `depmod -b BASE RELEASE`.
func (t *Tree) Base() string { return t.base }

// Release is the kernel's.
func (t *Tree) Release() string { return t.kernel.Release }

// Folder is the host's folder that becomes the guest's /lib/modules/RELEASE.
func (t *Tree) Folder() string { return filepath.Join(t.base, "lib/modules", t.kernel.Release) }

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}

// AddTree puts a tree where the guest looks for its modules.
func (i *Initramfs) AddTree(tree *Tree) error {
	return filepath.WalkDir(tree.Folder(), func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		below, err := filepath.Rel(tree.base, file)
		if err != nil {
			return err
		}
		i.File("/"+filepath.ToSlash(below), file, 0o644)
		return nil
	})
}
