package config

import (
	"testing"
)

func TestAliasesOf(t *testing.T) {
	c := parsed("alias gm-* b\nalias x y\nalias gm_[a-c] d\nalias gm_? e\n")
	equal(t, c.AliasesOf("gm_c"), []Alias{
		{"gm_*", "b", Where{"a.conf", 1}}, {"gm_[a-c]", "d", Where{"a.conf", 3}}, {"gm_?", "e", Where{"a.conf", 4}},
	})
	equal(t, c.AliasesOf("gm"), []Alias(nil))
}

// What C kmod 34.2 does was looked at with modprobe -D.
func TestOptionsOf(t *testing.T) {
	c := parsed("options gm_c a=1\noptions gm_* b=2\noptions gm-cal c=3\noptions gm_cal d=4\noptions gm_cal  \noptions gm_c? e=5\n")
	c.addCmdline([]byte("gm_c. gm-cal.f=6 gm_c.g"))
	for _, test := range []struct{ name, alias, want string }{
		{"gm_c", "", "a=1 g"},
		{"gm_c", "gm_c", "a=1 g"},
		{"gm_c", "gm_cal", "a=1 c=3 d=4   f=6 g"},
		{"gm_c", "gm_c?", "a=1 e=5 g"},
		{"gm_x", "", ""},
	} {
		equal(t, JoinOptions(c.OptionsOf(test.name, test.alias)), test.want)
	}
	equal(t, c.OptionsOf("gm_c", ""), []Options{{"gm_c", "a=1", Where{"a.conf", 1}}, {"gm_c", "g", Where{"/proc/cmdline", 0}}})
	c.addCmdline([]byte(".x=1"))
	equal(t, JoinOptions(c.OptionsOf("gm_c", "")), "a=1 g")
}

// What C kmod 34.2 does was looked at with modprobe -D.
func TestCommands(t *testing.T) {
	c := parsed("install gm_c? 1\ninstall gm_c 2\ninstall gm_* 3\nremove gm_* 4\nremove zork 5\nremove bork 6\ninstall bork 7\n")
	for _, test := range []struct {
		get        func(string) (Command, bool)
		name, want string
	}{
		{c.InstallOf, "gm_cx", "1"}, {c.InstallOf, "gm_c", "2"}, {c.InstallOf, "gm_dx", "3"}, {c.InstallOf, "x", ""},
		{c.RemoveOf, "gm_c", "4"}, {c.RemoveOf, "zork", "5"}, {c.RemoveOf, "x", ""},
		{c.CommandNamed, "gm_c", "2"}, {c.CommandNamed, "gm_cx", ""}, {c.CommandNamed, "gm_*", "3"},
		{c.CommandNamed, "zork", "5"}, {c.CommandNamed, "bork", "7"},
	} {
		command, ok := test.get(test.name)
		if command.Command != test.want || ok != (test.want != "") {
			t.Errorf("%s: got %q, %v, want %q", test.name, command.Command, ok, test.want)
		}
	}
}

func TestBlacklistOf(t *testing.T) {
	c := parsed("blacklist b-*\nblacklist a-b\nblacklist a_b\n")
	if entry, ok := c.BlacklistOf("a_b"); !ok || entry.Line != 2 {
		t.Errorf("got %v, %v", entry, ok)
	}
	if entry, ok := c.BlacklistOf("b_c"); ok {
		t.Errorf("got %v: a pattern is no pattern here", entry)
	}
}

