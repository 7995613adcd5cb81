package config

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// writable tells whether anyone may say what stands in a file that was opened: by writing it, or by putting another in its place, in its own
// folder or in that which a link leads to.
func writable(file source) bool {
	if file.mode&unix.S_IWOTH != 0 || replaceable(filepath.Dir(file.path), file.owner) {
		return true
	}
	target, err := filepath.EvalSymlinks(file.path)
	return err == nil && target != file.path && replaceable(filepath.Dir(target), file.owner)
}

// replaceable tells whether anyone may put another file into a folder in place of one. Where the folder has the sticky bit, as /tmp has,
// only the owner of a file may, but anyone could have made it first.
func replaceable(folder string, owner uint32) bool {
	var st unix.Stat_t
	if unix.Stat(folder, &st) != nil || st.Mode&unix.S_IWOTH == 0 {
		return false
	}
	return st.Mode&unix.S_ISVTX == 0 || owner != 0 && int(owner) != os.Geteuid()
}
