package resolve

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gomod/internal/config"
	"gomod/internal/index"
	"gomod/internal/index/indextest"
)

// folder is a module folder with these files and the indexes made from them.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := indextest.Write(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func small(t *testing.T) string {
	return folder(t, map[string]string{
		"modules.dep":           "kernel/a.ko.xz: kernel/b.ko /extra/c-c.ko\nkernel/b.ko: /extra/c-c.ko\n/extra/c-c.ko:\n",
		"modules.alias":         "alias fs-a a\nalias fs-* b\nalias install-too a\n",
		"modules.symbols":       "alias symbol:f a\nalias symbol:g* b\n",
		"modules.builtin":       "kernel/in-side.ko\nkernel/two.ko\n",
		"modules.builtin.alias": "alias fs-in* in_side\nalias only-in in_side\n",
		"a.conf": "alias mine a\nalias m* nothing\ninstall cmd-one true\nremove cmd_one true\nremove cmd_two true\n" +
			"install a true\ninstall symbol:f true\ninstall only-in true\n",
	})
}

func TestLookup(t *testing.T) {
	dir := small(t)
	conf := filepath.Join(dir, "a.conf")
	tree := NewTree(dir)
	defer tree.Close()
	tree.Configure(config.Load(config.Sources{Paths: []string{conf}}))
	if bad := tree.Preload(); bad != nil {
		t.Fatal(bad)
	}
	at := func(line int) config.Where { return config.Where{File: conf, Line: line} }
	aPath, bPath := dir+"/kernel/a.ko.xz", dir+"/kernel/b.ko"
	for _, test := range []struct {
		text string
		want []Module
	}{
		{"mine", []Module{
			{Name: "a", Path: aPath, Step: StepConfigAlias, Pattern: "mine", Alias: "mine", Where: at(1)},
			{Name: "nothing", Step: StepConfigAlias, Pattern: "m*", Alias: "m*", Where: at(2)},
		}},
		{"a", []Module{{Name: "a", Path: aPath, Step: StepDep, Pattern: "a"}}},
		{"c-c", []Module{{Name: "c_c", Path: "/extra/c-c.ko", Step: StepDep, Pattern: "c_c"}}},
		{"symbol:f", []Module{{Name: "a", Path: aPath, Step: StepSymbol, Pattern: "symbol:f", Alias: "symbol:f"}}},
		{"symbol:good", []Module{{Name: "b", Path: bPath, Step: StepSymbol, Pattern: "symbol:g*", Alias: "symbol:good"}}},
		{"cmd-one", []Module{{Name: "cmd_one", Step: StepCommand, Pattern: "cmd_one", Where: at(3)}}},
		{"cmd-two", []Module{{Name: "cmd_two", Step: StepCommand, Pattern: "cmd_two", Where: at(5)}}},
		{"fs-a", []Module{
			{Name: "a", Path: aPath, Step: StepAlias, Pattern: "fs_a", Alias: "fs_a"},
			{Name: "b", Path: bPath, Step: StepAlias, Pattern: "fs_*", Alias: "fs_a"},
		}},
		{"in-side", []Module{{Name: "in_side", Step: StepBuiltin, Pattern: "in_side"}}},
		{"only-in", []Module{{Name: "only_in", Step: StepCommand, Pattern: "only_in", Where: at(8)}}},
		{"fs-inn", []Module{{Name: "b", Path: bPath, Step: StepAlias, Pattern: "fs_*", Alias: "fs_inn"}}},
		{"unknown", nil},
		{"", nil},
	} {
		modules, err := tree.Lookup(test.text)
		if err != nil || len(modules) != len(test.want) {
			t.Errorf("Lookup(%q) = %+v, %v", test.text, modules, err)
			continue
		}
		for i, module := range modules {
			module.Deps = nil
			want := test.want[i]
			if module.Name != want.Name || module.Path != want.Path || module.Step != want.Step || module.Pattern != want.Pattern ||
				module.Alias != want.Alias || module.Where != want.Where {
				t.Errorf("Lookup(%q)[%d] =\n %+v, want\n %+v", test.text, i, module, want)
			}
		}
	}
	if _, err := tree.Lookup("a["); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("a bracket without its other half: %v", err)
	}
	if problems := tree.Problems(); problems != nil {
		t.Errorf("problems: %v", problems)
	}
}

