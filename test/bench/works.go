package main

import (
	"fmt"
	"os"
	"strings"
)

// work is a command line that all peers get.
type work struct {
	name string
	tool string
	args []string
	// cores is on how many the tools may run; 0 for all.
	cores int
	// short works are over within milliseconds.
	short bool
	// without names the peers that cannot do it.
	without []string
}

// works need arguments from the trees: names and aliases that are in them.
func works(r *root) []work {
	release := r.release
	quick := func(name, tool string, args ...string) work {
		return work{name: name, tool: tool, args: args, short: true}
	}
	lacks := func(w work, peers ...string) work {
		w.without = append(w.without, peers...)
		return w
	}
	all := []work{
		lacks(quick("--version", "modprobe", "--version"), "busybox"),
		quick(fmt.Sprintf("lsmod, %d modules", loadedModules), "lsmod"),
	}
	for _, format := range formats() {
		for _, m := range []struct{ size, file string }{{"small", "drivers/net/dummy"}, {"large", "fs/btrfs/btrfs"}} {
			w := quick("modinfo, "+m.size+" module, "+format.name, "modinfo", r.module(format, m.file))
			if format.suffix == ".gz" {
				w = lacks(w, reference, "kmod 30")
			}
			all = append(all, w)
		}
	}
	all = append(all,
		quick("modprobe -D by name", "modprobe", "-D", "ext4"),
		quick("modprobe -D by PCI alias", "modprobe", "-D", "pci:v00008086d000010D3sv00008086sd0000A01Fbc02sc00i00"),
		quick("modprobe -D by of: alias", "modprobe", "-D", "of:NledsT(null)Cgpio-leds"),
		quick("modprobe -aD of 200 names", "modprobe", append([]string{"-aD"}, r.names(200)...)...),
		lacks(quick("modprobe -c", "modprobe", "-c"), "busybox"),
	)
	for _, format := range formats() {
		// In place, for kmod 30 cannot write elsewhere: all write the same bytes.
		base := []string{"-b", "/trees/" + format.name}
		for _, cores := range []int{1, 0} {
			w := work{name: "depmod, " + format.name + ", " + coresText(cores), tool: "depmod", args: append(base, release), cores: cores}
			w.without = []string{"busybox"}
			if format.suffix == ".gz" {
				w = lacks(w, reference, "kmod 30")
			}
			all = append(all, w)
		}
	}
	for _, format := range formats() {
		if format.suffix != ".gz" {
			base := []string{"-b", "/trees/" + format.name, "-o", "/memory", release}
			all = append(all, work{name: "depmod, " + format.name + ", all cores, to memory", tool: "depmod", args: base, without: []string{"kmod 30", "busybox"}})
		}
	}
	return append(all, lacks(quick("depmod -A, nothing changed", "depmod", "-A", "-b", "/trees/plain", release), "busybox"))
}

func coresText(cores int) string {
	if cores == 1 {
		return "one core"
	}
	return "all cores"
}

// module is a file in one of the trees.
func (r *root) module(f format, below string) string {
	return "/trees/" + f.name + "/lib/modules/" + r.release + "/kernel/" + below + ".ko" + f.suffix
}

// names are those of modules all over the tree.
func (r *root) names(count int) []string {
	text, err := os.ReadFile(r.path("/trees/plain/lib/modules/" + r.release + "/modules.order"))
	if err != nil {
		return nil
	}
	lines := strings.Fields(string(text))
	var names []string
	for i := range count {
		line := lines[i*len(lines)/count]
		names = append(names, strings.TrimSuffix(line[strings.LastIndexByte(line, '/')+1:], ".ko"))
	}
	return names
}
