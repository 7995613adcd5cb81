package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestDepmod(t *testing.T) {
	c := &Depmod{}
	c.parse("a.conf", "# comment\n  # indented\nsearch updates  built-in\n\tsearch\textra\nsearch\noverride m-x * weak extra words\n"+
		"override m *\nexternal ^6\\\\.1 /opt/x\nexternal *\nexclude .git a\ninclude x\nmake_map_files no\nbogus\nsearch a\\\n b")
	at := func(line int) Where { return Where{"a.conf", line} }
	want := &Depmod{
		Search:    []string{"updates", "built-in", "extra", "a", "b"},
		Overrides: []Override{{"m-x", "*", "weak", at(6)}},
		Externals: []External{{`^6\.1`, "/opt/x", at(8)}},
		Exclude:   []string{".git", "a"},
		Problems: []Problem{
			{Kind: BadLine, Where: at(7), Word: "override"}, {Kind: BadLine, Where: at(9), Word: "external"},
			{Kind: NotImplemented, Where: at(11), Word: "include"}, {Kind: NotImplemented, Where: at(12), Word: "make_map_files"},
			{Kind: BadLine, Where: at(13), Word: "bogus"},
		},
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
}

// TestLoadDepmod has a name that hides another, a file that is no .conf file, and a path that is a file itself.
func TestLoadDepmod(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"etc/a.conf": "search from-etc\n", "run/a.conf": "search hidden\n", "run/b.conf": "search from-run\n",
		"etc/README": "search never\n", "single": "exclude x\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := LoadDepmod([]string{dir + "/etc", dir + "/run", dir + "/none", dir + "/single"})
	if got := strings.Join(c.Search, " "); got != "from-etc from-run" || len(c.Exclude) != 1 {
		t.Errorf("%+v", c)
	}
	if len(c.Problems) != 1 || c.Problems[0].Kind != OtherName || c.Problems[0].Where.File != dir+"/etc/README" {
		t.Errorf("%+v", c.Problems)
	}
}

// FuzzDepmod: every line gives words or a problem as the plain way has it, and what was understood says the same when it is written and read
// again.
func FuzzDepmod(f *testing.F) {
	f.Add("search a b\noverride m * x\nexternal .* /x\nexclude y\nbogus\\\n z\n# c\nexternal a\n")
	f.Fuzz(func(t *testing.T, text string) {
		first := &Depmod{}
		first.parse("a.conf", text)
		equal(t, first, plainDepmod(text))
		var out strings.Builder
		line := func(words ...string) {
			out.WriteString(strings.NewReplacer(`\`, `\\`).Replace(strings.Join(words, " ")) + "\n")
		}
		line(append([]string{"search"}, first.Search...)...)
		line(append([]string{"exclude"}, first.Exclude...)...)
		for _, o := range first.Overrides {
			line("override", o.Module, o.Release, o.Folder)
		}
		for _, e := range first.Externals {
			line("external", e.Release, e.Folder)
		}
		second := &Depmod{}
		second.parse("a.conf", out.String())
		for _, c := range []*Depmod{first, second} {
			for i := range c.Overrides {
				c.Overrides[i].Where = Where{}
			}
			for i := range c.Externals {
				c.Externals[i].Where = Where{}
			}
		}
		first.Problems = nil
		equal(t, second, first)
	})
}
