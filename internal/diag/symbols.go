package diag

import (
	"slices"
	"strconv"
	"syscall"

	"gomod/internal/elfinfo"
	"gomod/internal/kofile"
	"gomod/internal/sysfs"
)

// symbolsFromMessages puts together what the kernel said of symbols, each in lines of its own.
func (l *load) symbolsFromMessages() {
	var unknown []string
	var versions []SymbolVersion
	for _, m := range l.messages {
		switch m.saying {
		case saysUnknownSymbol:
			// With other errors an earlier message says what is wrong with the symbol.
			if m.parts[1] == strconv.Itoa(-int(syscall.ENOENT)) {
				unknown = append(unknown, m.parts[0])
			}
		case saysSymbolVersion:
			versions = append(versions, l.symbolVersion(m.parts[0]))
		case saysNoSymbolVersion:
			versions = append(versions, SymbolVersion{Name: m.parts[0]})
		case saysGPLOnly:
			l.add(GPLOnly{License: l.facts.Field(licenseKey), Symbols: []string{m.parts[0]}, Proprietary: m.parts[1]})
		}
	}
	if len(versions) > 0 {
		l.add(SymbolVersions{Symbols: versions})
	}
	l.addUnknown(unknown)
}

// addUnknown tells symbols that exist for others from those that do not: to a module whose licence does not fit, the kernel denies that it
// has symbols that are GPL-only.
func (l *load) addUnknown(names []string) {
	if len(names) == 0 {
		return
	}
	license := l.facts.Field(licenseKey)
	if !gplCompatible(license) {
		if owners, _, err := l.Sysfs.KernelSymbols(names); err == nil {
			var denied []string
			names, denied = split(names, func(name string) bool { _, exists := owners[name]; return !exists })
			if len(denied) > 0 {
				l.add(GPLOnly{License: license, Symbols: denied})
			}
		}
	}
	if len(names) == 0 {
		return
	}
	var missing []MissingSymbol
	for _, name := range names {
		missing = append(missing, MissingSymbol{name, l.providers(name)})
	}
	cause := UnknownSymbols{Symbols: missing}
	if err := l.Tree.Unindexed(); err != nil {
		cause.NoIndex = &NoIndex{l.treeOf(l.Tree.Dir()), err}
	}
	l.add(cause)
}

// split gives those names that fit, and the others.
func split(names []string, fits func(string) bool) (fitting, others []string) {
	for _, name := range names {
		if fits(name) {
			fitting = append(fitting, name)
		} else {
			others = append(others, name)
		}
	}
	return fitting, others
}

// gplCompatible tells whether symbols that are GPL-only are for modules of that licence; the list is the kernel's, include/linux/license.h.
func gplCompatible(license string) bool {
	switch license {
	case "GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL":
		return true
	}
	return false
}

// providers are the tree's modules that export a symbol.
func (s *System) providers(symbol string) []Provider {
	var providers []Provider
	for _, module := range s.Tree.Exporters(symbol) {
		state, err := s.Sysfs.InitState(module.Name)
		providers = append(providers, Provider{module.Name, module.Path, err == nil && state == sysfs.Live})
	}
	return providers
}

// symbolsFrom finds out by itself what the kernel would say of the symbols, as far as can be seen from outside.
func (s *System) symbolsFrom(f *Facts) (unknown []string, versions []SymbolVersion) {
	symbols := s.symbols
	if symbols == nil {
		symbols = s.kernelSymbols([]*Facts{f})
	}
	if symbols.err != nil {
		return nil, nil
	}
	owners := make(map[string]string)
	for _, name := range f.needed() {
		owner, exists := symbols.owners[name]
		if exists {
			owners[name] = owner
		} else if symbols.data || s.isMissed(f, name) {
			unknown = append(unknown, name)
		}
	}
	if !f.HasVersions {
		return unknown, nil
	}
	return unknown, s.otherVersions(f, owners)
}

// kernelSymbols is what sysfs.KernelSymbols says of all symbols that some modules cannot be without.
type kernelSymbols struct {
	owners map[string]string
	data   bool
	err    error
}

func (s *System) kernelSymbols(files []*Facts) *kernelSymbols {
	var names []string
	for _, f := range files {
		names = append(names, f.needed()...)
	}
	var symbols kernelSymbols
	symbols.owners, symbols.data, symbols.err = s.Sysfs.KernelSymbols(names)
	return &symbols
}

