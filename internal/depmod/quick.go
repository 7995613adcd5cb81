package depmod

import (
	"io/fs"

	"golang.org/x/sys/unix"
)

// Outdated tells whether a module below the folder was changed after its modules.dep was made. Without a modules.dep it is
// true, with the reason as the error. Modules that were taken away, and other files, are not noticed.
func Outdated(dir string, report func(Event)) (bool, error) {
	var made unix.Stat_t
	if err := unix.Stat(dir+"/modules.dep", &made); err != nil {
		return true, &fs.PathError{Op: "stat", Path: dir + "/modules.dep", Err: err}
	}
	outdated := false
	w := walker{
		skip:   func(name string) bool { return name == "build" || name == "source" },
		report: report,
		file: func(folder int, name, _ string) bool {
			var stat unix.Stat_t
			outdated = unix.Fstatat(folder, name, &stat, 0) == nil && stat.Mtim.Nano() > made.Mtim.Nano()
			return !outdated
		},
	}
	if err := w.walk(dir); err != nil {
		return true, &fs.PathError{Op: "open", Path: dir, Err: err}
	}
	return outdated, nil
}
