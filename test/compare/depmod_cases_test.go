package compare

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// chain puts modules a, b and c into a tree, each of which needs the next, and d, which needs nobody.
func chain(tr *tree) {
	tr.module("kernel/a.ko", tinyModule{modinfo: []string{"alias=pci:v*a", "alias=x-y[a-c]", "softdep=pre: d"}, exports: []string{"sa"}, needs: []string{"sb"}})
	tr.module("kernel/b-b.ko", tinyModule{modinfo: []string{"weakdep=d", "alias=pci:v*"}, exports: []string{"sb", "sb2"}, needs: []string{"sc", "sc"}})
	tr.module("kernel/sub/c.ko", tinyModule{exports: []string{"sc"}, modinfo: []string{"alias=devname:sub/c", "alias=char-major-10-200"}})
	tr.module("extra/d.ko", tinyModule{strings: []string{"sd", "se"}})
}

func TestDepmodOptions(t *testing.T) {
	tr := newTree(t)
	chain(tr)
	tr.write("/symvers", "0x1 unknown vmlinux EXPORT\nzz bad vmlinux x\n0x3 other drivers/x y\n0x9 sc vmlinux x\nshort\n0x1 three vmlinux\n\n 0x3   sp\tvmlinux\tx\n")
	tr.write("/map", "ffff R __ksymtab_unknown\nbad\nffff T other\nffff r __ksymtab_strings\nx y\n\nffff R __ksymtab_last")
	tr.module("needy.ko", tinyModule{needs: []string{"unknown", "?weak", "..dots", ".sc", "sa", "_under"}, crcs: map[string]uint64{"unknown": 1, "sc": 5, "sa": 0}})
	for _, args := range [][]string{
		{}, {"-a"}, {"-n"}, {"-w"}, {"-e"}, {"-n", "-v"}, {"--dry-run"}, {"-n", "-v", "-w", "-e"},
		{"-e", "-E", "BASE/symvers"}, {"-ae", "-F", "BASE/map"}, {"-e", "-E", "BASE/symvers", "-F", "BASE/map"}, {"-F", "BASE/map"}, {"-E", "BASE/symvers"},
		{"-E", "/nope"}, {"-F", "/nope"}, {"-F", "BASE"}, {"-P", "xx"}, {"-P", ""}, {"-P", "_", "-n", "-v", "-e", "-F", "BASE/map"}, {"-P", "s", "-nv"},
		{"-A", "-n"}, {"-u"}, {"-q"}, {"-r"}, {"--map"}, {"-b"}, {"--s"}, {"--sh", "--all=x"}, {"-n", "-m", "/nope"}, {"-n", "-m", "//lib/modules"}, {"-m", ""},
		{treeRelease, "-a", "-n"}, {treeRelease, "-n", "x.ko"}, {treeRelease, "/x.ko"}, {treeRelease, "-a", "/x.ko"},
		{treeRelease, "DIR/kernel/a.ko"}, {treeRelease, "DIR/kernel/a.ko", "DIR/kernel/b-b.ko", "DIR/kernel/a.ko"},
		{treeRelease, "DIR//kernel/b-b.ko", "DIR/kernel/a.ko", "DIR"}, {treeRelease, "DIR/kernel/a.ko", "/etc/passwd", "BASE/lib"}, {treeRelease, "/"},
		{"-b", "BASE/", "-nv"}, {"-b", "/nope"}, {"-b", "BASE/map"}, {"-o", "BASE/map"}, {"-o", "/proc/x"}, {"-o", "/proc/x", "-n"}, {"-m", "lib//modules/", "-nv"}, {"-b", "BASE//", "-m", "///lib/modules", "-nv"}, {"-b", "/" + strings.Repeat("x", 4090)}, {"-b", "/" + strings.Repeat("x", 300)},
		{"-C", "BASE/nope/", "-n"}, {"-C", "BASE/none.conf", "-C", "/dev/null", "-n"},
	} {
		tr.same(args...)
	}
}

func TestDepmodRelease(t *testing.T) {
	for _, release := range []string{"1", "1.", "1.x", "x", "1.2", " 1.2", "+1.+2", "1. 2", "1.2foo", "/a.ko", "", "-", "1.-2", "99999999999999999999.1", "0x1.2"} {
		check(t, Call{Argv: []string{"depmod", "-b", "/nope", "--", release}}, nil)
	}
	check(t, Call{Argv: []string{"depmod", "-b", "/nope"}}, nil)
	check(t, Call{Argv: []string{"/sbin/depmod", "-b", "nope", "-x"}}, nil)
}

