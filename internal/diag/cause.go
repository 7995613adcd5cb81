package diag

import (
	"syscall"

	"gomod/internal/config"
	"gomod/internal/elfinfo"
	"gomod/internal/sysfs"
)

// NotModule is a Cause: the file holds no module, or a damaged one.
type NotModule struct {
	// Err is what is wrong with it; nil where only the kernel found something.
	Err error
	// Said is the kernel's own message, "" without one.
	Said string
}

// Architecture is what machine code is for.
type Architecture struct {
	Machine         uint16 // e_machine of elf(5)
	Is64, BigEndian bool
}

// OtherArchitecture is a Cause: the module was built for another kind of machine.
type OtherArchitecture struct{ Module, Kernel Architecture }

// Vermagic is a Cause: the module was built for another kernel, or with other options.
type Vermagic struct {
	Module, Kernel string
	// Path is of the tree's own module of that name; "" if it has none, or if it is the very file.
	Path string
}

// Provider is a module that exports a symbol.
type Provider struct {
	Module, Path string
	Loaded       bool
}

// MissingSymbol is a symbol that a module needs and does not get.
type MissingSymbol struct {
	Name string
	// Providers are the modules of the tree that export it.
	Providers []Provider
}

// UnknownSymbols is a Cause: nobody in the kernel exports what the module needs.
type UnknownSymbols struct {
	Symbols []MissingSymbol
	Others  int // more of them that are not kept, see Dependency
	// NoIndex is set if the module folder has no index, without which no providers are known.
	NoIndex *NoIndex
}

// GPLOnly is a Cause: the symbols are there, for modules under the GPL only.
type GPLOnly struct {
	License string // the module's
	Symbols []string
	Others  int // more of them that are not kept, see Dependency
	// Proprietary is the module whose licence makes this one unfit for symbols that are GPL-only, "" if that is its own.
	Proprietary string
}

// Namespace is a Cause: a symbol belongs to a namespace that the module does not import.
type Namespace struct{ Symbol, Namespace string }

// SymbolVersion is a symbol of another version than the module was built against.
type SymbolVersion struct {
	Name string
	// Module is the CRC in the module, Kernel the one of who exports the symbol; nil where it is not known.
	Module, Kernel *uint64
	// Provider is the module that exports it; "" is the kernel itself.
	Provider string
}

// SymbolVersions is a Cause: the module was built against other versions of these symbols.
type SymbolVersions struct {
	Symbols []SymbolVersion
	Others  int // more of them that are not kept, see Dependency
}

// Parameter is a Cause: the module refused a parameter's value, or does not know the parameter.
type Parameter struct {
	Name, Value string
	Problem     ParameterProblem
	// Type is what the module says of the parameter, such as "int"; "" if it says nothing.
	Type string
	// Said is what the kernel says of it besides, "" for nothing.
	Said string
	// Nearest is the module's parameter with the name that is most alike; "" if none is.
	Nearest string
}

// ParameterProblem is what is wrong with a parameter.
type ParameterProblem int

const (
	Invalid ParameterProblem = iota + 1
	TooLong
	UnknownName
)

// InitFailed is a Cause: the module's own init function returned the error. Nothing else was found, so that it is what remains.
type InitFailed struct {
	Errno syscall.Errno
	// Guess tells that the kernel's log, which would name other reasons, could not be read.
	Guess bool
	// Device tells that the module drives hardware of certain kinds: it has aliases of devices.
	Device bool
}

// Dependency is a Cause: a module that must be loaded first could not be. Where Check finds very many symbols wrong with the modules that
// another needs, its Causes keep some of them, and the number of the others.
type Dependency struct {
	Module, Path string
	Causes       []Cause
}

// KeptOut is a Cause: modprobe.d has a command that denies, such as /bin/false, in place of the module.
type KeptOut struct {
	Name, Command string
	config.Where
}

// Blacklisted is a Cause: modprobe.d keeps the module from being loaded by the alias that it was asked for by.
type Blacklisted struct {
	Name string
	config.Where
}