// D6 says what is expected.
func TestSoftdepOf(t *testing.T) {
	tests := []struct {
		name     string
		files    map[string]string
		pre      []string
		post     []string
		file     string
		line     int
		ofModule bool
	}{
		{"none", map[string]string{"a.conf": "softdep x pre: b"}, nil, nil, "", 0, false},
		{"kernel's", map[string]string{"modules.softdep": "softdep m pre: a\nsoftdep n pre: b\nsoftdep m post: c pre: d\n"},
			[]string{"a", "d"}, []string{"c"}, "modules.softdep", 1, true},
		{"a later name beats the kernel's", map[string]string{"modules.softdep": "softdep m pre: a", "zz.conf": "softdep m post: b"},
			nil, []string{"b"}, "zz.conf", 1, false},
		{"an earlier name beats the kernel's", map[string]string{"modules.softdep": "softdep m pre: a", "aa.conf": "softdep m post: b"},
			nil, []string{"b"}, "aa.conf", 1, false},
		{"the first file wins", map[string]string{"b.conf": "#\nsoftdep m* pre: a", "c.conf": "softdep m pre: b", "a.conf": "softdep n pre: c"},
			[]string{"a"}, nil, "b.conf", 2, false},
		{"the first file behind the kernel's wins", map[string]string{"modules.softdep": "softdep m pre: a",
			"y.conf": "softdep m pre: b", "z.conf": "softdep m pre: c"}, []string{"b"}, nil, "y.conf", 1, false},
		{"all lines of the file count", map[string]string{"a.conf": "softdep m pre: a\nsoftdep [lm] pre: b c\nsoftdep m x post: d\n"},
			[]string{"a", "b", "c"}, []string{"d"}, "a.conf", 1, false},
		{"each name once", map[string]string{"a.conf": "softdep m pre: a-b c post: c\nsoftdep m pre: a_b c d post: c c [\nsoftdep m post: ["},
			[]string{"a-b", "c", "d"}, []string{"c", "["}, "a.conf", 1, false},
		{"no names cancel the kernel's", map[string]string{"modules.softdep": "softdep m pre: a", "z.conf": "softdep m pre:"},
			nil, nil, "z.conf", 1, false},
		{"a softdep in modules.weakdep", map[string]string{"modules.weakdep": "softdep m pre: a", "z.conf": "softdep n pre:"},
			nil, nil, "", 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := tree(t, test.files)
			got, ok := Load(Sources{Paths: []string{root}, ModuleDir: root}).SoftdepOf("m")
			if ok != (test.file != "") {
				t.Fatalf("found: %v", ok)
			}
			if !ok {
				return
			}
			want := Softdep{got.Key, test.pre, test.post, test.ofModule, Where{root + "/" + test.file, test.line}}
			equal(t, got, want)
		})
	}
}

// D6 says what is expected.
func TestWeakdepOf(t *testing.T) {
	root := tree(t, map[string]string{
		"modules.weakdep": "weakdep m a b\nweakdep m b c\nweakdep n d\n", "z.conf": "weakdep n e-f\nweakdep * e_f g\n",
	})
	kernel := Kernel(root, nil)
	got, _ := kernel.WeakdepOf("m")
	equal(t, got, Weakdep{"m", []string{"a", "b", "c"}, true, Where{root + "/modules.weakdep", 1}})
	if got, ok := kernel.WeakdepOf("x"); ok {
		t.Errorf("got %v", got)
	}
	all := Load(Sources{Paths: []string{root}, ModuleDir: root})
	got, _ = all.WeakdepOf("n")
	equal(t, got, Weakdep{"n", []string{"e-f", "g"}, false, Where{root + "/z.conf", 1}})
	got, _ = all.WeakdepOf("m")
	equal(t, got, Weakdep{"*", []string{"e_f", "g"}, false, Where{root + "/z.conf", 2}})
}

func TestDenies(t *testing.T) {
	for command, want := range map[string]bool{
		"/bin/false": true, "/usr/bin/true ": true, ":": true, "exit 1": true, "false no reason": true,
		"/bin/true && modprobe -i x": false, "/bin/false || modprobe -i x": false, ": ; modprobe -i x": false, "modprobe -i x": false, "falsey": false, "": false,
	} {
		if got := (Command{Command: command}).Denies(); got != want {
			t.Errorf("%q: %t", command, got)
		}
	}
}