// An alias of the configuration that matches everything exports nothing.
func TestExporters(t *testing.T) {
	dir := small(t)
	conf := filepath.Join(dir, "b.conf")
	if err := os.WriteFile(conf, []byte("alias * nothing\nalias symbol:f nothing\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	tree := NewTree(dir)
	defer tree.Close()
	tree.Configure(config.Load(config.Sources{Paths: []string{conf}}))
	for symbol, want := range map[string]string{"f": "a", "good": "b", "unknown": ""} {
		var names []string
		for _, module := range tree.Exporters(symbol) {
			names = append(names, module.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s is exported by %q, not by %q", symbol, got, want)
		}
	}
}

func TestWithoutConfig(t *testing.T) {
	tree := NewTree(small(t))
	defer tree.Close()
	for text, step := range map[string]Step{"only-in": StepBuiltinAlias, "a": StepDep, "in-side": StepBuiltin} {
		modules, err := tree.Lookup(text)
		if err != nil || len(modules) != 1 || modules[0].Step != step {
			t.Errorf("Lookup(%q) = %+v, %v", text, modules, err)
		}
	}
	if modules, _ := tree.Lookup("mine"); modules != nil {
		t.Errorf("there is no configuration: %+v", modules)
	}
	if !tree.Builtin("two") || tree.Builtin("a") {
		t.Error("Builtin")
	}
}

func TestDeps(t *testing.T) {
	dir := small(t)
	tree := NewTree(dir)
	defer tree.Close()
	want := dir + "/kernel/b.ko /extra/c-c.ko"
	file, err := tree.OfFile("/tmp/a.ko")
	if err != nil || file.Path != "/tmp/a.ko" || strings.Join(file.Deps, " ") != want {
		t.Errorf("OfFile: %+v %v", file, err)
	}
	if named := tree.Named("a"); strings.Join(named.Deps, " ") != want || named.Step != StepName {
		t.Errorf("Named: %+v", named)
	}
	if named := tree.Named("nobody"); named.Name != "nobody" || named.Path != "" {
		t.Errorf("Named: %+v", named)
	}
	if _, err := tree.OfFile("/tmp/"); !errors.Is(err, syscall.ENOENT) {
		t.Errorf("OfFile of a folder: %v", err)
	}
}

// TestPreload holds that ties come in order only when all indexes are there, and which headers are told of.
func TestPreload(t *testing.T) {
	aliases := map[string]string{"modules.dep": "a.ko:\nb.ko:\n", "modules.builtin": "in.ko\n"}
	order := func(dir string) string {
		tree := NewTree(dir)
		defer tree.Close()
		tree.Preload()
		modules, _ := tree.Lookup("tie")
		var names string
		for _, module := range modules {
			names += module.Name
		}
		return names
	}
	dir := folder(t, aliases)
	// Both entries have priority 0.
	tie := "\xb0\x07\xf4\x57\x00\x02\x00\x01\xc0\x00\x00\x0ctie\x00\x00\x00\x00\x02\x00\x00\x00\x00a\x00\x00\x00\x00\x00b\x00"
	if err := os.WriteFile(filepath.Join(dir, "modules.alias.bin"), []byte(tie), 0o644); err != nil {
		t.Fatal(err)
	}
	whole := order(dir)
	for name, reversed := range map[string]bool{"dep": true, "symbols": true, "builtin.alias": false, "builtin": true} {
		path := filepath.Join(dir, "modules."+name+".bin")
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"", "no index at all, but long enough", "\xb0\x07\xf4\x57\x00\x03\x00\x01\x00\x00\x00\x0c"} {
			if err := os.WriteFile(path, []byte(bad), 0o644); err != nil {
				t.Fatal(err)
			}
			tree := NewTree(dir)
			var magic *index.MagicError
			var version *index.VersionError
			told := tree.Preload()
			if len(bad) == 0 != (len(told) == 0) || len(told) == 1 && !errors.As(told[0], &magic) && !errors.As(told[0], &version) {
				t.Errorf("%s as %q: %v", name, bad, told)
			}
			tree.Close()
			if got := order(dir); (got != whole) != reversed || len(got) != 2 {
				t.Errorf("%s as %q: ties come as %s, whole as %s", name, bad, got, whole)
			}
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestProblems(t *testing.T) {
	dir := small(t)
	broken := "\xb0\x07\xf4\x57\x00\x02\x00\x01\x20\xff\xff\xff"
	for _, name := range []string{"alias", "dep"} {
		if err := os.WriteFile(filepath.Join(dir, "modules."+name+".bin"), []byte(broken), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree := NewTree(dir)
	defer tree.Close()
	if bad := tree.Preload(); bad != nil {
		t.Errorf("damage behind the header: %v", bad)
	}
	modules, err := tree.Lookup("only-in")
	if err != nil || len(modules) != 1 {
		t.Errorf("other steps: %+v %v", modules, err)
	}
	tree.Lookup("only-in")
	var corrupt *index.CorruptError
	problems := tree.Problems()
	if len(problems) != 2 || !errors.As(problems[0], &corrupt) || !strings.HasSuffix(corrupt.Path, "modules.dep.bin") {
		t.Errorf("problems: %v", problems)
	}
	tree.Lookup("only-in")
	count := 0
	tree.Aliases(func([]byte, string) bool { count++; return true })
	if problems := tree.Problems(); problems != nil || count != 2 {
		t.Errorf("again: %v, %d aliases", problems, count)
	}
}
