package compare

import "testing"

// TestEnvironment compares what each tool says of the files that it looks at before its work. With -s gomod says it to the
// system's log (D18), C kmod to standard error.
func TestEnvironment(t *testing.T) {
	calls := `
		insmod /nope
		insmod
		rmmod nope
		lsmod
		lsmod x
		kmod list
		kmod static-nodes
		modinfo nope
		modinfo
	`
	for name, files := range map[string]map[string]string{
		"compression":     {"sys/module/compression": "lzma\n"},
		"softdep":         {"lib/modules/$RELEASE/modules.softdep": "softdep a pre: b\nnonsense a b\nsoftdep c\nalias a[ b\ninclude x\n"},
		"weakdep":         {"lib/modules/$RELEASE/modules.weakdep": "weakdep a b\nbad\nweakdep\n"},
		"command line":    {"proc/cmdline": "quiet a[.b=1 modprobe.blacklist=x a].c x.y=\"1 2\"\n"},
		"everything":      {"proc/cmdline": "a].b", "sys/module/compression": "\n", "lib/modules/$RELEASE/modules.softdep": "x\n"},
		"no command line": {"proc/cmdline/folder": ""},
	} {
		t.Run(name, func(t *testing.T) {
			root := NewRoot(t)
			for path, content := range files {
				root.Replace(path, content)
			}
			commands(t, root, calls)
		})
	}
}

// TestModinfoLookup compares how modinfo finds what its operands stand for.
func TestModinfoLookup(t *testing.T) {
	root := NewRoot(t)
	root.Modules("6.12-cloud", "drivers/net/dummy.ko.xz", "drivers/net/veth.ko.xz", "crypto/crc32_generic.ko.xz",
		"crypto/ansi_cprng.ko.xz", "net/ipv4/netfilter/ip_tables.ko.xz")
	root.Write("tmp/text.ko", "no module\n")
	root.Write("tmp/folder.ko/x", "")
	root.Write("tmp/ext4.ko", "")
	commands(t, root, `
		modinfo -n dummy
		modinfo -n dummy veth nope
		modinfo -n rtnl-link-veth
		modinfo -n rtnl_link_dummy
		modinfo -m -n dummy
		modinfo -m -n rtnl-link-dummy
		modinfo -m -n dummy.ko
		modinfo -m nope
		modinfo -n crypto-stdrng
		modinfo -n crypto-crc32
		modinfo -n symbol:ipt_do_table
		modinfo -n symbol:nope
		modinfo configfs
		modinfo -n configfs
		modinfo -F name configfs
		modinfo -F license configfs
		modinfo -0 configfs
		modinfo -p configfs
		modinfo -m configfs
		modinfo -m printk
		modinfo printk
		modinfo -n fs-configfs
		modinfo a[
		modinfo a]b
		modinfo -m a[
		modinfo a[-]b
		modinfo ''
		modinfo -m ''
		modinfo /tmp/text.ko
		modinfo /tmp/none.ko
		modinfo /tmp/folder.ko
		modinfo /tmp/ext4.ko
		modinfo -n tmp/text.ko
		modinfo -n ./tmp/text.ko
		modinfo -k 1.2.3 dummy
		modinfo -k $RELEASE -n dummy
		modinfo -b / -n dummy
		modinfo -b // -k $RELEASE -n dummy
		modinfo -b . -n dummy
		modinfo -b nope -n dummy
		modinfo -k nope/../$RELEASE -n dummy
		modinfo -F filename -F license dummy
		modinfo -a -F filename -n -d dummy
		modinfo dummy -F vermagic
		modinfo -- dummy -F
		modinfo /lib/modules/$RELEASE/kernel/drivers/net/dummy.ko.xz -n
	`)
}

// TestModinfoBothBuiltinAndFile has a module that modules.dep and modules.builtin both name.
func TestModinfoBothBuiltinAndFile(t *testing.T) {
	root := NewRoot(t)
	root.Modules("6.12-cloud", "drivers/net/dummy.ko.xz")
	root.Write("lib/modules/$RELEASE/modules.builtin", "kernel/drivers/net/dummy.ko\nkernel/x/other-one.ko\n")
	root.Write("lib/modules/$RELEASE/modules.builtin.modinfo",
		"dummy.license=none\x00dummy.alias=foo-bar\x00dummy.parm=a:b\x00other_one.alias=x[-]y\x00other_one.noequals\x00dummy.late=1\x00")
	root.Depmod()
	commands(t, root, `
		modinfo dummy
		modinfo -n dummy
		modinfo foo-bar
		modinfo -0 foo-bar
		modinfo other-one
		modinfo x[-]y
		modinfo -F alias foo_bar
		modinfo /lib/modules/$RELEASE/kernel/drivers/net/dummy.ko.xz
	`)
	root.Write("lib/modules/$RELEASE/modules.builtin.modinfo", "nodot\x00dummy.license=none\x00")
	commands(t, root, "modinfo dummy\nmodinfo other_one\nmodinfo rtnl-link-dummy")
	root.Write("lib/modules/$RELEASE/modules.builtin.modinfo", "dummy.x=y\x00other_one.novalue\x00other_one.a=b")
	commands(t, root, "modinfo dummy\nmodinfo other_one")
	root.Remove("lib/modules/$RELEASE/modules.builtin.modinfo")
	commands(t, root, "modinfo dummy\nmodinfo other_one\nmodinfo foo-bar")
}
