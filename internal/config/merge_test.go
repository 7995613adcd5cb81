package config

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// below gives the paths below root.
func below(root string, paths ...string) []string {
	for i := range paths {
		paths[i] = root + "/" + paths[i]
	}
	return paths
}

// relative takes root out of messages.
func relative(root string, texts []string) []string {
	for i := range texts {
		texts[i] = strings.ReplaceAll(texts[i], root, "")
	}
	return texts
}

// What C kmod 34.2 makes of each was looked at.
func TestMerge(t *testing.T) {
	root := tree(t, map[string]string{
		"c/a.conf": "blacklist c_a", "c/B.conf": "blacklist c_B", "c/.h.conf": "blacklist c_hidden", "c/noext": "blacklist c_noext",
		"c/.conf": "blacklist x", "c/conf": "blacklist x", "c/a.conf.bak": "blacklist x", "c/u.CONF": "blacklist x", "c/dir/": "",
		"c/null.conf": "-> /dev/null", "c/empty.conf": "",
		"d/a.conf": "blacklist d_a", "d/null.conf": "blacklist d_null", "d/empty.conf": "blacklist d_empty", "d/z.conf": "blacklist d_z",
		"e/z.conf": "blacklist e_z", "e/other.conf": "blacklist e_other",
		"dlink": "-> d", "zlink": "-> d/z.conf", "loop": "-> loop", "dangling": "-> nowhere",
	})
	all := []string{"blacklist d_a", "blacklist d_empty", "blacklist d_null", "blacklist d_z"}
	tests := []struct {
		paths string
		want  []string
	}{
		{"c d", []string{"blacklist c_B", "blacklist c_a", "blacklist d_z"}},
		{"d c", []string{"blacklist c_B", "blacklist d_a", "blacklist d_empty", "blacklist d_null", "blacklist d_z"}},
		{"c c", []string{"blacklist c_B", "blacklist c_a"}},
		{"c/noext", []string{"blacklist c_noext"}},
		{"c/noext c", []string{"blacklist c_B", "blacklist c_a", "blacklist c_noext"}},
		{"c/.h.conf d", append([]string{"blacklist c_hidden"}, all...)},
		{"e/z.conf d", []string{"blacklist d_a", "blacklist d_empty", "blacklist d_null", "blacklist e_z"}},
		{"d e/z.conf", all},
		{"d//z.conf", []string{"blacklist d_z"}},
		{"e/../d/z.conf e", []string{"blacklist e_other", "blacklist d_z"}},
		{"d/", all},
		{"dlink", all},
		{"zlink d", append(all, "blacklist d_z")},
		{"missing", nil},
		{"missing d missing/x", all},
		{"loop dangling d", all},
		{"d/z.conf/ e", []string{"blacklist e_other", "blacklist e_z"}},
		{"d/z.conf/x", nil},
	}
	for _, test := range tests {
		t.Run(test.paths, func(t *testing.T) {
			expect(t, Load(Sources{Paths: below(root, strings.Fields(test.paths)...)}), test.want, nil)
		})
	}
	expect(t, Load(Sources{Paths: []string{""}}), nil, nil)
}

func TestMergeProblems(t *testing.T) {
	root := tree(t, map[string]string{
		"c/b.conf": "-> nowhere", "c/c.conf": "-> c.conf", "c/d.conf/": "", "c/e.conf": "-> d.conf", "c/z.conf": "bad",
		"d/b.conf": "blacklist b", "d/d.conf": "blacklist d", "d/a.conf": "worse",
	})
	c := Load(Sources{Paths: below(root, "c", "d")})
	equal(t, printed(c), []string{"blacklist b", "blacklist d"})
	got := relative(root, complaints(c))
	// Those of one folder come in the order of its file system.
	slices.Sort(got[:4])
	equal(t, got, []string{
		"Cannot stat directory entry: /c/b.conf",
		"Cannot stat directory entry: /c/c.conf",
		"Directories inside directories are not supported: /c/d.conf",
		"Directories inside directories are not supported: /c/e.conf",
		"/d/a.conf line 1: ignoring bad line starting with 'worse'",
		"/c/z.conf line 1: ignoring bad line starting with 'bad'",
	})
	equal(t, relative(root, complaints(Load(Sources{Paths: below(root, "c/")})))[4:], []string{
		"/c//z.conf line 1: ignoring bad line starting with 'bad'"})
}

