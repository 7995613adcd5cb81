package sysfs

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestUsers has processes with /dev/null (1:3) and /dev/zero (1:5) open, which every system has. The module serves the one by its alias, the
// other by its driver.
func TestUsers(t *testing.T) {
	s := open(t, map[string]string{
		"proc/7/comm": "cat\n", "proc/12/comm": "dd\n", "proc/self/comm": "no number", "proc/x": "", "proc/12/fd/4": "a file",
		"proc/mounts": "/dev/zero /a\\040b ext4 rw 0 0\nnone /gone gm rw 0 0\nnone /else tmpfs rw 0 0\n/dev/null2 /no gm2.sub rw 0 0\n",
		"proc/net/protocols": "protocol  size sockets  memory press maxhdr  slab module\nPACKET    1536      2      -1   NI       0   no   gm\n" +
			"TCP       1536      0      -1   NI       0   no   gm\nUDP    1536      3      -1   NI       0   no   kernel\n",
		"sys/devices/virtual/zero0/inner/uevent": "", "sys/module/gm/refcnt": "3\n", "proc/7/fd/": "", "sys/dev/char/": "", "dev/": "",
	})
	for link, target := range map[string]string{
		"proc/7/fd/0": "/dev/null", "proc/7/fd/1": "/dev/null", "proc/12/fd/3": "/dev/zero", "proc/12/fd/5": "/nowhere",
		"sys/dev/char/1:5": "../../devices/virtual/zero0/inner", "sys/devices/virtual/zero0/driver": "../../../driver",
		"sys/driver/module": "../module/gm", "dev/zero": "/dev/zero",
	} {
		path := filepath.Join(s.root, link)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
	}
	sockets := User{Protocol: "PACKET", Sockets: 2}
	null, zero := User{PID: 7, Command: "cat", Device: "/dev/null"}, User{PID: 12, Command: "dd", Device: "/dev/zero"}
	mounted, gone := User{MountPoint: "/a b"}, User{MountPoint: "/gone"}
	for _, test := range []struct {
		name    string
		aliases []string
		want    []User
	}{
		{"gm", nil, []User{zero, mounted, gone, sockets}},
		{"gm", []string{"char-major-1-3"}, []User{null, zero, mounted, gone, sockets}},
		{"none", []string{"char-major-1-*"}, []User{null, zero, mounted}},
		{"none", []string{"char-major-1"}, []User{null, zero, mounted}},
		{"none", []string{"block-major-1-*", "char-major-2"}, nil},
		{"none", []string{"devname:zero", "devname:none"}, []User{zero, mounted}},
		{"none", []string{"fs-tmpfs"}, []User{{MountPoint: "/else"}}},
		{"gm2", nil, []User{{MountPoint: "/no"}}},
		{"inner", nil, []User{zero, mounted}},
	} {
		if got := s.Users(test.name, test.aliases); !slices.Equal(got, test.want) {
			t.Errorf("%s %q:\n got %+v\nwant %+v", test.name, test.aliases, got, test.want)
		}
	}
}