// BadName is a Cause: what was asked for can be no name.
type BadName struct{ Err error }

// Signature is a Cause: the kernel does not accept the module's signature.
type Signature struct {
	Problem SignatureProblem
	// Signature is the module's; nil if it has none.
	Signature *elfinfo.Signature
	// Enforced is the kernel's module.sig_enforce.
	Enforced bool
}

// SignatureProblem is what is wrong with a signature.
type SignatureProblem int

const (
	Unsigned SignatureProblem = iota + 1
	KeyUnknown
	CryptoUnsupported
	DigestWrong
	SignatureUnreadable
	HashBlacklisted
	// Forced is a signature that does not count because the kernel was told to leave out other checks.
	Forced
)

// Lockdown is a Cause: the kernel is locked down and takes signed modules only.
type Lockdown struct {
	Mode string // "integrity" or "confidentiality"; "" if it cannot be read
	// Signature is the module's; nil if it has none.
	Signature *elfinfo.Signature
}

// ModulesDisabled is a Cause: the kernel changes nothing about modules until the next boot.
type ModulesDisabled struct{}

// NoPrivilege is a Cause: the process may not load or remove modules.
type NoPrivilege struct{ sysfs.Privilege }

// Denied is a Cause: the kernel said EPERM for a reason that cannot be seen from here.
type Denied struct{ sysfs.Privilege }

// Decompression is a Cause: the kernel could not decompress the file by itself.
type Decompression struct {
	Format string // "xz"
	Said   string // the kernel's message, "" without one
	// Err is what is wrong with the file; nil if it is fine.
	Err error
}

// Present is a Cause: the kernel has a module of that name.
type Present struct {
	Builtin bool
	State   sysfs.State // Unknown for one that is built in
}

// KernelBlacklist is a Cause: module_blacklist= on the kernel command line forbids the module.
type KernelBlacklist struct{ Name string }

// NoMemory is a Cause.
type NoMemory struct{ Said string }

// NoModuleSupport is a Cause: the kernel was built without loadable modules.
type NoModuleSupport struct{}

// OpenForWriting is a Cause: somebody still writes the file.
type OpenForWriting struct{}

// KernelSaid is a Cause: a refusal that only the kernel explains.
type KernelSaid struct{ Text string }

// Unexplained is a Cause: nothing was found.
type Unexplained struct{ Errno syscall.Errno }

// The names are part of the JSON output: docs/json.md lists them.

func (NotModule) Kind() string         { return "not-a-module" }
func (OtherArchitecture) Kind() string { return "other-architecture" }
func (Vermagic) Kind() string          { return "vermagic" }
func (UnknownSymbols) Kind() string    { return "unknown-symbols" }
func (GPLOnly) Kind() string           { return "gpl-only-symbols" }
func (Namespace) Kind() string         { return "namespace-not-imported" }
func (SymbolVersions) Kind() string    { return "symbol-versions" }
func (Parameter) Kind() string         { return "parameter" }
func (InitFailed) Kind() string        { return "init-failed" }
func (Dependency) Kind() string        { return "dependency" }
func (KeptOut) Kind() string           { return "kept-out" }
func (Blacklisted) Kind() string       { return "blacklisted" }
func (BadName) Kind() string           { return "bad-name" }
func (Signature) Kind() string         { return "signature" }
func (Lockdown) Kind() string          { return "lockdown" }
func (ModulesDisabled) Kind() string   { return "modules-disabled" }
func (NoPrivilege) Kind() string       { return "no-privilege" }
func (Denied) Kind() string            { return "denied" }
func (Decompression) Kind() string     { return "decompression" }
func (Present) Kind() string           { return "present" }
func (KernelBlacklist) Kind() string   { return "kernel-blacklist" }
func (NoMemory) Kind() string          { return "no-memory" }
func (NoModuleSupport) Kind() string   { return "no-module-support" }
func (OpenForWriting) Kind() string    { return "open-for-writing" }
func (KernelSaid) Kind() string        { return "kernel-said" }
func (Unexplained) Kind() string       { return "unexplained" }
