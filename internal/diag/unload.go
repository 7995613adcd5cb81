package diag

import (
	"errors"
	"slices"
	"strings"
	"syscall"

	"gomod/internal/kernel"
	"gomod/internal/sysfs"
)

// InUse is a Cause: the module has users.
type InUse struct {
	Refcnt int
	// Holders are the modules that use it.
	Holders []string
	// Users are processes, mounted file systems and sockets, as far as the system tells of them.
	Users []sysfs.User
	// Hidden tells that not all processes could be looked at.
	Hidden bool
}

// Permanent is a Cause: the module has no exit function.
type Permanent struct{ Name string }

// Changing is a Cause: the module is just being loaded or unloaded.
type Changing struct{ State sysfs.State }

// NotLoaded is a Cause: there is no such module to remove.
type NotLoaded struct {
	// Nearest is the loaded module with a name most alike; "" if none is.
	Nearest string
}

// PartOfKernel is a Cause: what is built in cannot be removed.
type PartOfKernel struct{}

// NoUnloading is a Cause: the kernel was built without the removal of modules.
type NoUnloading struct{}

func (InUse) Kind() string        { return "in-use" }
func (Permanent) Kind() string    { return "permanent" }
func (Changing) Kind() string     { return "changing" }
func (NotLoaded) Kind() string    { return "not-loaded" }
func (PartOfKernel) Kind() string { return "built-in" }
func (NoUnloading) Kind() string  { return "no-unloading" }

// Stays explains why a module is, or would be, left in the kernel; err is what was met: a *kernel.UnloadError, or nil if that was not even
// tried.
func (s *System) Stays(name string, err error) *Explanation {
	return &Explanation{Module: name, Causes: []Cause{s.stays(name, err)}}
}

func (s *System) stays(name string, err error) Cause {
	if s.Tree.Builtin(name) {
		return PartOfKernel{}
	}
	var refused *kernel.UnloadError
	tried := errors.As(err, &refused)
	if tried && refused.Errno == syscall.EPERM {
		if cause := s.mayChange(); cause != nil {
			return cause
		}
		privilege, _ := s.Sysfs.Privilege()
		return Denied{privilege}
	}
	loaded, _ := s.Sysfs.Modules()
	at := slices.IndexFunc(loaded, func(m sysfs.Module) bool { return m.Name == name })
	if at < 0 {
		return NotLoaded{Nearest(name, loadedNames(loaded))}
	}
	return s.staysLoaded(&loaded[at], refused)
}

func loadedNames(loaded []sysfs.Module) []string {
	names := make([]string, len(loaded))
	for i := range loaded {
		names[i] = loaded[i].Name
	}
	return names
}

func (s *System) staysLoaded(m *sysfs.Module, refused *kernel.UnloadError) Cause {
	holders, _ := s.Sysfs.Holders(m.Name)
	switch {
	case !m.Unload:
		return NoUnloading{}
	case m.State == sysfs.Coming || m.State == sysfs.Going:
		return Changing{m.State}
	case len(holders) == 0 && strings.Contains(m.Users, "[permanent]"):
		return Permanent{m.Name}
	case m.Refcnt == 0 && refused != nil && refused.Errno != syscall.EAGAIN:
		return Unexplained{refused.Errno}
	}
	inUse := InUse{Refcnt: m.Refcnt, Holders: holders}
	if m.Refcnt > len(holders) {
		inUse.Users = s.Sysfs.Users(m.Name, s.aliasesOf(m.Name))
		privilege, known := s.Sysfs.Privilege()
		inUse.Hidden = known && !privilege.SysModule
	}
	return inUse
}

// aliasesOf are those in the module's file.
func (s *System) aliasesOf(name string) []string {
	path := s.Tree.Named(name).Path
	if path == "" {
		return nil
	}
	return ReadFacts(path, s.SizeLimit).All(aliasKey)
}
