package sysfs

import (
	"strconv"
	"strings"
)

// Privilege is what this process may do to modules, from /proc/self.
type Privilege struct {
	// SysModule tells that it has CAP_SYS_MODULE (capabilities(7)).
	SysModule bool
	// OwnNamespace tells that it is in a user namespace of its own, as in many containers: CAP_SYS_MODULE counts for nothing there.
	OwnNamespace bool
	// Filtered tells that a seccomp filter may answer system calls in the kernel's place.
	Filtered bool
}

// Privilege reads /proc/self/status and /proc/self/uid_map; known is false where there is no /proc.
func (s *FS) Privilege() (p Privilege, known bool) {
	const mostStatus = 64 << 10
	status, err := readUpTo(s.root+"/proc/self/status", make([]byte, mostStatus))
	if err != nil {
		return Privilege{}, false
	}
	return privilege(string(status), s.attribute("/proc/self/uid_map"))
}

// privilege takes the contents of both files. The one map of the first namespace is
//
//	0          0 4294967295
func privilege(status, uidMap string) (p Privilege, known bool) {
	const sysModule = 1 << 16
	for line := range strings.Lines(status) {
		key, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		value = strings.TrimSpace(value)
		switch key {
		case "CapEff":
			set, err := strconv.ParseUint(value, 16, 64)
			p.SysModule, known = set&sysModule != 0, err == nil
		case "Seccomp":
			p.Filtered = value == "2"
		}
	}
	if users := strings.Fields(uidMap); len(users) > 0 {
		p.OwnNamespace = strings.Join(users, " ") != "0 0 4294967295"
	}
	return p, known
}
