package cli

import (
	"strconv"
	"strings"

	"gomod/internal/diag"
	"gomod/internal/jsontext"
	"gomod/internal/sysfs"
)

// describeRemoval is for modules that stay.
func describeRemoval(cause diag.Cause) (description, bool) {
	switch c := cause.(type) {
	case diag.InUse:
		return describeInUse(c), true
	case diag.Permanent:
		return description{
			lines:  []string{"the module has no exit function: once loaded it stays"},
			advice: "reboot without it: gomod forbid " + c.Name + " REASON keeps it from being loaded",
		}, true
	case diag.Changing:
		return description{
			lines:  []string{"the module is just being loaded or unloaded (" + c.State.String() + ")"},
			advice: "wait a moment and look at lsmod; if it stays so, its init or exit function hangs or has crashed, see dmesg: only a reboot helps then",
			facts:  jsontext.Object{{Name: "state", Value: c.State.String()}},
		}, true
	case diag.NotLoaded:
		d := description{
			lines:  []string{"no module of that name is loaded"},
			advice: "see lsmod for those that are; nothing is to be done if it was to be gone anyway",
			facts:  jsontext.Object{{Name: "nearest", Value: c.Nearest}},
		}
		if c.Nearest != "" {
			d.advice = "did you mean " + c.Nearest + "? See lsmod for what is loaded"
		}
		return d, true
	case diag.PartOfKernel:
		return description{
			lines:  []string{"it is a part of the kernel, which cannot be removed"},
			advice: "see whether a parameter switches it off (ls /sys/module/NAME/parameters), or boot a kernel without it",
		}, true
	case diag.NoUnloading:
		return description{
			lines:  []string{"this kernel was built without the removal of modules"},
			advice: "reboot without it: a line `blacklist NAME` in modprobe.d, or gomod forbid, keeps it from being loaded",
		}, true
	}
	return description{}, false
}

func describeInUse(c diag.InUse) description {
	d := description{lines: []string{"the module is in use, " + plural(c.Refcnt, "time") + ":"}}
	if c.Refcnt == 0 {
		d.lines[0] = "the module was in use when it was to be removed:"
	}
	var steps []string
	if len(c.Holders) > 0 {
		d.lines = append(d.lines, "  by the modules "+strings.Join(c.Holders, ", "))
		steps = append(steps, "remove the modules that use it first: modprobe -r "+strings.Join(c.Holders, " "))
	}
	var users []jsontext.Object
	processes, mounts, sockets := false, false, false
	for _, u := range c.Users {
		users = append(users, userObject(u))
		switch {
		case u.MountPoint != "":
			d.lines, mounts = append(d.lines, "  a file system is mounted on "+u.MountPoint), true
		case u.Protocol != "":
			d.lines, sockets = append(d.lines, "  "+plural(u.Sockets, "open socket")+" of the protocol "+u.Protocol), true
		default:
			d.lines, processes = append(d.lines, "  process "+strconv.Itoa(u.PID)+" ("+u.Command+") has "+u.Device+" open"), true
		}
	}
	if processes {
		steps = append(steps, "end the processes")
	}
	if mounts {
		steps = append(steps, "unmount the file systems")
	}
	if sockets {
		steps = append(steps, "end whatever has the sockets open (ss -p)")
	}
	if len(steps) == 0 {
		d.lines = append(d.lines, "  by whom the system does not tell: a process with an open device, a mounted file system, a network interface, another part of the kernel")
		steps = append(steps, "stop what uses it (lsof, mount, ip link), then try again; modprobe -r --wait=5000 waits for it")
	}
	if c.Hidden {
		steps = append(steps, "and look as root, who sees all processes")
	}
	d.advice = strings.Join(steps, "; ")
	d.facts = jsontext.Object{{Name: "refcount", Value: c.Refcnt}, {Name: "holders", Value: c.Holders}, {Name: "users", Value: users}}
	return d
}

func userObject(u sysfs.User) jsontext.Object {
	switch {
	case u.MountPoint != "":
		return jsontext.Object{{Name: "mount_point", Value: u.MountPoint}}
	case u.Protocol != "":
		return jsontext.Object{{Name: "protocol", Value: u.Protocol}, {Name: "sockets", Value: u.Sockets}}
	}
	return jsontext.Object{{Name: "pid", Value: u.PID}, {Name: "command", Value: u.Command}, {Name: "device", Value: u.Device}}
}
