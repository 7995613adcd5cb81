package diag

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"

	"gomod/internal/index"
	"gomod/internal/kernel"
	"gomod/internal/modname"
	"gomod/internal/resolve"
	"gomod/internal/sysfs"
)

func TestNotFound(t *testing.T) {
	indexed := map[string]string{
		tree("modules.dep"):     "kernel/fs/ext4.ko:\nkernel/sound/snd-hda-intel.ko:\n",
		tree("modules.builtin"): "kernel/lib/crc32.ko\n", tree("modules.alias"): "alias net-pf-10 ext4\nalias pci:v8086* ext4\n",
		"sys/module/printk/parameters/time": "Y\n", tree("kernel/new.ko.xz"): "",
		"modprobe.d/a.conf": "alias speaker ext4\n",
	}
	for _, test := range []struct {
		what, name string
		files      map[string]string
		want       Cause
	}{
		{"no tree, others there", "x", map[string]string{"lib/modules/6.1.0/modules.dep": "", "lib/modules/5.10/modules.dep": "", "lib/modules/empty/x": ""},
			NoTree{"ROOT/lib/modules/" + release, true, []string{"5.10", "6.1.0"}}},
		{"no tree at all", "x", nil, NoTree{Dir: "ROOT/lib/modules/" + release, Running: true}},
		{"not indexed", "new", indexed, NotIndexed{Tree{Dir: "ROOT/lib/modules/" + release}, "ROOT/" + tree("kernel/new.ko.xz")}},
		{"part of the kernel", "printk", indexed, BuiltinUnlisted{"printk", "/sys/module/printk"}},
		{"a slip", "etx4", indexed, NameUnknown{Name: "etx4", Nearest: "ext4"}},
		{"a slip in a long name", "snd-hda-intle", indexed, NameUnknown{Name: "snd-hda-intle", Nearest: "snd_hda_intel"}},
		{"a built-in one", "cr32", indexed, NameUnknown{Name: "cr32", Nearest: "crc32"}},
		{"an alias", "net-pf10", indexed, NameUnknown{Name: "net-pf10", Nearest: "net_pf_10"}},
		{"one of the configuration", "speakre", indexed, NameUnknown{Name: "speakre", Nearest: "speaker"}},
		{"like nothing", "wireguard", indexed, NameUnknown{Name: "wireguard"}},
		{"a device's", "pci:v1af4d1000", indexed, NameUnknown{Name: "pci:v1af4d1000", Alias: true}},
		{"unmatched bracket", "a[", indexed, BadName{}},
		{"a file's name", "snd-hda-intel.ko.xz", indexed, NameUnknown{Name: "snd-hda-intel.ko.xz", Nearest: "snd_hda_intel"}},
		{"part of the kernel, no tree", "printk", map[string]string{"sys/module/printk/parameters/time": "Y\n"}, BuiltinUnlisted{"printk", "/sys/module/printk"}},
	} {
		t.Run(test.what, func(t *testing.T) {
			w := newWorld(t, test.files)
			want := test.want
			switch c := want.(type) {
			case NoTree:
				c.Dir = filepath.Join(w.root, c.Dir[len("ROOT"):])
				want = c
			case NotIndexed:
				want = NotIndexed{Tree{Dir: filepath.Join(w.root, c.Dir[len("ROOT"):])}, filepath.Join(w.root, c.Path[len("ROOT"):])}
			case BadName:
				_, err := modname.Alias(test.name)
				want = BadName{err}
			}
			expect(t, w.NotFound(test.name), &Explanation{Module: test.name, Causes: []Cause{want}})
		})
	}
}

func TestNoIndex(t *testing.T) {
	w := newWorld(t, nil)
	w.write(tree("kernel/x.ko"), "")
	missing := w.NotFound("x").Causes[0].(NoIndex)
	if missing.Tree != (Tree{Dir: w.Tree.Dir()}) || !errors.Is(missing.Err, fs.ErrNotExist) {
		t.Error(missing)
	}
	w = newWorld(t, nil)
	w.write(tree("kernel/x.ko"), "")
	w.write(tree("modules.dep.bin"), "no index at all")
	damaged := w.NotFound("x").Causes[0].(NoIndex)
	if !errors.As(damaged.Err, new(*index.MagicError)) {
		t.Error(damaged)
	}
}

// depmod has to be told where a tree below another root lies.
func TestTreeOf(t *testing.T) {
	s := &System{ModuleDirectory: "/lib/modules"}
	for dir, root := range map[string]string{"/lib/modules/6.1": "", "/mnt/lib/modules/6.1": "/mnt", "/elsewhere/6.1": ""} {
		if got := s.treeOf(dir); got != (Tree{dir, root}) {
			t.Errorf("%+v", got)
		}
	}
}

