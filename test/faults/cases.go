package faults

// forbidFile is what gomod forbid and gomod allow change. It forbids two modules.
const (
	forbidFile   = "etc/modprobe.d/gomod-forbid.conf"
	forbidHeader = "# Modules that are forbidden. `gomod forbid NAME REASON` and `gomod allow NAME` change this file.\n"
	forbidFirst  = "# gm_z: not wanted\nblacklist gm_z\ninstall gm_z /bin/false\n"
	forbidSecond = "# gm_x: nor this\nblacklist gm_x\ninstall gm_x /bin/false\n"
)

// cases are the runs whose calls are made to fail. Each succeeds as it is.
var cases = []struct {
	name string
	argv []string
	// also is what files may hold beside what they held before and what they hold after a success.
	also map[string][]string
}{
	{name: "insmod", argv: []string{"insmod", "/m/gm_c.ko"}},
	{name: "insmod packed", argv: []string{"insmod", "/m/gm_c.ko.xz", "start=1"}},
	{name: "rmmod", argv: []string{"rmmod", "gm_alias"}},
	{name: "lsmod", argv: []string{"lsmod"}},
	{name: "modinfo", argv: []string{"modinfo", "gm_a", "gm_text", "gm-dash", "inside"}},
	{name: "modinfo file", argv: []string{"modinfo", "--json", "/m/gm_c.ko.xz"}},
	{name: "modprobe", argv: []string{"modprobe", "gm_b"}},
	{name: "modprobe alias", argv: []string{"modprobe", "-a", "mine", "gm_softdep"}},
	{name: "modprobe command", argv: []string{"modprobe", "gm_command"}},
	{name: "modprobe -s", argv: []string{"modprobe", "-s", "-C", "/etc/odd.conf", "gm_c"}},
	{name: "modprobe -r", argv: []string{"modprobe", "-r", "gm_alias"}},
	{name: "modprobe -n -v", argv: []string{"modprobe", "-n", "-v", "gm_b"}},
	{name: "modprobe -D", argv: []string{"modprobe", "-D", "gm_a"}},
	{name: "modprobe -R", argv: []string{"modprobe", "-R", "mine"}},
	{name: "modprobe -c", argv: []string{"modprobe", "-c"}},
	{name: "modprobe --dump-modversions", argv: []string{"modprobe", "--dump-modversions", "/m/gm_c.ko.xz"}},
	{name: "depmod", argv: []string{"depmod"}},
	{name: "depmod -A", argv: []string{"depmod", "-A"}},
	{name: "depmod -n", argv: []string{"depmod", "-n"}},
	{name: "kmod static-nodes", argv: []string{"kmod", "static-nodes"}},
	{name: "kmod static-nodes -o", argv: []string{"kmod", "static-nodes", "-o", "/nodes/kmod.conf"}},
	{name: "gomod why", argv: []string{"gomod", "why", "gm_a", "inside"}},
	{name: "gomod tree", argv: []string{"gomod", "tree"}},
	{name: "gomod forbid", argv: []string{"gomod", "forbid", "gm_b", "a", "reason"}, also: map[string][]string{lockFile: {""}}},
	{name: "gomod allow", argv: []string{"gomod", "allow", "gm_x"}, also: map[string][]string{lockFile: {""}}},
	// One module after the other; and where nobody can tell whether the file hides one of the same name in another folder, it stays.
	{name: "gomod allow all", argv: []string{"gomod", "allow", "gm_x", "gm_z"}, also: map[string][]string{
		forbidFile: {forbidHeader + forbidFirst, forbidHeader}, lockFile: {""},
	}},
}

// lockFile is always empty. It stays where it could not be locked, for then it may be another's.
const lockFile = "etc/modprobe.d/.gomod-forbid.conf.lock"
