package depmod

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// ourSuffix tells our temporaries from those of C kmod 34, whose names are otherwise the same:
//
//	modules.dep.4711.123456.1795443831        file, process, microseconds, seconds
//	modules.dep.4711.123456.1795443831.gomod
const ourSuffix = ".gomod"

// foreignAge is how old a temporary of C kmod must be to count as left over. Its process may be one that cannot be seen from
// here, in another container.
const foreignAge = time.Hour

func temporaryName(name string) string {
	now := time.Now()
	return name + "." + strconv.Itoa(os.Getpid()) + "." + strconv.Itoa(now.Nanosecond()/1000) + "." +
		strconv.FormatInt(now.Unix(), 10) + ourSuffix
}

// removeLeftovers takes away what killed processes left. While the folder is locked no living one of our kind has any.
func (t *Target) removeLeftovers() {
	fd, err := openFolder(t.fd, ".")
	if err != nil {
		return
	}
	defer unix.Close(fd)
	entries, _ := readFolder(fd, make([]byte, 8<<10), func(name string) bool { return !strings.HasPrefix(name, "modules.") })
	for _, e := range entries {
		if t.leftOver(e.name) {
			unix.Unlinkat(t.fd, e.name, 0)
		}
	}
}

func (t *Target) leftOver(name string) bool {
	bare, ours := strings.CutSuffix(name, ourSuffix)
	process, ok := temporaryOf(bare)
	if !ok || ours {
		return ok
	}
	var stat unix.Stat_t
	if err := unix.Fstatat(t.fd, name, &stat, unix.AT_SYMLINK_NOFOLLOW); err != nil || stat.Mode&unix.S_IFMT != unix.S_IFREG {
		return false
	}
	return time.Since(time.Unix(stat.Mtim.Unix())) > foreignAge && unix.Kill(process, 0) == unix.ESRCH
}

// temporaryOf gives the process that a temporary is of.
func temporaryOf(name string) (process int, ok bool) {
	parts := strings.Split(name, ".")
	if len(parts) < 4 {
		return 0, false
	}
	numbers := parts[len(parts)-3:]
	if !slices.Contains(order[:], strings.Join(parts[:len(parts)-3], ".")) {
		return 0, false
	}
	for i, text := range numbers {
		number, err := strconv.ParseUint(text, 10, 31)
		if i == 0 {
			process = int(number)
		}
		if err != nil && i < 2 || !isDecimal(text) {
			return 0, false
		}
	}
	return process, process > 0
}

func isDecimal(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
