package compare

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDepmodDuplicates has two modules of one name where depmod.d says which is taken, so that the order of directory entries
// does not count in C kmod either.
func TestDepmodDuplicates(t *testing.T) {
	for _, test := range []struct{ conf, paths string }{
		{"", "updates/a.ko kernel/a.ko"},
		{"", "updates/x/a.ko extra/a.ko"},
		{"search updates built-in\n", "updates/a.ko kernel/a.ko"},
		{"search built-in updates\n", "updates/a.ko kernel/a.ko"},
		{"search x built-in updates\n", "updates/a.ko kernel/a.ko x/a.ko"},
		{"search x built-in updates\nsearch updates x\nsearch built-in x\n", "updates/a.ko kernel/a.ko x/a.ko"},
		{"search built-in updates built-in x updates\n", "updates/a.ko kernel/a.ko x/a.ko"},
		{"search updates external built-in updates external\nexternal * BASE/ext\n", "updates/a.ko kernel/a.ko /ext/a.ko"},
		{"search external built-in updates external\nexternal * BASE/ext\n", "updates/a.ko kernel/a.ko /ext/a.ko"},
		{"search updates\nsearch x\n", "updates/a.ko x/a.ko kernel/a.ko"},
		{"search x\nsearch updates\n", "updates/a.ko x/a.ko kernel/a.ko"},
		{"search updates/ x\n", "updates/a.ko x/a.ko"},
		{"search updates/x k updates\n", "k/a.ko updates/x/a.ko"},
		{"search updates k updates/x\n", "k/a.ko updates/x/a.ko"},
		{"search updates/x updates\n", "updates/a.ko updates/x/a.ko"},
		{"search external updates built-in\nexternal * BASE/ext\n", "updates/a.ko /ext/a.ko kernel/a.ko"},
		{"search updates external built-in\nexternal * BASE/ext\n", "updates/a.ko /ext/a.ko"},
		{"search updates external built-in\nexternal * BASE/ext\n", "kernel/a.ko /ext/a.ko"},
		{"search built-in external\nexternal * BASE/ext\n", "kernel/a.ko /ext/a.ko"},
		{"search external\nexternal * BASE/ext\nexternal * BASE/ext2\n", "/ext2/a.ko /ext/a.ko"},
		{"search external\nexternal * BASE/ext2\nexternal * BASE/ext\n", "/ext2/a.ko /ext/a.ko"},
		{"external 6.1.* BASE/ext\nexternal ^5 BASE/ext2\nexternal 6\\\\.1 BASE/ext3\n", "/ext/b.ko /ext2/c.ko /ext3/d.ko a.ko"},
		{"external * BASE/none\nexternal * relative\nexternal * DIR/kernel\n", "kernel/a.ko /ext/a.ko"},
		{"external * BASE/a-ext\n", "extra/a.ko /a-ext/a.ko"},
		{"external * BASE/a-ext\nexternal * BASE/b-ext\n", "/a-ext/a.ko /b-ext/a.ko"},
		{"external * BASE/b-ext\nexternal * BASE/a-ext\n", "/a-ext/a.ko /b-ext/a.ko"},
		{"override a * kernel\n", "updates/a.ko kernel/a.ko"},
		{"override a * kernel/sub\n", "updates/a.ko kernel/sub/a.ko"},
		{"override a * kernel\n", "updates/a.ko kernel/sub/a.ko"},
		{"override a * kernel/\n", "updates/a.ko kernel/a.ko"},
		{"override a-b * kernel\n", "updates/a-b.ko kernel/a-b.ko"},
		{"override a_b * kernel\n", "updates/a-b.ko kernel/a-b.ko"},
		{"override a_b * kernel\n", "updates/a-b.ko kernel/a_b.ko"},
		{"override a * kernel\noverride a * extra\n", "updates/a.ko kernel/a.ko extra/a.ko"},
		{"override a ^6\\\\.[0-9]+ kernel\n", "updates/a.ko kernel/a.ko"},
		{"override a (5|7) kernel\noverride a [ kernel\noverride a 6.1.3 kernel\n", "updates/a.ko kernel/a.ko"},
		{"override a -test$ kernel\nexclude updates\n", "updates/a.ko kernel/a.ko"},
		{"override a * kernel\n", "updates/a.ko.xz kernel/a.ko.zst"},
		{"override a * kernel\noverride a.x * kernel\n", "updates/a.x.ko kernel/a.x.ko"},
		{"search\n # indented\n", "updates/a.ko kernel/a.ko"},
		{"exclude a.ko\n", "a.ko b.ko"},
		{"bogus\noverride a *\nexternal *\ninclude x\nmake_map_files no\n", "a.ko"},
	} {
		tr := newTree(t)
		replace := strings.NewReplacer("BASE", tr.base, "DIR", tr.path(""))
		tr.conf = replace.Replace(test.conf)
		for path := range strings.FieldsSeq(test.paths) {
			tr.module(path, tinyModule{modinfo: []string{"alias=of:" + path}})
		}
		if strings.Contains(test.conf, " # indented") {
			// D15 holds here too: an indented comment is a comment.
			tr.deviates(func(o *outcome) { o.Stderr = "" })
			continue
		}
		tr.same()
		if t.Failed() {
			t.Fatalf("%q %s", test.conf, test.paths)
		}
	}
}

