package config

import (
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// source is a file to be read.
type source struct {
	path string
	// name is the last part of path, by which files are sorted and hide each other.
	name string
	// ofModules marks a file that depmod wrote into the module folder, of what modules say of themselves.
	ofModules bool
}

// mayOrder tells whether a command counts in the file. What a module says of itself, which needs not even be loaded, must not become
// another command by a newline in it, least of all one for the shell: in modules.softdep only softdep counts, and so on.
func (s *source) mayOrder(command string) bool {
	return !s.ofModules || strings.TrimPrefix(s.name, "modules.") == command
}

// merger makes one list of the files of several folders.
type merger struct {
	// noteOtherNames makes a problem of every name that does not end in .conf, as depmod does.
	noteOtherNames bool
	// sources are those of highest precedence first.
	sources  []source
	problems []Problem
}

// addModuleDir adds the two files of a module folder. As in C kmod nobody looks whether they exist.
func (m *merger) addModuleDir(dir string) {
	for _, name := range [...]string{"modules.softdep", "modules.weakdep"} {
		m.sources = append(m.sources, source{path: dir + "/" + name, name: name, ofModules: true})
	}
}

// add takes the .conf files of a folder, or a single file. All that was added before has precedence.
func (m *merger) add(path string) {
	fd, err := open(path, unix.O_DIRECTORY)
	switch err {
	case nil:
		m.addFolder(path, fd)
		unix.Close(fd)
	case unix.ENOENT:
	case unix.ENOTDIR:
		if _, err := stat(unix.AT_FDCWD, path); err == nil {
			m.sources = append(m.sources, source{path: path, name: path[strings.LastIndexByte(path, '/')+1:]})
		}
	default:
		// C kmod looks first, and is silent about what cannot be looked at.
		if mode, statErr := stat(unix.AT_FDCWD, path); statErr == nil && isFolder(mode) {
			m.problem(UnreadableFolder, path, err)
		}
	}
}

// addFolder goes through the entries in the order the file system gives them, in which C kmod complains too.
func (m *merger) addFolder(path string, fd int) {
	buf := make([]byte, 8<<10)
	var names []string
	for {
		n, err := unix.ReadDirent(fd, buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			m.problem(ReadFailed, path, err)
		}
		if err != nil || n <= 0 {
			return
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names[:0])
		for _, name := range names {
			m.addEntry(path+"/"+name, name, fd)
		}
	}
}

func (m *merger) addEntry(path, name string, folder int) {
	if name[0] == '.' {
		return
	}
	if len(name) == len(suffix) || !strings.HasSuffix(name, suffix) {
		if m.noteOtherNames {
			m.problem(OtherName, path, nil)
		}
		return
	}
	mode, err := stat(folder, name)
	switch {
	case err != nil:
		m.problem(LostEntry, path, err)
	case isFolder(mode):
		m.problem(NestedFolder, path, nil)
	default:
		m.sources = append(m.sources, source{path: path, name: name})
	}
}

// suffix is of the files in a folder that count.
const suffix = ".conf"

func (m *merger) problem(kind Kind, path string, err error) {
	m.problems = append(m.problems, Problem{Kind: kind, Where: Where{File: path}, Err: err})
}

// merged are the files by name in byte order. Of several with one name, that of highest precedence hides the others, be it
// readable or not.
func (m *merger) merged() []source {
	slices.SortStableFunc(m.sources, func(a, b source) int { return strings.Compare(a.name, b.name) })
	return slices.CompactFunc(m.sources, func(a, b source) bool { return a.name == b.name })
}

func isFolder(mode uint32) bool { return mode&unix.S_IFMT == unix.S_IFDIR }
