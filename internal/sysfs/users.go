package sysfs

import (
	"cmp"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// User is somebody who keeps a module in use without being a module.
type User struct {
	// PID and Command are of a process; 0 and "" if it is none.
	PID     int
	Command string
	// Device is the file in /dev that the process has open, MountPoint where a file system is mounted, Protocol one with open sockets,
	// "tcp" for one. One of them is set.
	Device, MountPoint, Protocol string
	// Sockets are how many of Protocol are open.
	Sockets int
}

// Users are those that /proc and /sys tell of: processes with a device of the module open, mounted file systems of its type or on its
// devices, open sockets of its protocols. Aliases are the module's own, of which `char-major-10-200`, `devname:net/tun` and `fs-ext4` say
// what it serves. A module may have users of which nothing is told anywhere.
func (s *FS) Users(name string, aliases []string) []User {
	u := userSearch{FS: s, name: name, aliases: aliases, served: make(map[device]bool)}
	users := append(u.processes(), u.mounts()...)
	return append(users, u.sockets()...)
}

type userSearch struct {
	*FS
	name    string
	aliases []string
	// served tells what is known of device numbers.
	served map[device]bool
}

// device is a device number.
type device struct {
	block        bool
	major, minor uint32
}

func (d device) String() string {
	return strconv.FormatUint(uint64(d.major), 10) + ":" + strconv.FormatUint(uint64(d.minor), 10)
}

// deviceOf is the number of the device at path, whatever links lead there.
func deviceOf(path string) (device, bool) {
	var stat unix.Stat_t
	if unix.Stat(path, &stat) != nil {
		return device{}, false
	}
	kind := stat.Mode & unix.S_IFMT
	d := device{kind == unix.S_IFBLK, unix.Major(stat.Rdev), unix.Minor(stat.Rdev)}
	return d, d.block || kind == unix.S_IFCHR
}

// processes are those with a device of the module open.
func (u *userSearch) processes() []User {
	folders, _ := filepath.Glob(u.root + "/proc/[0-9]*")
	slices.SortFunc(folders, func(a, b string) int {
		return cmp.Or(len(a)-len(b), strings.Compare(a, b))
	})
	var users []User
	for _, folder := range folders {
		pid, err := strconv.Atoi(filepath.Base(folder))
		if err != nil {
			continue
		}
		seen := make(map[string]bool)
		entries, _ := os.ReadDir(folder + "/fd")
		for _, entry := range entries {
			link := folder + "/fd/" + entry.Name()
			d, ok := deviceOf(link)
			if !ok || !u.serves(d) {
				continue
			}
			path, _ := os.Readlink(link)
			if seen[path] {
				continue
			}
			seen[path] = true
			command, _ := os.ReadFile(folder + "/comm")
			users = append(users, User{PID: pid, Command: strings.TrimSuffix(string(command), "\n"), Device: path})
		}
	}
	return users
}

// serves tells whether a device is one of the module's.
func (u *userSearch) serves(d device) bool {
	served, known := u.served[d]
	if !known {
		served = u.servesByAlias(d) || u.servesByFolder(d)
		u.served[d] = served
	}
	return served
}

func (u *userSearch) servesByAlias(d device) bool {
	kind := "char"
	if d.block {
		kind = "block"
	}
	major, minor := strconv.FormatUint(uint64(d.major), 10), strconv.FormatUint(uint64(d.minor), 10)
	for _, alias := range u.aliases {
		switch alias {
		case kind + "-major-" + major, kind + "-major-" + major + "-*", kind + "-major-" + major + "-" + minor:
			return true
		}
		if node, found := strings.CutPrefix(alias, "devname:"); found {
			if of, ok := deviceOf(u.root + "/dev/" + node); ok && of == d {
				return true
			}
		}
	}
	return false
}

// servesByFolder asks /sys for the driver of a device, or of one above it; a device without a driver that is called as the module counts too.
func (u *userSearch) servesByFolder(d device) bool {
	kind := "char"
	if d.block {
		kind = "block"
	}
	folder, err := filepath.EvalSymlinks(u.root + "/sys/dev/" + kind + "/" + d.String())
	if err != nil {
		return false
	}
	if strings.ReplaceAll(filepath.Base(folder), "-", "_") == u.name {
		return true
	}
	for above := folder; len(above) > len(u.root+"/sys/devices"); above = filepath.Dir(above) {
		if module, err := os.Readlink(above + "/driver/module"); err == nil {
			return filepath.Base(module) == u.name
		}
	}
	return false
}

// mounts are mounted file systems that the module is for, or that are on its devices, from lines of /proc/mounts such as
//
//	/dev/vda1 / ext4 rw,relatime 0 0
func (u *userSearch) mounts() []User {
	const most = 8 << 20
	text, _ := readFile(u.root+"/proc/mounts", most)
	var users []User
	for m := range mountsIn(string(text)) {
		d, onDevice := deviceOf(u.root + m.device)
		if m.kind == u.name || slices.Contains(u.aliases, "fs-"+m.kind) || onDevice && u.serves(d) {
			users = append(users, User{MountPoint: m.point})
		}
	}
	return users
}

// mount is a line of /proc/mounts. Of a kind such as fuse.sshfs the part before the dot counts.
type mount struct{ device, point, kind string }

func mountsIn(text string) iter.Seq[mount] {
	return func(yield func(mount) bool) {
		for line := range strings.Lines(text) {
			words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\n' })
			if len(words) < 3 {
				continue
			}
			kind, _, _ := strings.Cut(words[2], ".")
			if !yield(mount{mountPath(words[0]), mountPath(words[1]), kind}) {
				return
			}
		}
	}
}

// mountPath undoes the octal escapes of /proc/mounts.
func mountPath(text string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\043`, "#", `\134`, `\`).Replace(text)
}

// sockets are open ones of the module's protocols, from the first, third and eighth column of /proc/net/protocols:
//
//	protocol  size sockets  memory press maxhdr  slab module     cl co di ac io in de sh ss gs se re bi br ha uh gp em
//	PACKET    1536      2      -1   NI       0   no   af_packet   n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n
func (u *userSearch) sockets() []User {
	const most = 1 << 20
	text, _ := readFile(u.root+"/proc/net/protocols", most)
	return socketsIn(string(text), u.name)
}

func socketsIn(text, module string) []User {
	var users []User
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 8 || words[7] != module {
			continue
		}
		if count, err := strconv.Atoi(words[2]); err == nil && count > 0 {
			users = append(users, User{Protocol: words[0], Sockets: count})
		}
	}
	return users
}