// TestDepmodTies holds D3: where nothing says which of two is to be taken, it is the first path in the order of bytes. Under
// -v both are named.
func TestDepmodTies(t *testing.T) {
	for _, test := range []struct{ conf, paths, want, over string }{
		{"", "kernel/q/a.ko kernel/p/a.ko", "kernel/p/a.ko", "kernel/q/a.ko"},
		{"search k\n", "k/q/a.ko k/p/a.ko", "k/p/a.ko", "k/q/a.ko"},
		{"search built-in\n", "k/q/a.ko k/p/a.ko", "k/p/a.ko", "k/q/a.ko"},
		{"", "k/a.ko k/a.ko.xz k/a.ko.gz", "k/a.ko", ""},
		{"", "k/x/a.ko k/x-y/a.ko", "k/x-y/a.ko", "k/x/a.ko"},
		{"", "k/a_b.ko k/a-b.ko", "k/a-b.ko", "k/a_b.ko"},
		{"search updates updates/x\n", "updates/a.ko updates/x/a.ko", "updates/a.ko", "updates/x/a.ko"},
		{"override a * k\n", "k/a.ko.zst k/a.ko.xz", "k/a.ko.xz", "k/a.ko.zst"},
	} {
		tr := newTree(t)
		tr.conf = test.conf
		for path := range strings.FieldsSeq(test.paths) {
			tr.module(path, tinyModule{})
		}
		got := tr.run(Gomod)
		if got.files["modules.dep"] != test.want+":\n" || got.Stderr != "" {
			t.Errorf("%q %s: %q %q", test.conf, test.paths, got.files["modules.dep"], got.Stderr)
		}
		verbose := tr.run(Gomod, "-v")
		if test.over != "" && verbose.Stderr != "depmod: two modules of one name: "+tr.path(test.want)+" is taken, "+tr.path(test.over)+" is not\n" {
			t.Errorf("%q %s: %q", test.conf, test.paths, verbose.Stderr)
		}
	}
}

// TestDepmodConfigFolders has the default folders of depmod.d.
func TestDepmodConfigFolders(t *testing.T) {
	root := NewRoot(t)
	for _, path := range []string{"updates/a.ko", "kernel/a.ko", "extra/a.ko", "kernel/b.ko"} {
		root.Write("lib/modules/$RELEASE/"+path, string(tinyModule{}.bytes()))
	}
	root.Write("lib/modules/$RELEASE/modules.order", "kernel/b.ko\n")
	run := func(tool func(testing.TB, Call) Result, args ...string) outcome {
		result := tool(t, Call{Root: root.Dir, Argv: append([]string{"depmod"}, args...)})
		files := readFolder(t, root.Path("lib/modules/$RELEASE"))
		delete(files, "modules.order")
		for name := range files {
			os.Remove(filepath.Join(root.Path("lib/modules/$RELEASE"), name))
		}
		return outcome{result, files}
	}
	compare := func(args ...string) {
		t.Helper()
		want := run(Reference, args...)
		compareOutcomes(t, args, run(Gomod, args...), want)
	}
	compare()
	root.Write("usr/lib/depmod.d/a.conf", "search built-in updates\n")
	compare()
	compare("-C", "/dev/null")
	root.Write("run/depmod.d/a.conf", "search extra built-in\n")
	compare()
	root.Write("etc/depmod.d/a.conf", "")
	compare()
	root.Write("usr/local/lib/depmod.d/b.conf", "override a * kernel\nbad line\n")
	root.Write("lib/depmod.d/README", "bad too\n")
	compare()
	root.Write("etc/depmod.d/sub.conf/x", "")
	os.Symlink("nowhere", root.Path("etc/depmod.d/dangling.conf"))
	compare()
	compare("-C", "/lib/depmod.d", "-C", "/lib/depmod.d/README")
	compare(root.Release, "/lib/modules/"+root.Release+"/extra/a.ko")
	compare("-C", "README", "-n") // no slash
}

// TestDepmodQuick holds -A. C kmod sees only whole seconds.
func TestDepmodQuick(t *testing.T) {
	for _, change := range []func(tr *tree){
		func(*tree) {},
		func(tr *tree) { tr.module("kernel/new.ko", tinyModule{}) },
		func(tr *tree) { tr.module("new.ko.zst", tinyModule{}) },
		func(tr *tree) { tr.module("build/new.ko", tinyModule{}) },
		func(tr *tree) { tr.module("kernel/source/new.ko", tinyModule{}) },
		func(tr *tree) { tr.write("new.txt", "") },
		func(tr *tree) { tr.remove("kernel/a.ko") },
		func(tr *tree) { tr.write("modules.order", "kernel/a.ko\n") },
		func(tr *tree) { tr.remove("modules.dep") },
		func(tr *tree) { os.Symlink("nowhere", tr.path("dangling.ko")) },
		func(tr *tree) {
			tr.module("/other.ko", tinyModule{})
			os.Symlink(tr.path("/other.ko"), tr.path("linked.ko"))
		},
		func(tr *tree) { tr.remove("") },
	} {
		for _, args := range [][]string{{"-A"}, {"-A", "-a"}, {"-A", "-n"}, {"-A", treeRelease, "DIR/kernel/a.ko"}} {
			tr := newTree(t)
			chain(tr)
			for name, data := range tr.run(Reference).files {
				tr.write(name, data)
			}
			old := time.Now().Add(-time.Hour)
			filepath.WalkDir(tr.base, func(path string, _ os.DirEntry, _ error) error { return os.Chtimes(path, old, old) })
			change(tr)
			tr.same(args...)
		}
	}
}
