package faults

// cases are the runs whose calls are made to fail. Each succeeds as it is.
var cases = []struct {
	name string
	argv []string
}{
	{"insmod", []string{"insmod", "/m/gm_c.ko"}},
	{"insmod packed", []string{"insmod", "/m/gm_c.ko.xz", "start=1"}},
	{"rmmod", []string{"rmmod", "gm_alias"}},
	{"lsmod", []string{"lsmod"}},
	{"modinfo", []string{"modinfo", "gm_a", "gm_text", "gm-dash", "inside"}},
	{"modinfo file", []string{"modinfo", "--json", "/m/gm_c.ko.xz"}},
	{"modprobe", []string{"modprobe", "gm_b"}},
	{"modprobe alias", []string{"modprobe", "-a", "mine", "gm_softdep"}},
	{"modprobe command", []string{"modprobe", "gm_command"}},
	{"modprobe -r", []string{"modprobe", "-r", "gm_alias"}},
	{"modprobe -n -v", []string{"modprobe", "-n", "-v", "gm_b"}},
	{"modprobe -D", []string{"modprobe", "-D", "gm_a"}},
	{"modprobe -R", []string{"modprobe", "-R", "mine"}},
	{"modprobe -c", []string{"modprobe", "-c"}},
	{"modprobe --dump-modversions", []string{"modprobe", "--dump-modversions", "/m/gm_c.ko.xz"}},
	{"depmod", []string{"depmod"}},
	{"depmod -A", []string{"depmod", "-A"}},
	{"depmod -n", []string{"depmod", "-n"}},
	{"kmod static-nodes", []string{"kmod", "static-nodes"}},
	{"gomod why", []string{"gomod", "why", "gm_a", "inside"}},
	{"gomod tree", []string{"gomod", "tree"}},
	{"gomod forbid", []string{"gomod", "forbid", "gm_b", "a", "reason"}},
	{"gomod allow", []string{"gomod", "allow", "gm_x"}},
}
