// Package arch says what differs between the machines that the tests build modules for and boot.
package arch

import (
	"debug/elf"
	"runtime"
	"strings"
)

// Arch is the architecture of a machine.
type Arch struct {
	// Go is its name in Go and in Debian: amd64 or arm64.
	Go string
	// GNU begins the names of its compilers and ends that of its library folder, as in aarch64-linux-gnu-gcc.
	GNU string
	// Loader is where programs look for the dynamic linker.
	Loader string
	// Machine is the e_machine of its ELF files.
	Machine elf.Machine
}

// AMD64 and ARM64 are all that there are.
func AMD64() Arch {
	return Arch{"amd64", "x86_64-linux-gnu", "/lib64/ld-linux-x86-64.so.2", elf.EM_X86_64}
}

func ARM64() Arch {
	return Arch{"arm64", "aarch64-linux-gnu", "/lib/ld-linux-aarch64.so.1", elf.EM_AARCH64}
}

// Of is that of a kernel by the name of its folder below build/kernels: 6.1-arm64, or 6.1 for amd64.
func Of(kernel string) Arch {
	if strings.HasSuffix(kernel, "-arm64") {
		return ARM64()
	}
	return AMD64()
}

// Running is the one that this program was compiled for.
func Running() Arch { return Of("-" + runtime.GOARCH) }

// Suffix ends the names of folders below build that are of another architecture than the rest.
func (a Arch) Suffix() string {
	if a == AMD64() {
		return ""
	}
	return "-" + a.Go
}
