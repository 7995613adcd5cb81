package compare

import (
	"os"
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
