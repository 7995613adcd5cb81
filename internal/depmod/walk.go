package depmod

import (
	"strings"

	"golang.org/x/sys/unix"

	"gomod/internal/modname"
)

// maxPath is PATH_MAX: the longest path of a system call, with its NUL.
const maxPath = 4096

// maxLinks is how many links to folders are followed in a walk. Where folders have links to each other the number of ways through them
// has no end that could be waited for.
const maxLinks = 1000

// walker goes through a folder and all below it, in the order of bytes of the names in each.
type walker struct {
	skip   func(name string) bool
	report func(Event)
	// file gets every file whose name ends like a module's. It returns false to end the walk.
	file   func(folder int, name, path string) bool
	buffer []byte
	// open are the folders that the walk is in, from the top, to notice links back to them.
	open []identity
	// links is how many links to folders were met.
	links int
}

type identity struct{ device, inode uint64 }

// firstFD is the number that C kmod's first open folder has.
const firstFD = 3

// walk goes through the folder at path. The error is that of opening it.
func (w *walker) walk(path string) error {
	fd, err := openFolder(unix.AT_FDCWD, path)
	if err != nil {
		return err
	}
	w.top(fd, path)
	return nil
}

// top goes through an open folder that is in no other, and closes it.
func (w *walker) top(fd int, path string) {
	w.buffer, w.links = make([]byte, 32<<10), 0
	w.folder(fd, path)
}

// folder goes through an open folder and closes it; false ends the walk.
func (w *walker) folder(fd int, path string) bool {
	defer unix.Close(fd)
	if !w.enter(fd, path) {
		return true
	}
	defer func() { w.open = w.open[:len(w.open)-1] }()
	entries, err := readFolder(fd, w.buffer, w.skip)
	if err != nil {
		w.report(Event{Kind: UnopenedFolder, Path: path, Err: err})
	}
	for _, e := range entries {
		if !w.entry(fd, path, e) {
			return false
		}
	}
	return true
}

// enter notes that the walk is in a folder, unless it is already.
func (w *walker) enter(fd int, path string) bool {
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		w.report(Event{Kind: UnopenedFolder, Path: path, Err: err})
		return false
	}
	id := identity{uint64(stat.Dev), stat.Ino}
	for _, above := range w.open {
		if above == id {
			w.report(Event{Kind: FolderLoop, Path: path})
			return false
		}
	}
	w.open = append(w.open, id)
	return true
}

func (w *walker) entry(folder int, path string, e entry) bool {
	path = strings.TrimSuffix(path, "/") + "/" + e.name
	isFolder, isFile := e.kind == unix.DT_DIR, e.kind == unix.DT_REG
	if !isFolder && !isFile {
		var stat unix.Stat_t
		if err := unix.Fstatat(folder, e.name, &stat, 0); err != nil {
			w.report(Event{Kind: LostEntry, Name: e.name, FD: w.fd(), Err: err})
			return true
		}
		isFolder, isFile = stat.Mode&unix.S_IFMT == unix.S_IFDIR, stat.Mode&unix.S_IFMT == unix.S_IFREG
		if !isFolder && !isFile {
			w.report(Event{Kind: OddFile, Path: path, Number: int(stat.Mode & unix.S_IFMT)})
			return true
		}
	}
	switch {
	case isFolder && e.kind == unix.DT_LNK && !w.mayFollow(path):
		return true
	case isFolder:
		return w.below(folder, e.name, path)
	case modname.HasSuffix(e.name):
		return w.file(folder, e.name, path)
	}
	return true
}

// mayFollow counts a link to a folder, and tells whether it is to be followed.
func (w *walker) mayFollow(path string) bool {
	w.links++
	if w.links == maxLinks+1 {
		w.report(Event{Kind: ManyLinks, Path: path, Number: maxLinks})
	}
	return w.links <= maxLinks
}

func (w *walker) below(folder int, name, path string) bool {
	if len(path)+len("/") >= maxPath {
		w.report(Event{Kind: LongPath, Path: path + "/"})
		return true
	}
	fd, err := openFolder(folder, name)
	if err != nil {
		w.report(Event{Kind: LostFolder, Name: name, FD: w.fd(), Err: err})
		return true
	}
	return w.folder(fd, path)
}

// fd is what the descriptor of the innermost folder is in C kmod.
func (w *walker) fd() int { return firstFD + len(w.open) - 1 }