// TestDepmodOrder has every kind of modules.order.
func TestDepmodOrder(t *testing.T) {
	for _, text := range []string{
		"", "kernel/sub/c.ko\nextra/d.ko\n", "extra/d.ko\nextra/d.ko\n# x\n\nkernel/a.ko\nnope.ko\n", "kernel/b_b.ko\nextra/d.ko\n", "kernel/b-b.ko\nextra/d.ko\n",
		"extra/d.ko\n" + strings.Repeat("x", 5000) + "\nkernel/a.ko\n", "extra/d.ko\n" + strings.Repeat("x", 4094) + "\nkernel/a.ko\n",
		"extra/d.ko\n" + strings.Repeat("x", 4095) + "\nkernel/a.ko\n", "extra/d.ko\n" + strings.Repeat("x", 4096) + "\nkernel/a.ko\n",
		"extra/d.ko \n kernel/a.ko\nkernel/a.ko\x00x\n", "extra/d.ko\r\nkernel/a.ko\n", "/extra/d.ko\n./kernel/a.ko\n", "kernel/foo.bar.ko\nextra/d.ko\n", "kernel/foo.ba\nextra/d.ko\n",
	} {
		tr := newTree(t)
		chain(tr)
		tr.module("kernel/foo.bar.ko", tinyModule{})
		tr.write("modules.order", text)
		tr.same("-v", "-n")
	}
	tr := newTree(t)
	chain(tr)
	tr.remove("modules.order", "modules.builtin", "modules.builtin.modinfo")
	tr.same()
	tr.same("-n")
	// D13: a last line without a newline counts.
	tr.write("modules.order", "extra/d.ko\nkernel/a.ko\n")
	want := tr.run(Reference)
	tr.write("modules.order", "extra/d.ko\nkernel/a.ko")
	compareOutcomes(t, []string{"D13"}, tr.run(Gomod), want)
}

func TestDepmodBuiltin(t *testing.T) {
	tr := newTree(t)
	tr.write("modules.builtin", "kernel/a/b-c.ko\n1bad\n\n kernel/x.ko\nkernel/\nfoo\nz/last.ko.xz\nkernel/a/b_c.ko\nx\x00y\nend.ko")
	tr.write("modules.builtin.modinfo", "a.alias=x-y\x00a.alias=x[\x00nodot\x00c.alias=q\x00c.alias=q\x00d-e.alias=z\x00.alias=nomod\x00\x00f.alias=after\x00"+
		"a.license=GPL\x00c.alias=q-\x00a.b.alias=no\x00a.alias.x=no\x00=a.alias=zz\x00cut.alias=end")
	tr.same("-w")
	tr.write("modules.builtin", strings.Repeat("\n", 3)+"z.ko\n"+strings.Repeat("y", 4094)+".ko\n"+strings.Repeat("v/", 3000)+"v.ko\nw/"+strings.Repeat("w", 4093)+"/x.ko\n")
	tr.same()
}

func TestDepmodModinfo(t *testing.T) {
	tr := newTree(t)
	tr.module("m.ko", tinyModule{modinfo: []string{"alias", "softdep", "weakdep", "alias=", "alias=a[b", "alias=a]b", "alias=a-b[c-d]", "softdep=pre: a", "softdep=  x", "weakdep=b",
		"alias=a-b[c-d]", "alias=a_b[c-d]", "alias=" + strings.Repeat("l-", 2500), "alias=" + strings.Repeat("l-", 2047)}})
	tr.same("-w")
	tr.same("-w", "-n")
	for _, aliases := range [][]string{
		{"devname:x", "char-major-10-3"}, {"char-major-10-3", "char-major-12-*", "devname:x"}, {"char-major-10-3", "devname:x", "block-major-1-2"},
		{"devname:x", "char-major-10-*"}, {"devname:x"}, {"char-major-1-2"}, {"devname:a", "devname:b", "block-major-+1- 2x"},
		{"devname:", "char-major-1-99999999999"}, {"char-major-10-3", "char-major--5-7", "devname:x"}, {"devname:x y", "char-major-1-99999999999999999999999"},
		{"char-major-1 -2", "devname:x"}, {"block-major-8-1", "char-major-3-4", "devname:z"},
	} {
		var modinfo []string
		for _, alias := range aliases {
			modinfo = append(modinfo, "alias="+alias)
		}
		tr.module("m.ko", tinyModule{modinfo: modinfo})
		tr.module("n.ko", tinyModule{modinfo: []string{"alias=devname:n", "alias=block-major-1-2"}})
		tr.same()
	}
}

