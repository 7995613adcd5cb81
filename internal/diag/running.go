package diag

import (
	"os"
	"slices"
	"strconv"
	"strings"

	"gomod/internal/config"
	"gomod/internal/sysfs"
)

func decimal(n int) string { return strconv.Itoa(n) }

// mayChange is why this process can change nothing about modules; nil if it can.
func (s *System) mayChange() Cause {
	privilege, known := s.Sysfs.Privilege()
	if known && (!privilege.SysModule || privilege.OwnNamespace) {
		return NoPrivilege{privilege}
	}
	if s.Sysfs.ModulesDisabled() {
		return ModulesDisabled{}
	}
	return nil
}

// KernelForbids tells whether the kernel command line keeps a module out for good.
func (s *System) KernelForbids(name string) bool {
	cmdline, _ := s.Sysfs.Cmdline()
	return slices.Contains(config.KernelBlacklist(cmdline), name)
}

// present is why a module is there already.
func (s *System) present(name string) Present {
	if s.Tree.Builtin(name) || s.Sysfs.Stateless(name) {
		return Present{Builtin: true}
	}
	state, _ := s.Sysfs.InitState(name)
	return Present{State: state}
}

// InKernel tells whether others can use a module: it is loaded and ready, or built in.
func (s *System) InKernel(name string) bool {
	if s.Tree.Builtin(name) {
		return true
	}
	state, err := s.Sysfs.InitState(name)
	return err == nil && state == sysfs.Live
}

// mayBeThere tells whether a module is in the kernel in any state, or built in; where the system tells nothing it is said to be.
func (s *System) mayBeThere(name string) bool {
	if s.Tree.Builtin(name) {
		return true
	}
	if _, err := s.Sysfs.InitState(name); err == nil {
		return true
	}
	loaded, err := s.Sysfs.Modules()
	return err != nil || slices.ContainsFunc(loaded, func(m sysfs.Module) bool { return m.Name == name })
}

// reference is a module of the running kernel whose vermagic and architecture are therefore the kernel's: a loaded module's file in the tree,
// else any of the tree's. It is nil if there is none that was built for this release.
func (s *System) reference() *Facts {
	if s.sample != nil || s.symbols != nil {
		return s.sample
	}
	release, err := s.Kernel.Release()
	if err != nil {
		return nil
	}
	tried := 0
	for path := range s.likelyFiles() {
		const enough = 8
		if tried++; tried > enough {
			break
		}
		f := ReadFacts(path, s.SizeLimit)
		if word, _, _ := strings.Cut(f.Field(vermagicKey), " "); f.Err == nil && word == release {
			s.sample = f
			return f
		}
	}
	return nil
}

// likelyFiles are the tree's files of the loaded modules, then all other files of the tree.
func (s *System) likelyFiles() func(yield func(path string) bool) {
	return func(yield func(string) bool) {
		seen := make(map[string]bool)
		loaded, _ := s.Sysfs.Modules()
		for _, module := range loaded {
			path := s.Tree.Named(module.Name).Path
			if path == "" {
				continue
			}
			seen[path] = true
			if !yield(path) {
				return
			}
		}
		for module := range s.Tree.Modules() {
			if !seen[module.Path] && !yield(module.Path) {
				return
			}
		}
	}
}

// otherArchitecture tells whether a module is for another kind of machine than the running kernel.
func (s *System) otherArchitecture(f *Facts) (OtherArchitecture, bool) {
	kernel, known := s.architecture()
	return OtherArchitecture{f.Architecture, kernel}, known && f.Architecture != kernel
}

func (s *System) architecture() (Architecture, bool) {
	if sample := s.reference(); sample != nil {
		return sample.Architecture, true
	}
	machine, err := s.Kernel.Machine()
	if err != nil {
		return Architecture{}, false
	}
	a, known := architectureOf(machine)
	return a, known
}

// architectureOf is what `uname -m` means.
func architectureOf(machine string) (Architecture, bool) {
	switch machine {
	case "x86_64":
		return Architecture{Machine: 62, Is64: true}, true
	case "i386", "i486", "i586", "i686":
		return Architecture{Machine: 3}, true
	case "aarch64":
		return Architecture{Machine: 183, Is64: true}, true
	case "armv5tel", "armv6l", "armv7l":
		return Architecture{Machine: 40}, true
	case "riscv64":
		return Architecture{Machine: 243, Is64: true}, true
	case "ppc64le":
		return Architecture{Machine: 21, Is64: true}, true
	case "ppc64":
		return Architecture{Machine: 21, Is64: true, BigEndian: true}, true
	case "s390x":
		return Architecture{Machine: 22, Is64: true, BigEndian: true}, true
	case "loongarch64":
		return Architecture{Machine: 258, Is64: true}, true
	}
	return Architecture{}, false
}

// MachineName is the usual name of an e_machine, else its number.
func MachineName(a Architecture) string {
	name := "machine " + strconv.Itoa(int(a.Machine))
	switch a.Machine {
	case 3:
		name = "i386"
	case 8:
		name = "mips"
	case 21:
		name = "powerpc"
	case 22:
		name = "s390"
	case 40:
		name = "arm"
	case 62:
		name = "x86-64"
	case 183:
		name = "arm64"
	case 243:
		name = "riscv"
	case 258:
		name = "loongarch"
	}
	bits, order := "32 bit", "little-endian"
	if a.Is64 {
		bits = "64 bit"
	}
	if a.BigEndian {
		order = "big-endian"
	}
	return name + ", " + bits + ", " + order
}

// otherVermagic tells whether the kernel would find that a module was built for another kernel.
func (s *System) otherVermagic(f *Facts) (Vermagic, bool) {
	sample := s.reference()
	if sample == nil {
		return Vermagic{}, false
	}
	module, kernel := f.Field(vermagicKey), sample.Field(vermagicKey)
	if sameMagic(module, kernel, f.HasVersions) {
		return Vermagic{}, false
	}
	return s.vermagicOf(f, module, kernel), true
}

// sameMagic is the kernel's own comparison: with versions of symbols it leaves the release out.
func sameMagic(module, kernel string, versions bool) bool {
	if versions {
		_, module, _ = strings.Cut(module, " ")
		_, kernel, _ = strings.Cut(kernel, " ")
	}
	return module == kernel
}

func (s *System) vermagicOf(f *Facts, module, kernel string) Vermagic {
	v := Vermagic{Module: module, Kernel: kernel}
	path := s.Tree.Named(f.Name).Path
	if path == "" || sameFile(path, f.Path) {
		return v
	}
	if fitting := ReadFacts(path, s.SizeLimit); fitting.Err == nil && sameMagic(fitting.Field(vermagicKey), kernel, fitting.HasVersions) {
		v.Path = path
	}
	return v
}

// sameFile tells of two paths whether links lead from both to one file.
func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

func (l *load) vermagic(module, kernel string) Cause { return l.vermagicOf(l.facts, module, kernel) }
