package diag

import (
	"errors"
	"io/fs"
	"iter"
	"slices"

	"gomod/internal/modname"
	"gomod/internal/sysfs"
)

// Check tells what would keep a module's file from being loaded now, as far as that can be seen without trying, and what would keep out the
// modules that it needs. None is a good sign, and no promise: whether the kernel trusts a key, and what the init function does, nobody
// knows beforehand. alias is what the module was found by, as resolve.Module has it.
func (s *System) Check(f *Facts, alias string) []Cause {
	var causes []Cause
	if cause := s.mayChange(); cause != nil {
		causes = append(causes, cause)
	}
	// Every kernel that can load modules lists them.
	if _, proc := s.Sysfs.Privilege(); proc {
		if _, err := s.Sysfs.Modules(); errors.Is(err, fs.ErrNotExist) {
			causes = append(causes, NoModuleSupport{})
		}
	}
	return append(causes, s.checkWithNeeds(f, alias)...)
}

// checkWithNeeds is Check without what concerns the process.
func (s *System) checkWithNeeds(f *Facts, alias string) []Cause {
	var causes []Cause
	room := mostSymbols
	for files := range batches(s.withNeeds(f)) {
		causes = append(causes, shortenedNeeds(s.checkFiles(files, f, alias), &room)...)
	}
	return causes
}

// withNeeds are a module's facts, and those of the modules that it needs and the kernel does not have, each read when its turn comes.
func (s *System) withNeeds(f *Facts) iter.Seq[*Facts] {
	return func(yield func(*Facts) bool) {
		if !yield(f) {
			return
		}
		for path := range s.absentNeeds(f.Name) {
			if !yield(ReadFacts(path, s.SizeLimit)) {
				return
			}
		}
	}
}

const (
	// mostAtATime is of how many modules the symbols are looked for at once: the kernel's list of symbols is long, and a chain of modules may
	// be.
	mostAtATime = 64
	// enoughAtATime is how many bytes of facts are held before they are looked at: a broken module may have megabytes of them.
	enoughAtATime = 16 << 20
)

// batches puts together what is looked at at once. None is empty.
func batches(all iter.Seq[*Facts]) iter.Seq[[]*Facts] {
	return func(yield func([]*Facts) bool) {
		var batch []*Facts
		size := 0
		for f := range all {
			batch, size = append(batch, f), size+f.size()
			if len(batch) == mostAtATime || size >= enoughAtATime {
				if !yield(batch) {
					return
				}
				batch, size = nil, 0
			}
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}

// absentNeeds are the files of the modules that another needs and the kernel does not have, the deepest first.
func (s *System) absentNeeds(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, path := range slices.Backward(s.Tree.Named(name).Deps) {
			name, err := modname.FromPath(path)
			if err != nil {
				continue
			}
			if !s.InKernel(name) && !yield(path) {
				return
			}
		}
	}
}

// checkFiles is checkFile of some; all but wanted, which was found by the alias, are what that needs.
func (s *System) checkFiles(files []*Facts, wanted *Facts, alias string) (causes []Cause) {
	s.reference()
	s.symbols = s.kernelSymbols(files)
	defer func() { s.symbols = nil }()
	for _, f := range files {
		if f == wanted {
			causes = append(causes, s.checkFile(f, alias)...)
		} else if found := s.checkFile(f, ""); len(found) > 0 {
			name, _ := modname.FromPath(f.Path) // absentNeeds has left out those without
			causes = append(causes, Dependency{name, f.Path, found})
		}
	}
	return causes
}

// keptOut is what modprobe.d has against a module found by an alias, "" for by name or as a dependency; nil for nothing.
func (s *System) keptOut(name, alias string) Cause {
	if s.Config == nil {
		return nil
	}
	if command, found := s.Config.Forbidden(name); found {
		return CommandFailed(name, command.Command, command.Where).Causes[0]
	}
	command, found := s.Config.InstallOf(name)
	if !found {
		return nil
	}
	if refusal := command.Refusal(s.Config.OptionsOf(name, alias)); refusal != nil {
		return WorldWritable{command.Command, command.Where, refusal}
	}
	if command.Denies() {
		return KeptOut{name, command.Command, command.Where}
	}
	return nil
}

func (s *System) checkFile(f *Facts, alias string) []Cause {
	l := &load{System: s, facts: f}
	if cause := s.keptOut(f.Name, alias); cause != nil {
		l.add(cause)
	}
	if state, err := s.Sysfs.InitState(f.Name); err == nil && state != sysfs.Unknown || s.Tree.Builtin(f.Name) {
		l.add(s.present(f.Name))
	}
	if s.KernelForbids(f.Name) {
		l.add(KernelBlacklist{f.Name})
	}
	if f.Err != nil {
		l.add(NotModule{Err: f.Err})
		return l.explanation.Causes
	}
	l.checkSignature()
	if cause, differs := s.otherArchitecture(f); differs {
		l.add(cause)
		return l.explanation.Causes
	}
	if f.Type != typeRelocatable {
		l.add(NotModule{})
		return l.explanation.Causes
	}
	if cause, differs := s.otherVermagic(f); differs {
		l.add(cause)
	}
	l.symbolsFromFile()
	l.forgiveDependencies()
	return l.explanation.Causes
}

// forgiveDependencies drops symbols that come from modules which modprobe loads first.
func (l *load) forgiveDependencies() {
	first := make(map[string]bool)
	for _, path := range l.Tree.Named(l.facts.Name).Deps {
		if name, err := modname.FromPath(path); err == nil {
			first[name] = true
		}
	}
	var causes []Cause
	for _, cause := range l.explanation.Causes {
		unknown, ok := cause.(UnknownSymbols)
		if ok {
			unknown.Symbols = slices.DeleteFunc(unknown.Symbols, func(symbol MissingSymbol) bool {
				return slices.ContainsFunc(symbol.Providers, func(p Provider) bool { return first[p.Module] })
			})
			if len(unknown.Symbols) == 0 {
				continue
			}
			cause = unknown
		}
		causes = append(causes, cause)
	}
	l.explanation.Causes = causes
}

// checkSignature tells of a signature that is missing or cannot be read, where the kernel insists on one.
func (l *load) checkSignature() {
	f := l.facts
	switch mode := l.Sysfs.Lockdown(); {
	case f.Signature != nil && f.Signature.Problem == nil:
	case l.enforced():
		if f.Signature == nil {
			l.add(l.signature(Unsigned))
		} else {
			l.add(l.signature(SignatureUnreadable))
		}
	case mode != "" && mode != "none":
		l.add(Lockdown{mode, f.Signature})
	}
}