// The order is the file system's, as in C kmod.
func TestMergeProblemOrder(t *testing.T) {
	root := t.TempDir()
	for i := range 50 {
		if err := os.Symlink("nowhere", filepath.Join(root, strconv.Itoa(i*i)+".conf")); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := os.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range names {
		names[i] = "Cannot stat directory entry: /" + names[i]
	}
	equal(t, relative(root, complaints(Load(Sources{Paths: []string{root}}))), names)
}

func TestOtherNames(t *testing.T) {
	root := tree(t, map[string]string{"c/a.conf": "", "c/.b": "", "c/.conf": "", "c/d": ""})
	m := merger{noteOtherNames: true}
	m.add(root + "/c")
	equal(t, m.problems, []Problem{{Kind: OtherName, Where: Where{File: root + "/c/d"}}})
	equal(t, m.merged(), []source{{path: root + "/c/a.conf", name: "a.conf"}})
}

// What C kmod 34.2 makes of them was looked at; but it obeys any line of modules.weakdep.
func TestModuleDir(t *testing.T) {
	root := tree(t, map[string]string{
		"m/modules.softdep": "bad1\nsoftdep a pre: k1\n", "m/modules.weakdep": "weakdep a k2\nbad2\nblacklist k\noptions a x=k\n",
		"g/zz.conf": "softdep a pre: g2\nbad3", "g/a.conf": "softdep a pre: g1\nbad4",
		"g/modules.softdep": "softdep a pre: g3\n", "empty/": "",
	})
	cmdline := []byte("].x a.y=c modprobe.blacklist=z")
	const badName = "Ignoring bad option on kernel command line while parsing module name: ']'"
	kernels := []string{
		"/m/modules.softdep line 1: ignoring bad line starting with 'bad1'", "/m/modules.weakdep line 2: ignoring bad line starting with 'bad2'",
		"/m/modules.weakdep line 3: ignoring bad line starting with 'blacklist'", "/m/modules.weakdep line 4: ignoring bad line starting with 'options'",
	}

	c := Load(Sources{Paths: below(root, "g"), ModuleDir: root + "/m", Cmdline: cmdline})
	equal(t, printed(c), []string{"blacklist z", "options a y=c",
		"softdep a pre: g1", "softdep a pre: k1", "softdep a pre: g2", "weakdep a k2"})
	equal(t, relative(root, complaints(c)), []string{"/g/a.conf line 2: ignoring bad line starting with 'bad4'", kernels[0], kernels[1], kernels[2], kernels[3],
		"/g/zz.conf line 2: ignoring bad line starting with 'bad3'", badName})

	c = Kernel(root+"/m", cmdline)
	equal(t, printed(c), []string{"blacklist z", "options a y=c", "softdep a pre: k1", "weakdep a k2"})
	equal(t, relative(root, complaints(c)), append(kernels, badName))

	// The module folder's files hide others of their name, and even do so when there are none.
	expect(t, Load(Sources{Paths: below(root, "g/modules.softdep"), ModuleDir: root + "/empty"}), nil, nil)
	expect(t, Load(Sources{Paths: below(root, "g/modules.softdep")}), []string{"softdep a pre: g3"}, nil)
	c = Load(Sources{Paths: below(root, "g/modules.softdep"), ModuleDir: root + "/m"})
	equal(t, printed(c), []string{"softdep a pre: k1", "weakdep a k2"})
	expect(t, Kernel(root+"/missing", nil), nil, nil)
}

func TestDirectories(t *testing.T) {
	equal(t, Directories("", "/etc", "/usr/lib", "modprobe.d"), []string{
		"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"})
	root := tree(t, map[string]string{
		"etc/modprobe.d/a.conf": "blacklist etc", "run/modprobe.d/a.conf": "blacklist run", "run/modprobe.d/b.conf": "blacklist run",
		"usr/local/lib/modprobe.d/b.conf": "blacklist local", "usr/local/lib/modprobe.d/c.conf": "blacklist local",
		"usr/lib/modprobe.d/c.conf": "blacklist dist", "usr/lib/modprobe.d/d.conf": "blacklist dist",
		"lib/modprobe.d/d.conf": "blacklist lib", "lib/modprobe.d/e.conf": "blacklist lib",
	})
	expect(t, Load(Sources{Paths: Directories(root, "/etc", "/usr/lib", "modprobe.d")}),
		[]string{"blacklist etc", "blacklist run", "blacklist local", "blacklist dist", "blacklist lib"}, nil)
}

// unprivileged runs f without root's right to read everything.
func unprivileged(t *testing.T, f func()) {
	if os.Geteuid() == 0 {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := unix.Setfsuid(65534); err != nil {
			t.Fatal(err)
		}
		defer unix.Setfsuid(0)
	}
	f()
}

// What C kmod 34.2 makes of each was looked at.
func TestUnreadable(t *testing.T) {
	root := tree(t, map[string]string{
		"closed/sub/a.conf": "blacklist x", "unlisted/x.conf": "blacklist x", "unsearchable/r.conf": "blacklist x",
		"q/z.conf": "blacklist qz", "q/a.conf": "blacklist qa", "d/a.conf": "blacklist da", "d/z.conf": "blacklist dz",
	})
	// The testing package keeps its folders to their owner.
	if err := os.Chmod(filepath.Dir(root), 0o755); err != nil {
		t.Fatal(err)
	}
	modes := []struct {
		path             string
		closed, reopened os.FileMode
	}{{"closed", 0, 0o755}, {"unlisted", 0o711, 0o755}, {"unsearchable", 0o744, 0o755}, {"q/z.conf", 0, 0o644}}
	for _, m := range modes {
		path := filepath.Join(root, m.path)
		if os.Geteuid() != 0 && m.path == "unlisted" {
			m.closed = 0o311
		}
		if os.Geteuid() != 0 && m.path == "unsearchable" {
			m.closed = 0o644
		}
		if err := os.Chmod(path, m.closed); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(path, m.reopened)
	}
	tests := []struct {
		paths           string
		lines, problems []string
	}{
		{"closed", nil, []string{"opendir(/closed): permission denied"}},
		{"closed/sub closed/sub/a.conf d", []string{"blacklist da", "blacklist dz"}, nil},
		{"unlisted", nil, []string{"opendir(/unlisted): permission denied"}},
		{"unlisted/x.conf", []string{"blacklist x"}, nil},
		{"unsearchable", nil, []string{"Cannot stat directory entry: /unsearchable/r.conf"}},
		{"q d", []string{"blacklist qa"}, nil},
		{"q/z.conf d", []string{"blacklist da"}, nil},
	}
	for _, test := range tests {
		t.Run(test.paths, func(t *testing.T) {
			var c *Config
			unprivileged(t, func() { c = Load(Sources{Paths: below(root, strings.Fields(test.paths)...)}) })
			equal(t, printed(c), test.lines)
			equal(t, relative(root, complaints(c)), test.problems)
		})
	}
}

func TestManyFiles(t *testing.T) {
	root := t.TempDir()
	var want []string
	for i := range 10_000 {
		name := strconv.Itoa(10_000 + i)
		if err := os.WriteFile(filepath.Join(root, name+".conf"), []byte("blacklist m"+name), 0o644); err != nil {
			t.Fatal(err)
		}
		want = append(want, "blacklist m"+name)
	}
	expect(t, Load(Sources{Paths: []string{root, root}}), want, nil)
}
