package compare

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestModprobeConfigFiles(t *testing.T) {
	root := newModprobeRoot(t)
	root.Write("etc/modprobe.d/a.conf", "bad line\noptions dummy a=1\nsoftdep\nalias x\ninclude foo\nblacklist\noptions q\ninstall q\nalias a[ b\n")
	root.Write("etc/modprobe.d/README", "bad\n")
	root.Write("etc/modprobe.d/.hidden.conf", "bad\n")
	root.Write("run/modprobe.d/a.conf", "options dummy hidden=1\n")
	root.Write("run/modprobe.d/b.conf", "options dummy run=1\n")
	root.Write("usr/lib/modprobe.d/b.conf", "options dummy usrlib=1\n")
	root.Write("usr/lib/modprobe.d/0.conf", "options dummy first=1 \\\n second=2\n")
	root.Write("usr/local/lib/modprobe.d/c.conf", "options dummy local=1\r\n")
	root.Write("lib/modprobe.d/z.conf", "options dummy lib=1")
	root.must(os.MkdirAll(root.Path("etc/modprobe.d/folder.conf"), 0o755))
	root.must(os.Symlink("/dev/null", root.Path("etc/modprobe.d/z.conf")))
	root.Write("dev/null", "")
	root.Write("single", "options dummy single=1\n")
	root.Write("proc/cmdline", "dummy[.x=1 dummy.cmd=\"1 2\" modprobe.blacklist=xor,raid6_pq a.b.c=1")
	modprobe(t, root, `
		-nv dummy
		-c
		-c -C /single
		-nv -C /single dummy
		-nv -C single -C /run/modprobe.d dummy
		-nv -C /run/modprobe.d -C /single dummy
		-nv -C /single -C /single dummy
	`)
	for _, call := range []string{"-q -R dummy", "-s -R dummy"} {
		_, got := both(t, Call{Root: root.Dir, Argv: modprobeWords(root, call)})
		// D18: these messages obey -q and -s.
		if want := (Result{Stdout: "dummy\n"}); got != want {
			t.Errorf("%s: got %v", call, got)
		}
	}
	root.must(os.Remove(root.Path("proc/cmdline")))
	modprobe(t, root, "-nv dummy")
	root.must(os.Mkdir(root.Path("proc/cmdline"), 0o755))
	modprobe(t, root, "-nv dummy")
	root.must(os.RemoveAll(root.Path("proc")))
	modprobe(t, root, "-nv dummy")
}

func TestModprobeIndexes(t *testing.T) {
	root := newModprobeRoot(t)
	root.Write("etc/modprobe.d/a.conf", "alias foo dummy\ninstall inst echo inst\n")
	root.Write("lib/modules/$RELEASE/modules.builtin.modinfo", "dummy.alias=both:*\x00crc32c_generic.alias=both:x\x00crc32c_generic.alias=crc32c\x00")
	root.Depmod()
	dir := root.Path("lib/modules/$RELEASE")
	lines := "-aR dummy foo fs-btrfs crc32c crc32c_generic both:x symbol:raid6_call inst nope3\n-D btrfs\n-nv btrfs\n-q -R dummy\n-D both:x\n-D crc32c_generic\n-nv fs-btrfs\n-rnv dummy"
	modprobe(t, root, lines+"\n-c")
	for _, name := range []string{"dep", "alias", "symbols", "builtin.alias", "builtin"} {
		path := filepath.Join(dir, "modules."+name+".bin")
		whole, err := os.ReadFile(path)
		root.must(err)
		for _, content := range []string{
			"", "short", "BADMAGICxxxxxxxxxxxx", "\xb0\x07\xf4\x57\x00\x03\x00\x01\x00\x00\x00\x0c", "\xb0\x07\xf4\x57\x00\x02\x00\x09\x00\x00\x00\x0c",
			"\xb0\x07\xf4\x57\x00\x02\x00\x01\x00\x00\x00\x00",
		} {
			root.must(os.WriteFile(path, []byte(content), 0o644))
			modprobe(t, root, lines)
		}
		root.must(os.Remove(path))
		modprobe(t, root, lines+"\n-c")
		root.must(os.Mkdir(path, 0o755))
		modprobe(t, root, lines)
		root.must(os.Remove(path))
		root.must(os.WriteFile(path, whole, 0o644))
	}
	bad := func(names ...string) {
		for _, name := range names {
			root.must(os.WriteFile(filepath.Join(dir, "modules."+name+".bin"), []byte("BADMAGICxxxxxxxxxxxx"), 0o644))
		}
		modprobe(t, root, lines)
	}
	bad("builtin.alias", "builtin")
	bad("symbols")
	bad("dep", "alias")
	root.must(os.RemoveAll(dir))
	modprobe(t, root, lines+"\n-c")
}

func TestModprobeShow(t *testing.T) {
	root := newModprobeRoot(t)
	root.Write("etc/modprobe.d/a.conf", strings.Replace(configA, "pre: dummy post: nope2", "post: nope2", 1)+"softdep\tz\tword\nsoftdep z\tpre:\n")
	root.Write("tmp/text.ko", "no module\n")
	root.Write("tmp/empty.ko", "")
	module := func(name string) string { return "/lib/modules/$RELEASE/kernel/" + name }
	modprobe(t, root, `
		--show-modversions `+module("drivers/net/dummy.ko.xz")+`
		--dump-modversions `+module("drivers/net/dummy.ko.xz")+`
		--show-modversions ./`+module("drivers/net/dummy.ko.xz")+`
		--show-modversions lib/modules/$RELEASE/kernel/drivers/net/dummy.ko.xz
		--show-exports `+module("drivers/net/dummy.ko.xz")+`
		--show-exports `+module("lib/raid6/raid6_pq.ko.xz")+`
		--show-exports `+module("lib/raid6/raid6_pq.ko.xz")+` more
		--show-exports -c `+module("lib/raid6/raid6_pq.ko.xz")+`
		--show-exports --show-modversions `+module("lib/raid6/raid6_pq.ko.xz")+`
		-r --show-exports `+module("drivers/net/dummy.ko.xz")+`
		-a --show-exports `+module("drivers/net/dummy.ko.xz")+`
		-q --show-exports `+module("drivers/net/dummy.ko.xz")+`
		--show-exports /nope
		--show-exports ./nope
		--show-exports nope3
		-q --show-exports nope3
		--show-modversions nope3
		--show-exports a[
		--show-exports ''
		--show-exports /tmp/text.ko
		--show-modversions /tmp/text.ko
		--show-exports /tmp
		--show-modversions /
		--show-exports
		-c
		-c x
		-c -w 5
		-cq
		-c -S nope
		-c -S nope -C /nope
		-c -C /etc/modprobe.d/a.conf
		-c -C etc/modprobe.d
		-cC /nope
		--showconfig
		--show-config
		-c -R dummy
	`)
}
