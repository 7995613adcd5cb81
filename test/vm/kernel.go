// Package vm boots real Debian kernels under QEMU, with an initramfs made for the occasion, and brings back what the guest has
// to say. It needs no privileges and no KVM.
package vm

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"gomod/test/arch"
)

// Kernel is an unpacked linux-image package below build/kernels, as test/setup.sh leaves it.
type Kernel struct {
	// Name is that of its folder, such as 6.12 or 6.1-arm64.
	Name string
	// Arch is what it runs on.
	Arch arch.Arch
	// Release is what `uname -r` says, such as 6.12.117+deb12-amd64.
	Release string
	// Image is the file that QEMU boots.
	Image string
	// Modules is the module tree, with indexes.
	Modules string
}

// FindKernel looks below the project's folder top for a kernel by name. A kernel that is not there is an fs.ErrNotExist.
func FindKernel(top, name string) (Kernel, error) {
	dir := filepath.Join(top, "build/kernels", name)
	release, err := os.ReadFile(filepath.Join(dir, "release"))
	if err != nil {
		return Kernel{}, fmt.Errorf("no kernel %s (test/setup.sh brings it): %w", name, err)
	}
	return Kernel{
		Name:    name,
		Arch:    arch.Of(name),
		Release: strings.TrimSpace(string(release)),
		Image:   filepath.Join(dir, "vmlinuz"),
		Modules: filepath.Join(dir, "modules"),
	}, nil
}

// Busybox is the static busybox that runs on that kernel.
func (k Kernel) Busybox(top string) (string, error) {
	var file string
	var err error
	if k.Arch == arch.AMD64() {
		file, err = exec.LookPath("busybox")
	} else {
		file = filepath.Join(top, "build/busybox"+k.Arch.Suffix(), "bin/busybox")
		_, err = os.Stat(file)
	}
	if err != nil {
		return "", fmt.Errorf("no busybox (test/setup.sh brings it): %w", err)
	}
	return file, nil
}