// needed are the symbols that a module cannot be without.
func (f *Facts) needed() []string {
	names := make([]string, 0, len(f.Needs))
	for _, need := range f.Needs {
		if !need.Weak && need.Name != moduleLayout {
			names = append(names, need.Name)
		}
	}
	return names
}

// isMissed tells whether a symbol that is no function anywhere is no data either: those that have it in the tree are not loaded, or nobody
// had it when the module was built.
func (s *System) isMissed(f *Facts, symbol string) bool {
	providers := s.providers(symbol)
	if len(providers) > 0 {
		return !slices.ContainsFunc(providers, func(p Provider) bool { return p.Loaded })
	}
	crc := f.crc(symbol)
	return crc != nil && *crc == 0
}

// moduleLayout is a symbol by whose version the kernel recognises that struct module is laid out in another way.
const moduleLayout = "module_layout"

// otherVersions compares the versions of a module's symbols: those of loaded modules with their files' own, those of the kernel with what
// some module of the running kernel was built against. What neither knows counts as right.
func (s *System) otherVersions(f *Facts, owners map[string]string) []SymbolVersion {
	exports := make(map[string]map[string]uint64)
	sample := s.reference()
	var versions []SymbolVersion
	for _, need := range f.Needs {
		owner, exists := owners[need.Name]
		if !exists && need.Name != moduleLayout {
			continue
		}
		var actual *uint64
		switch {
		case owner == "" && sample != nil:
			actual = sample.crc(need.Name)
		case owner != "":
			if exports[owner] == nil {
				exports[owner] = s.exportsOf(owner)
			}
			if crc, known := exports[owner][need.Name]; known {
				actual = &crc
			}
		}
		if actual != nil && *actual != need.CRC {
			versions = append(versions, SymbolVersion{need.Name, &need.CRC, actual, owner})
		}
	}
	return versions
}

// symbolsFromFile is for refusals without a readable log.
func (l *load) symbolsFromFile() {
	if l.facts.Err != nil {
		return
	}
	unknown, versions := l.symbolsFrom(l.facts)
	if len(versions) > 0 {
		l.add(SymbolVersions{Symbols: versions})
	}
	l.addUnknown(unknown)
}

// symbolVersion is what can be found out about a symbol that the kernel has in another version.
func (l *load) symbolVersion(name string) SymbolVersion {
	v := SymbolVersion{Name: name, Module: l.facts.crc(name)}
	for _, provider := range l.providers(name) {
		if crc, known := l.exportsOf(provider.Module)[name]; known {
			v.Provider, v.Kernel = provider.Module, &crc
			return v
		}
	}
	v.Kernel = l.kernelCRC(name)
	return v
}

// kernelCRC is the version of one of the kernel's own symbols: what modules of the running kernel were built against. It reads files until one
// needs the symbol, and gives up after some.
func (s *System) kernelCRC(symbol string) *uint64 {
	sample := s.reference()
	if sample == nil {
		return nil
	}
	if crc := sample.crc(symbol); crc != nil {
		return crc
	}
	const most = 300
	read := 0
	for path := range s.likelyFiles() {
		if read++; read > most {
			return nil
		}
		f := ReadFacts(path, s.SizeLimit)
		if crc := f.crc(symbol); crc != nil && f.Field(vermagicKey) == sample.Field(vermagicKey) {
			return crc
		}
	}
	return nil
}

// exportsOf are the versions of what a module of the tree exports, by symbol.
func (s *System) exportsOf(module string) map[string]uint64 {
	versions := make(map[string]uint64)
	path := s.Tree.Named(module).Path
	if path == "" {
		return versions
	}
	file, err := kofile.Open(path, s.SizeLimit)
	if err != nil {
		return versions
	}
	defer file.Close()
	image, err := file.Image()
	if err != nil {
		return versions
	}
	elf, err := elfinfo.Parse(image)
	if err != nil {
		return versions
	}
	symbols, _ := elf.Exports()
	for _, symbol := range symbols {
		if symbol.CRC != 0 && symbol.CRC != elfinfo.NoCRC {
			versions[symbol.Name] = symbol.CRC
		}
	}
	return versions
}
