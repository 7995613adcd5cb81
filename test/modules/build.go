package modules

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"gomod/test/arch"
)

// ErrNoHeaders is wrapped by Build's error when test/setup.sh has not unpacked the headers of that kernel.
var ErrNoHeaders = errors.New("kernel headers are not unpacked: run test/setup.sh headers")

// Build makes the modules of top/testdata/modules, and their variants, for a kernel that top/build/headers has ("6.1", "6.12" or
// "6.1-arm64"). It gives the absolute path of the folder with the *.ko files; the variants are in VariantFolder below it.
//
// What is there already is used again unless a source, the release of the headers or this package has changed. Several
// processes may call it at the same time: one builds, the others wait.
func Build(top, kernel string) (string, error) {
	top, err := filepath.Abs(top)
	if err != nil {
		return "", err
	}
	digest, err := kernelDigest(top, kernel)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(top, "build", "testmodules", kernel)
	err = fillOnce(folder, digest, func(work string) error {
		if err := copySources(sourceFolder(top), work); err != nil {
			return err
		}
		if err := compile(headerTree(top, kernel), work, arch.Of(kernel)); err != nil {
			return err
		}
		bombs, err := buildBombs(top)
		if err != nil {
			return err
		}
		return writeVariants(work, bombs)
	})
	if err != nil {
		return "", fmt.Errorf("test modules for kernel %s: %w", kernel, err)
	}
	return folder, nil
}

func sourceFolder(top string) string { return filepath.Join(top, "testdata", "modules") }

func headerTree(top, kernel string) string {
	return filepath.Join(top, "build", "headers", kernel, "tree")
}

func copySources(from, to string) error {
	files, err := filesOf(from)
	if err != nil {
		return err
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(file)), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// compile runs the kernel's makefiles on the sources in folder.
func compile(tree, folder string, a arch.Arch) error {
	compiler, err := findCompiler(a)
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(folder, "make.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	command := exec.Command("make", "-C", tree, "-j"+strconv.Itoa(runtime.NumCPU()), "modules",
		"M="+folder,
		"CC="+compiler, "CROSS_COMPILE="+a.GNU+"-",
		// Distributions ship modules without debug information; test machines have little memory.
		"KCFLAGS=-g0",
		// BTF needs pahole and the vmlinux of the kernel.
		"CONFIG_DEBUG_INFO_BTF_MODULES=",
		// gm_missing and gm_nons are wrong on purpose.
		"KBUILD_MODPOST_WARN=1", "CONFIG_MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS=y",
	)
	command.Env = buildEnvironment(os.Environ())
	command.Stdout, command.Stderr = log, log
	if err := command.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w; it said:\n%s", strings.Join(command.Args, " "), err, bytes.TrimSpace(said))
	}
	return nil
}

// findCompiler prefers the compiler that Debian 12 builds its kernels with.
func findCompiler(a arch.Arch) (string, error) {
	for _, name := range []string{a.GNU + "-gcc-12", a.GNU + "-gcc"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("neither " + a.GNU + "-gcc-12 nor " + a.GNU + "-gcc is installed: run test/setup.sh tools")
}

// buildEnvironment leaves out what an outer make or a cross build hands down and the kernel's makefiles would obey.
func buildEnvironment(environ []string) []string {
	var kept []string
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		switch {
		case name == "MAKEFLAGS", name == "MFLAGS", name == "MAKELEVEL", name == "MAKEFILES":
		case name == "ARCH", name == "CROSS_COMPILE", name == "LLVM", name == "O", name == "V", name == "W", name == "C":
		case strings.HasPrefix(name, "KBUILD_"), strings.HasPrefix(name, "LC_"), name == "LANG":
		default:
			kept = append(kept, entry)
		}
	}
	return append(kept, "LC_ALL=C")
}