// TestDepmodCycles holds 5.9; the walks that C kmod never ends are in TestDepmodEndlessCycles.
func TestDepmodCycles(t *testing.T) {
	for _, test := range []struct{ edges, order string }{
		{"ab ba", "ab"}, {"ab ba", "ba"}, {"aa", "a"}, {"ab ba bx xy xz", "abxyz"}, {"ab ba bx xy xz", "xyzab"}, {"ab ba cd dc", "abcd"}, {"ab ba cd dc", "dacb"},
		{"ra rb ax bx xr", "rabx"}, {"hr ra rb ax bx xr", "rabxh"}, {"ab ba bc cb", "bac"}, {"ab bc ca at tu", "tuabc"}, {"ab bc cd de ea", "cdeab"},
	} {
		tr := graphTree(t, test.edges, test.order)
		tr.same()
		tr.same("-n")
	}
}

func graphTree(t *testing.T, edges, order string) *tree {
	tr := newTree(t)
	needs := make(map[string][]string)
	for edge := range strings.FieldsSeq(edges) {
		needs[edge[:1]] = append(needs[edge[:1]], "s_"+edge[1:])
	}
	var list strings.Builder
	for _, name := range strings.Split(order, "") {
		tr.module(name+".ko", tinyModule{exports: []string{"s_" + name}, needs: needs[name]})
		list.WriteString(name + ".ko\n")
	}
	tr.write("modules.order", list.String())
	return tr
}

// TestDepmodEndlessCycles holds D10 where C kmod does not end or fails an assertion: all modules in cycles are told.
func TestDepmodEndlessCycles(t *testing.T) {
	for _, test := range []struct{ edges, order, want string }{
		{"ab ba bc cb", "abc", "Cycle detected: a -> b -> a\nCycle detected: c -> b -> c\nFound 3 modules in dependency cycles!\n"},
		{"ab ba br rc cd dc", "rabcd", "Cycle detected: a -> b -> a\nCycle detected: c -> d -> c\nFound 4 modules in dependency cycles!\n"},
		{"ab ba br rc cd dc", "abrcd", "Cycle detected: a -> b -> a\nCycle detected: c -> d -> c\nFound 4 modules in dependency cycles!\n"},
	} {
		got := graphTree(t, test.edges, test.order).run(Gomod)
		if text := strings.ReplaceAll(got.Stderr, "depmod: ERROR: ", ""); text != test.want || got.Status != 1 || len(got.files) > 0 {
			t.Errorf("%s, order %s: %v %v", test.edges, test.order, got.Result, got.files)
		}
	}
}

// TestDepmodEntries has folders with all that a folder can have.
func TestDepmodEntries(t *testing.T) {
	tr := newTree(t)
	chain(tr)
	for _, name := range []string{".hidden/.h.ko", "x.ko.y.ko", "na me.ko", "build/no.ko", "source/no.ko", "kernel/build/no.ko", ".ko", "kernel/.ko.xz", "UP.KO", "t.ko.bak", "Z.ko.zst"} {
		tr.module(name, tinyModule{modinfo: []string{"alias=of:" + name}})
	}
	tr.write("modules.order", ".hidden/.h.ko\nx.ko.y.ko\n")
	os.Symlink("kernel/a.ko", tr.path("link.ko"))
	os.Symlink("nowhere", tr.path("dangling.ko"))
	tr.same("-v")
	os.Remove(tr.path("dangling.ko"))
	os.Symlink("nowhere", tr.path("kernel/sub/dangling"))
	tr.same()
	os.Remove(tr.path("kernel/sub/dangling"))
	syscall.Mkfifo(tr.path("kernel/fifo"), 0o644)
	tr.same()
	os.Remove(tr.path("kernel/fifo"))
	os.Symlink("/dev/null", tr.path("kernel/null.ko"))
	tr.same()
	os.Remove(tr.path("kernel/null.ko"))
	os.MkdirAll(tr.path("kernel/dir.ko"), 0o755)
	os.Symlink("../../extra", tr.path("kernel/sub/linked"))
	tr.remove("extra/d.ko")
	tr.module("extra/other.ko", tinyModule{})
	tr.conf = "exclude other.ko linked\nexclude a.ko\n"
	tr.same()
}
