package depmod

import (
	"io/fs"

	"golang.org/x/sys/unix"
)

// Outdated tells whether a module below the folder was changed after its modules.dep was made. It is true for a folder that
// cannot be opened or read, at the top or below, which is told, and without a modules.dep, which is the error, an *fs.PathError. Modules that were taken
// away, and other files, are not noticed.
func Outdated(dir string, report func(Event)) (bool, error) {
	fd, err := openFolder(unix.AT_FDCWD, dir)
	if err != nil {
		report(Event{Kind: UnopenedFolder, Path: dir, Err: err})
		return true, nil
	}
	var made unix.Stat_t
	if err := unix.Fstatat(fd, "modules.dep", &made, 0); err != nil {
		unix.Close(fd)
		return true, &fs.PathError{Op: "stat", Path: dir + "/modules.dep", Err: err}
	}
	outdated := false
	unseen := false
	w := walker{
		skip: func(name string) bool { return name == "build" || name == "source" },
		report: func(e Event) {
			unseen = unseen || e.Kind == UnopenedFolder || e.Kind == LostFolder
			report(e)
		},
		file: func(folder int, name, _ string) bool {
			var stat unix.Stat_t
			outdated = unix.Fstatat(folder, name, &stat, 0) == nil && stat.Mtim.Nano() > made.Mtim.Nano()
			return !outdated
		},
	}
	w.top(fd, dir)
	return outdated || unseen, nil
}
