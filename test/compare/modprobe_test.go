package compare

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gomod/test/need"
)

// cloudModules are a small tree with hard and soft dependencies.
var cloudModules = []string{
	"fs/btrfs/btrfs.ko.xz", "lib/raid6/raid6_pq.ko.xz", "crypto/xor.ko.xz", "lib/libcrc32c.ko.xz", "drivers/net/dummy.ko.xz",
}

// newModprobeRoot is a root with modules, a shell, and modprobe under both tools' own names: the commands of modprobe.d call it
// as $TOOLS/modprobe.
func newModprobeRoot(t *testing.T) *Root {
	t.Helper()
	root := NewRoot(t)
	root.Modules("6.12-cloud", cloudModules...)
	shell, err := os.ReadFile("/bin/busybox")
	if err != nil {
		need.Missing(t, "no static shell: test/setup.sh installs busybox-static")
	}
	for _, dir := range []string{"bin", "reference", "ours"} {
		root.must(os.MkdirAll(root.Path(dir), 0o755))
	}
	root.must(os.WriteFile(root.Path("bin/sh"), shell, 0o755))
	root.must(os.WriteFile(root.Path("reference/modprobe"), []byte("#!/bin/sh\nexec /kmod34/usr/lib64/ld-linux-x86-64.so.2 --argv0 modprobe "+
		"--library-path /kmod34/usr/lib/x86_64-linux-gnu /kmod34/usr/bin/kmod \"$@\"\n"), 0o755))
	root.must(os.Symlink("/gomod", root.Path("ours/modprobe")))
	return root
}

// loaded makes a module look loaded.
func (r *Root) loaded(name, refcnt string, holders ...string) {
	r.t.Helper()
	r.Write("sys/module/"+name+"/initstate", "live\n")
	r.Write("sys/module/"+name+"/refcnt", refcnt+"\n")
	r.must(os.MkdirAll(r.Path("sys/module/"+name+"/holders"), 0o755))
	for _, holder := range holders {
		r.must(os.MkdirAll(r.Path("sys/module/"+name+"/holders/"+holder), 0o755))
	}
}

// both gives what C kmod's modprobe and gomod's print; the first in gomod's form.
func both(t *testing.T, call Call) (want, got Result) {
	t.Helper()
	reference, ours := call, call
	reference.Env = append(slices.Clone(call.Env), "TOOLS=/reference")
	ours.Env = append(slices.Clone(call.Env), "TOOLS=/ours")
	want = Want(Reference(t, reference), "modprobe")
	want.Stderr = withoutAddresses(want.Stderr)
	return want, WithoutExplanations(Gomod(t, ours))
}

