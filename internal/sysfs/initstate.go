package sysfs

import (
	"errors"
	"syscall"
)

// State is where a module is in its life.
type State int

const (
	Unknown State = iota
	Live          // its init function has returned, its exit function was not called
	Coming        // it is being loaded, or is built in and has no state
	Going         // it is being unloaded
)

// String returns the word of /sys/module/NAME/initstate.
func (s State) String() string {
	switch s {
	case Live:
		return "live"
	case Coming:
		return "coming"
	case Going:
		return "going"
	default:
		return "unknown"
	}
}

// InitState returns a module's state from /sys/module/NAME/initstate: "live\n", "coming\n" or "going\n". A module that has a
// folder in /sys/module but no such file counts as Coming: it is built in, or its loading has just begun. With neither,
// syscall.ENOENT is in the error's chain. Any other text is a *ValueError.
func (s *FS) InitState(name string) (State, error) {
	var buf [attrSize]byte
	text, err := s.readModule(name, "/initstate", buf[:])
	if errors.Is(err, syscall.ENOENT) {
		if there, statErr := s.Exists(name); statErr == nil && there {
			return Coming, nil
		}
	}
	if err != nil {
		return Unknown, err
	}
	switch string(text) {
	case "live\n":
		return Live, nil
	case "coming\n":
		return Coming, nil
	case "going\n":
		return Going, nil
	}
	return Unknown, &ValueError{Path: s.modulePath(name + "/initstate"), Text: string(text)}
}

// Stateless tells that /sys/module has a folder for a name and no state in it, as it has for parts of the kernel: a module that is loaded has a
// state. modules.builtin does not list all such parts.
func (s *FS) Stateless(name string) bool {
	there, _ := s.Exists(name)
	return there && s.Attribute(name, "initstate") == ""
}
