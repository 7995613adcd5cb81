package config

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// writable tells whether anyone may say what stands in a file that was opened: by writing it, or by putting another in its place, in its own
// folder or in that which a link leads to.
func writable(path string, file *unix.Stat_t) bool {
	if file.Mode&unix.S_IWOTH != 0 || replaceable(filepath.Dir(path), file) {
		return true
	}
	target, err := filepath.EvalSymlinks(path)
	return err == nil && target != path && replaceable(filepath.Dir(target), file)
}

// replaceable tells whether anyone may put another file into a folder in place of one. Where the folder has the sticky bit, as /tmp has,
// only the owner of a file may, but anyone could have made it first.
func replaceable(folder string, file *unix.Stat_t) bool {
	var st unix.Stat_t
	if unix.Stat(folder, &st) != nil || st.Mode&unix.S_IWOTH == 0 {
		return false
	}
	return st.Mode&unix.S_ISVTX == 0 || file.Uid != 0 && int(file.Uid) != os.Geteuid()
}
