package diag

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gomod/internal/modname"
	"gomod/internal/resolve"
)

// NoTree is a Cause: there is no folder of modules for that kernel release.
type NoTree struct {
	Dir string
	// Running tells that Dir is for the running kernel.
	Running bool
	// Others are the releases that have a folder, sorted.
	Others []string
}

// NoIndex is a Cause: the folder has no modules.dep.bin, or it cannot be read, because of Err, which index.Open gave.
type NoIndex struct {
	Tree
	Err error
}

// NotIndexed is a Cause: the tree has the module, but modules.dep does not list it.
type NotIndexed struct {
	Tree
	Path string
}

// Tree is a folder of modules.
type Tree struct {
	Dir string
	// Root is what depmod is to be told by -b; "" where it finds the folder by itself.
	Root string
}

// BuiltinUnlisted is a Cause: the kernel has it as a part of itself, which is no module.
type BuiltinUnlisted struct {
	Name string
	// Evidence is what tells: a folder of /sys, a symbol of the kernel, or a line of its configuration.
	Evidence string
}

// NotBuilt is a Cause: the kernel was built without it.
type NotBuilt struct{ Option, File string }

// SwitchedOff is a Cause: a line of configuration stands for the name, and its module does not exist: `alias NAME off` is an old way to forbid.
type SwitchedOff struct {
	Target, File string
	Line         int
}

// NameUnknown is a Cause: the tree has nothing of that name.
type NameUnknown struct {
	Name string
	// Nearest is the name or alias that is most alike; "" if none is.
	Nearest string
	// Alias tells that it looks like what a device calls its driver by.
	Alias bool
}

func (NoTree) Kind() string          { return "no-module-tree" }
func (NoIndex) Kind() string         { return "no-index" }
func (NotIndexed) Kind() string      { return "not-indexed" }
func (BuiltinUnlisted) Kind() string { return "built-in" }
func (NotBuilt) Kind() string        { return "not-built" }
func (SwitchedOff) Kind() string     { return "switched-off" }
func (NameUnknown) Kind() string     { return "unknown-name" }

// NotFound explains why a look-up found nothing.
func (s *System) NotFound(name string) *Explanation {
	return &Explanation{Module: name, Causes: []Cause{s.notFound(name)}}
}

func (s *System) notFound(name string) Cause {
	normal, err := modname.Alias(name)
	if err != nil {
		return BadName{err}
	}
	dir := s.Tree.Dir()
	release, _ := s.Kernel.Release()
	running := filepath.Base(dir) == release
	evidence := s.partOfKernel(normal, running)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) && evidence == "" {
		return NoTree{dir, running, s.releases(dir)}
	}
	if err := s.Tree.Unindexed(); err != nil && evidence == "" {
		return NoIndex{s.treeOf(dir), err}
	}
	if path := s.fileOf(normal); path != "" {
		return NotIndexed{s.treeOf(dir), path}
	}
	if evidence != "" {
		return BuiltinUnlisted{normal, evidence}
	}
	if option, value, file := s.builtWith(normal); value == notSet {
		return NotBuilt{option, file}
	}
	alias := strings.Contains(normal, ":")
	if alias {
		return NameUnknown{Name: name, Alias: true}
	}
	return NameUnknown{Name: name, Nearest: s.meant(name, normal)}
}

// meant is what somebody may have meant by a name that nothing has: a module whose file it is, a file, or a name most alike.
func (s *System) meant(name, normal string) string {
	if !modname.HasSuffix(name) {
		return Nearest(normal, s.names())
	}
	if _, err := os.Stat(name); err == nil {
		// Only what begins with / or ./ is taken for a file.
		if path, err := filepath.Abs(name); err == nil {
			return path
		}
	}
	module, _ := modname.FromPath(name)
	names := s.names()
	if slices.Contains(names, module) {
		return module
	}
	return Nearest(module, names)
}

func (s *System) treeOf(dir string) Tree {
	root, found := strings.CutSuffix(filepath.Dir(dir), s.ModuleDirectory)
	if !found || s.ModuleDirectory == "" || root == s.Root {
		root = ""
	}
	return Tree{dir, root}
}

// Fileless explains why a module that a look-up gave has no file.
func (s *System) Fileless(module resolve.Module) *Explanation {
	var cause Cause
	if module.Step == resolve.StepConfigAlias {
		cause = SwitchedOff{module.Name, module.Where.File, module.Where.Line}
	} else {
		cause = s.notFound(module.Name)
	}
	return &Explanation{Module: module.Name, Causes: []Cause{cause}}
}

// releases are the kernel releases with a folder beside dir that has an index.
func (s *System) releases(dir string) []string {
	entries, _ := os.ReadDir(filepath.Dir(dir))
	var releases []string
	for _, entry := range entries {
		if _, err := os.Stat(filepath.Join(filepath.Dir(dir), entry.Name(), "modules.dep")); err == nil {
			releases = append(releases, entry.Name())
		}
	}
	slices.Sort(releases)
	return releases
}

// fileOf walks through the tree for a module's file; "" is none.
func (s *System) fileOf(name string) string {
	var found string
	filepath.WalkDir(s.Tree.Dir(), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case entry.IsDir() && (entry.Name() == "build" || entry.Name() == "source"):
			return fs.SkipDir
		case entry.IsDir() || !modname.HasSuffix(entry.Name()):
			return nil
		}
		if of, err := modname.FromPath(path); err == nil && of == name {
			found = path
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// names are all that could have been meant: modules, built-in ones, and aliases that are no patterns.
func (s *System) names() []string {
	var names []string
	for module := range s.Tree.Modules() {
		names = append(names, module.Name)
	}
	for name := range s.Tree.Builtins() {
		names = append(names, name)
	}
	if s.Config != nil {
		for _, alias := range s.Config.Aliases {
			names = append(names, alias.Pattern)
		}
	}
	s.Tree.Aliases(func(pattern []byte, _ string) bool {
		if text := string(pattern); !strings.ContainsAny(text, "*?[:") {
			names = append(names, text)
		}
		return true
	})
	return slices.DeleteFunc(names, func(name string) bool { return strings.ContainsAny(name, "*?[") })
}