// withoutAddresses drops what C kmod says at -vv of addresses in its memory, and of its system calls when an index is a folder.
func withoutAddresses(stderr string) string {
	var kept strings.Builder
	for line := range strings.Lines(stderr) {
		address := strings.HasPrefix(line, "modprobe: INFO: custom logging function 0x") || strings.HasPrefix(line, "modprobe: INFO: context 0x")
		if !address && !strings.HasPrefix(line, "modprobe: ERROR: mmap(NULL") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// modprobe compares command lines without the tool's name, written as for commands. In a word a tab stands for a blank.
func modprobe(t *testing.T, root *Root, lines string, env ...string) {
	t.Helper()
	for line := range strings.Lines(lines) {
		line = strings.Trim(line, "\n \t")
		if line == "" {
			continue
		}
		want, got := both(t, Call{Root: root.Dir, Argv: modprobeWords(root, line), Env: env})
		if got != want {
			t.Errorf("modprobe %s (%q):\n got %v\nwant %v", line, env, got, want)
		}
	}
}

func modprobeWords(root *Root, line string) []string {
	words := []string{"modprobe"}
	for word := range strings.SplitSeq(line, " ") {
		words = append(words, strings.NewReplacer("''", "", "\t", " ", "$RELEASE", root.Release).Replace(word))
	}
	return words
}

// differs holds a deviation: what gomod gives, where C kmod gives something else.
func differs(t *testing.T, root *Root, deviation, line string, want Result, env ...string) {
	t.Helper()
	reference, got := both(t, Call{Root: root.Dir, Argv: modprobeWords(root, line), Env: env})
	if reference == want {
		t.Errorf("modprobe %s: C kmod gives what %s says that only gomod does", line, deviation)
	}
	if got != want {
		t.Errorf("modprobe %s: %s:\n got %v\nwant %v", line, deviation, got, want)
	}
}

func TestModprobeOptions(t *testing.T) {
	root := newModprobeRoot(t)
	modprobe(t, root, `
		''
		-x
		-Q
		-l
		-t
		--s
		--r
		--re
		--remove-
		--sho
		--show
		--show-
		--show-c
		--d
		--dr
		--du
		--f
		--force-
		--i
		--ig
		--v
		--c
		--w
		--q
		--use
		--first
		--set
		--a
		--res
		--all=1
		--config
		--config= -R dummy
		-C
		-w
		-w x -R dummy
		-w 5x -r dummy
		-w '' -R dummy
		-w 	7 -R dummy
		-w -5 -R dummy
		-w 08 -R dummy
		-w 0x -R dummy
		-w 0x1f -R dummy
		-w +3 -R dummy
		-w 0 -R dummy
		-w 017 -R dummy
		-w 99999999999999999999999 -R dummy
		-w1 -R dummy
		--wait=1 -R dummy
		-q
		-q -w x
		-qs -w x
		-s
		-R
		-r
		-a
		-D
		--
		-- -x
		-R -- dummy -x
		-aR dummy -x
		-qaR dummy nope xor
		-R dummy nope
		-Rq nope
		-nvS $RELEASE dummy
		-nvd / dummy
		-nvd . dummy
		-nvd ./ dummy
		-nvd /./ dummy
		-nvd /lib/.. dummy
		-nvd '' dummy
		-nvd / -S $RELEASE dummy
		-S nope -D dummy
		-S nope dummy
		-d /tmp -nv dummy
		-d tmp -nv dummy
		-S '' -D dummy
		-d lib/.. -S '' -D dummy
		-C /nope -nv dummy
		-C '' -nv dummy
		-C . -nv dummy
	`)
	modprobe(t, root, "-R dummy -x\n-R dummy -q\nnope -q", "POSIXLY_CORRECT=1")
}

// config is what most comparisons have in modprobe.d.
const configA = `alias foo dummy
alias foo xor
alias nope nosuchmodule
alias bi crc32c_generic
alias q? dummy
alias dotted dummy.ko
alias dash-alias raid6-pq
options foo fromalias=1
options dummy opt=2
options q? three=3
options raid6-pq x  y=" 1 "  
install inst echo inst "[$CMDLINE_OPTS]"; echo "M=$MODPROBE_MODULE O=$MODPROBE_OPTIONS"
options inst i=1
install fails exit 3
install failsopts exit 4 $CMDLINE_OPTS
remove rem echo removed "[$CMDLINE_OPTS]" $MODPROBE_MODULE
remove remfails exit 7
install mod_* echo pattern
install mod_x echo exact
softdep xor pre: dummy post: nope2
softdep dummy pre: xor
softdep needsbad pre: a[ q1
alias needsbad raid6_pq
softdep btrfs pre: sha256 crc32c
blacklist btrfs
alias blackalias btrfs
alias two raid6_pq
alias two btrfs
weakdep dummy raid6_pq
`

func TestModprobeInsertion(t *testing.T) {
	root := newModprobeRoot(t)
	root.Write("etc/modprobe.d/a.conf", configA)
	dummy := "/lib/modules/$RELEASE/kernel/drivers/net/dummy.ko.xz"
	root.command("cp", root.Path(dummy), root.Path("tmp/dummy.ko.xz"))
	root.command("cp", root.Path(dummy), root.Path("tmp/other-name.ko.xz"))
	root.command("cp", root.Path("/lib/modules/$RELEASE/kernel/fs/btrfs/btrfs.ko.xz"), root.Path("tmp/btrfs.ko.xz"))
	root.Write("tmp/text.ko", "no module\n")
	lines := `
		dummy
		-v dummy
		-q dummy
		foo
		-D foo
		-R foo
		-nv foo a=b c=d	e
		-n foo
		-nvq foo
		-nqv foo
		-nqvv foo
		nope
		-D nope
		-nv nope
		-R nope
		-v nope
		bi
		-D bi
		-nv bi
		-R bi
		--first-time bi
		--first-time crc32c_generic
		--first-time -D bi
		-D crc32c_generic
		-D crc32c-generic
		-D crc32c
		-R crc32c
		-D q1
		-nv q1
		dotted
		-R dotted
		-D dotted
		-nv dash-alias
		-nv dash_alias
		-nv raid6-pq
		-nv raid6_pq p=1
		-nv raid6_pq p= b '' x="1	2" y='1	2' z=	3 =	q w=a"b	c
		-nv RAID6_pq
		-D needsbad
		-nvi needsbad
		inst
		-q inst
		inst x=1
		-nv inst
		-nv inst x=1	y
		-D inst
		-Di inst
		-nvi inst
		-i inst
		-R inst
		fails
		-q fails
		-i fails
		-a fails inst
		failsopts x=1
		-a nosuch1 inst nosuch2
		-qa nosuch1 inst
		-nv mod_y
		-nv mod_x
		-nv mod-x
		btrfs
		-b btrfs
		-D btrfs
		-nvb btrfs
		-Db btrfs
		blackalias
		-nv blackalias
		-nvi blackalias
		-R blackalias
		-Rb btrfs
		-D two
		-Db two
		-nva two btrfs dummy
		-nvab two btrfs dummy
		-D fs-btrfs
		-R fs-btrfs
		-R devname:btrfs-control
		-R char-major-10-234
		-R char-major-10-[0-9]*
		-R char-major-10-*
		-D symbol:raid6_call
		-D symbol:raid6_call2
		-R symbol:nothing
		-R rtnl-link-dummy dummy
		-aR rtnl-link-dummy dummy nope3 xor
		-aD nope3 xor
		-D xyz.ko
		-nv dummy.ko
		-D DUMMY
		-D ''
		-a '' inst
		-R ''
		''
		a[
		-a a[ inst
		-q a[
		-R a[
		-R a]
		-R [a
		-R [a]
		-R a[-]b
		-nv ` + dummy + ` a=1
		-D ` + dummy + `
		-R ` + dummy + `
		` + dummy + `
		-D /tmp/dummy.ko.xz x=1
		-D ./tmp/dummy.ko.xz x=1
		-D tmp/dummy.ko.xz
		-D ../tmp/dummy.ko.xz
		-D /tmp/other-name.ko.xz
		-D /tmp/btrfs.ko.xz
		-Db /tmp/btrfs.ko.xz
		-aD /tmp/dummy.ko.xz /tmp/btrfs.ko.xz
		/tmp/text.ko
		-D /tmp/text.ko
		-D /tmp/nope.ko
		-aD /tmp/nope.ko raid6_pq
		-qD /tmp/nope.ko
		-D /
		-D ./
		-D /tmp
		-D /tmp/
		-D /tmp/text.ko/x
		-f dummy
		--force-vermagic -nv dummy
		--first-time -nv dummy
	`
	modprobe(t, root, lines)
	root.Write("etc/modprobe.d/b.conf", "options dummy more=1\nblacklist raid6_pq\nsoftdep raid6_pq pre: dummy\n")
	root.Write("proc/cmdline", "dummy.numdummies=3 quiet modprobe.blacklist=dummy \"xor.a=b c\" raid6_pq.flag\n")
	modprobe(t, root, lines)
	for _, name := range []string{"dummy", "raid6_pq", "nosuchmodule"} {
		root.loaded(name, "0")
	}
	modprobe(t, root, lines)
	modprobe(t, root, "--first-time dummy\n--first-time foo\n--first-time -n btrfs\n--first-time q1\n-a --first-time dummy raid6_pq xor\n--first-time -q dummy")
	for _, state := range []string{"coming\n", "going\n", "odd\n", "", "live"} {
		root.Write("sys/module/dummy/initstate", state)
		modprobe(t, root, "-nv dummy\n-D dummy\n--first-time -nv dummy\n-rnv dummy")
	}
}

// TestModprobeOddNames has operands that a table of words cannot hold.
func TestModprobeOddNames(t *testing.T) {
	root := newModprobeRoot(t)
	long := strings.Repeat("a", 5000)
	for _, name := range []string{
		long, "pci:" + long, "a\nb", "a b", "\x01\x7f\xff", "é", "alias:" + strings.Repeat("*", 300), strings.Repeat("[a]", 1500),
		strings.Repeat("[", 3000), strings.Repeat("a", 4094) + "[]", strings.Repeat("a", 4095) + "[", strings.Repeat("a", 4095) + "]",
		"fs-\\btrfs", "fs-btrfs*", "fs-btrfs?", "*", "?", "a*", "[*]", "dummy\n", " dummy", "dummy ", "%s%n", "\\", "dummy\\",
	} {
		for _, mode := range []string{"-R", "-D", "-nv", "-r"} {
			argv := []string{"modprobe", mode, name}
			want, got := both(t, Call{Root: root.Dir, Argv: argv})
			if mode == "-r" && want.Stderr == "" && want.Status == 1 {
				want.Stderr = got.Stderr // D29
				if !strings.Contains(got.Stderr, "unmatched bracket") {
					t.Errorf("%.60q: %q", argv, got.Stderr)
				}
			}
			if got != want {
				t.Errorf("%.60q:\n got %.300v\nwant %.300v", argv, got, want)
			}
		}
	}
}

func TestModprobeRemoval(t *testing.T) {
	root := newModprobeRoot(t)
	root.Write("etc/modprobe.d/a.conf", strings.NewReplacer("softdep dummy pre: xor\n", "softdep dummy post: raid6_pq\n",
		"softdep xor pre: dummy post: nope2\n", "softdep xor post: libcrc32c a[\n").Replace(configA)+
		"remove libcrc32c echo rm \"[$CMDLINE_OPTS]\"\n")
	lines := `
		-r rem
		-rv nope
		-rnv rem
		-rn rem
		-ri rem
		-rq rem
		-r remfails
		-ra remfails rem
		-rq remfails rem
		-r dummy
		-rnv dummy
		-rnvi dummy
		-rnva dummy xor
		-r --first-time dummy
		-ra --first-time dummy xor
		-r nope3
		-ra nope3 rem
		-rq nope3 rem
		-r nope3 rem
		-r bi
		-ra bi rem
		-rq bi rem
		-rnv crc32c_generic
		-rD crc32c_generic
		-rD dummy
		-rDv btrfs
		-rDi btrfs
		-rnv foo
		-rnv two
		-rnv xor
		-rnvi xor
		-rnv btrfs
		-rv btrfs
		-r btrfs
		-rf btrfs
		-rnvf btrfs
		-rnv --remove-holders xor
		-rnv --remove-dependencies xor
		--remove-holders -nv xor
		--remove-holders nope3
		-rnv --remove-holders raid6_pq
		-rnva --remove-holders raid6_pq dummy
		-r --remove-holders xor
		-rnv -w 3 xor
		-r -w 3 xor
		-rnv dummy.ko
		-rnv /lib/modules/$RELEASE/kernel/drivers/net/dummy.ko.xz
		-rnv ''
		-r DUMMY
		-r inst
		-rnv inst
		--first-time -r inst
		--first-time -rn rem
		-rnv blackalias
		-rnvb btrfs
	`
	modprobe(t, root, lines)
	root.loaded("btrfs", "0")
	root.loaded("xor", "1", "btrfs")
	root.loaded("raid6_pq", "2", "btrfs", "dummy", "xor")
	root.loaded("libcrc32c", "0")
	root.loaded("dummy", "0")
	root.loaded("inst", "0")
	modprobe(t, root, lines)
	root.loaded("raid6_pq", "0")
	root.loaded("xor", "0")
	modprobe(t, root, lines)
	root.must(os.Remove(root.Path("sys/module/dummy/refcnt")))
	root.Write("sys/module/xor/refcnt", "x\n")
	root.must(os.RemoveAll(root.Path("sys/module/raid6_pq/holders")))
	modprobe(t, root, lines)
	root.must(os.Remove(root.Path("sys/module/dummy/initstate")))
	root.must(os.Remove(root.Path("sys/module/xor/initstate")))
	modprobe(t, root, lines)
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