// What is no module's name for modprobe, but a file here, is told by its whole path.
func TestMeantAsFile(t *testing.T) {
	w := newWorld(t, map[string]string{tree("modules.dep"): "", "there/x.ko": ""})
	t.Chdir(filepath.Join(w.root, "there"))
	path, err := filepath.Abs("x.ko")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, w.NotFound("x.ko").Causes, []Cause{NameUnknown{Name: "x.ko", Nearest: path}})
}

func TestSwitchedOff(t *testing.T) {
	w := newWorld(t, map[string]string{tree("modules.dep"): "", "modprobe.d/a.conf": "# none\nalias beep off\n"})
	modules, err := w.Tree.Lookup("beep")
	if err != nil || len(modules) != 1 {
		t.Fatal(modules, err)
	}
	expect(t, w.Fileless(modules[0]).Causes, []Cause{SwitchedOff{"off", filepath.Join(w.root, "modprobe.d/a.conf"), 2}})
	expect(t, w.Fileless(resolve.Module{Name: "beep", Step: resolve.StepAlias}).Causes, []Cause{NameUnknown{Name: "beep"}})
}

func TestStays(t *testing.T) {
	busy := map[string]string{
		"proc/modules":             "m 100 3 h, Live 0x0\nperm 100 0 [permanent], Live 0x0\ngoing 1 -1 - Unloading 0x0\nfixed 1 - - Live 0x0\nfree 1 0 - Live 0x0\n",
		"sys/module/m/holders/h/x": "", tree("modules.builtin"): "kernel/b.ko\n",
		"proc/mounts":        "none /mnt/a\\040b m rw 0 0\nother /x tmpfs rw 0 0\n",
		"proc/net/protocols": "protocol  size sockets  memory press maxhdr  slab module\nMP 1 2 -1 NI 0 no m n\nQ 1 0 -1 NI 0 no m n\n",
	}
	refuse := func(errno syscall.Errno) error { return &kernel.UnloadError{Errno: errno} }
	for _, test := range []struct {
		name string
		err  error
		want Cause
	}{
		{"m", refuse(syscall.EAGAIN), InUse{Refcnt: 3, Holders: []string{"h"}, Users: []sysfs.User{{MountPoint: "/mnt/a b"}, {Protocol: "MP", Sockets: 2}}}},
		{"m", nil, InUse{Refcnt: 3, Holders: []string{"h"}, Users: []sysfs.User{{MountPoint: "/mnt/a b"}, {Protocol: "MP", Sockets: 2}}}},
		{"perm", refuse(syscall.EBUSY), Permanent{"perm"}},
		{"going", refuse(syscall.EBUSY), Changing{sysfs.Going}},
		{"fixed", nil, NoUnloading{}},
		{"b", nil, PartOfKernel{}},
		{"fre", nil, NotLoaded{"free"}},
		{"nothing_like_it", nil, NotLoaded{}},
		{"free", refuse(syscall.EAGAIN), InUse{}},
		{"free", refuse(syscall.EINTR), Unexplained{syscall.EINTR}},
		{"free", refuse(syscall.EPERM), Denied{sysfs.Privilege{SysModule: true}}},
	} {
		w := newWorld(t, busy)
		expect(t, w.Stays(test.name, test.err), &Explanation{Module: test.name, Causes: []Cause{test.want}})
	}
	w := newWorld(t, map[string]string{"proc/sys/kernel/modules_disabled": "1\n", "proc/modules": "m 1 0 - Live 0x0\n"})
	expect(t, w.Stays("m", refuse(syscall.EPERM)).Causes, []Cause{ModulesDisabled{}})
}

func TestNearest(t *testing.T) {
	for _, test := range []struct {
		name  string
		names []string
		want  string
	}{
		{"numdumies", []string{"numdummies", "mtu"}, "numdummies"},
		{"DEBUG", []string{"debug"}, "debug"},
		{"snd-pcm", []string{"snd_pcm"}, "snd_pcm"},
		{"ab", []string{"xy"}, ""},
		{"abc", []string{"abd", "abx"}, "abd"},
		{"ext5", []string{"exfat", "ext2"}, "ext2"},
		{"nope", []string{"none2", "mpe"}, ""},
		{"x", nil, ""},
		{"", []string{"a"}, ""},
		{"itn", []string{"int"}, "int"},
		{"power_save", []string{"power_save_controller", "power_safe"}, "power_safe"},
	} {
		if got := Nearest(test.name, test.names); got != test.want {
			t.Errorf("%q in %q: %q, want %q", test.name, test.names, got, test.want)
		}
	}
}
