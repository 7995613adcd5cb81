package config

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"gomod/test/need"
)

// A module's text with a newline in it must not become a command: C kmod obeys all of these.
func TestModulesFilesOrderNothingElse(t *testing.T) {
	lines := []string{"alias a b", "blacklist a", "options a b", "install a b", "remove a b", "softdep a pre: b", "weakdep a b"}
	for file, own := range map[string]int{"modules.softdep": 5, "modules.weakdep": 6} {
		root := tree(t, map[string]string{file: strings.Join(append(lines, "config x\n"), "\n")})
		var problems []string
		for i, line := range lines {
			if i != own {
				problems = append(problems, root+"/"+file+" line "+strconv.Itoa(i+1)+": ignoring bad line starting with '"+strings.Fields(line)[0]+"'")
			}
		}
		problems = append(problems, root+"/"+file+": command config is deprecated and not parsed anymore")
		expect(t, Kernel(root, nil), lines[own:own+1], problems)
	}
}

// Every tool reads these files: none may be so large that it needs much memory.
func TestModulesFilesLimit(t *testing.T) {
	root := tree(t, map[string]string{"modules.softdep": "softdep a pre: b\n", "a.conf": "blacklist x\n"})
	for _, name := range []string{"modules.softdep", "a.conf"} {
		if err := os.Truncate(filepath.Join(root, name), ModulesLimit); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, Load(Sources{Paths: []string{root}, ModuleDir: root}), []string{"blacklist x", "softdep a pre: b"}, nil)
	for _, name := range []string{"modules.softdep", "a.conf"} {
		if err := os.Truncate(filepath.Join(root, name), ModulesLimit+1); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, Load(Sources{Paths: []string{root}, ModuleDir: root}), nil, []string{
		"ignoring " + root + "/a.conf: it has more than 4194304 bytes",
		"ignoring " + root + "/modules.softdep: it has more than 4194304 bytes",
	})
}

// Many files that are each not too large must not be too much together.
func TestTotalLimit(t *testing.T) {
	root := tree(t, map[string]string{"a.conf": "blacklist a\n", "b.conf": "blacklist b\n", "c.conf": "blacklist c\n", "d.conf": "blacklist d\n", "m/modules.softdep": "softdep x pre: y\n"})
	for name, size := range map[string]int64{"a.conf": fileLimit, "b.conf": fileLimit - 20, "d.conf": 20, "m/modules.softdep": ModulesLimit} {
		need.NoError(t, os.Truncate(filepath.Join(root, name), size))
	}
	sources := Sources{Paths: below(root, "a.conf", "b.conf", "c.conf", "d.conf"), ModuleDir: root + "/m"}
	expect(t, Load(sources), []string{"blacklist a", "blacklist b", "blacklist c", "softdep x pre: y"}, []string{
		"ignoring " + root + "/d.conf: with it the configuration has more than 8388608 bytes",
	})
	d := LoadDepmod(sources.Paths).Problems
	if last := d[len(d)-1]; last.Kind != TooMuch || last.Where.File != root+"/d.conf" {
		t.Error(d)
	}
}

// A line takes far more memory than it has bytes. What modules say must not be why the administrator's own lines do not count.
func TestTooManyLines(t *testing.T) {
	lines := strings.Repeat("blacklist a\n", maxEntries)
	dependencies := strings.Repeat("softdep a pre: b\n", maxEntries)
	root := tree(t, map[string]string{"m/modules.softdep": dependencies + "softdep z pre: z\n", "n.conf": lines, "o.conf": "blacklist b\nblacklist c\n"})
	c := Load(Sources{Paths: []string{root}, ModuleDir: root + "/m"})
	if len(c.Blacklist) != maxEntries || len(c.Softdeps) != maxEntries {
		t.Errorf("%d and %d entries", len(c.Blacklist), len(c.Softdeps))
	}
	const rest = " line 1: ignoring the rest: the configuration has more than 100000 lines, or 1048576 names in them"
	equal(t, complaints(c), []string{root + "/m/modules.softdep" + strings.Replace(rest, " 1:", " 100001:", 1), root + "/o.conf" + rest})

	many := "softdep a pre:" + strings.Repeat(" b", maxNames) + "\nweakdep a b\nweakdep a c\n"
	c = parsed(many)
	if len(c.Softdeps[0].Pre) != maxNames || len(c.Weakdeps) != 1 || len(c.Problems) != 1 || c.Problems[0].Kind != TooMany || c.Problems[0].Where.Line != 3 {
		t.Errorf("%d names, %d weakdeps, %v", len(c.Softdeps[0].Pre), len(c.Weakdeps), c.Problems)
	}
}

// C kmod tells of all lines of a file of nonsense; in gomod they would fill the memory of every tool.
func TestManyProblems(t *testing.T) {
	text := strings.Repeat("x\n", 70) + strings.Repeat("include y\n", mostPerFile) + "blacklist z\n" + strings.Repeat("config y\n", 3)
	c := parsed(text)
	equal(t, printed(c), []string{"blacklist z"})
	said := complaints(c)
	if len(said) != 2*mostPerFile+2 || said[mostPerFile-1] != "a.conf line 20: ignoring bad line starting with 'x'" || said[mostPerFile] != "a.conf: command include is deprecated and not parsed anymore" {
		t.Errorf("%d: %q", len(said), said)
	}
	equal(t, c.Problems[2*mostPerFile:], []Problem{{Kind: BadLine, Where: Where{File: "a.conf"}, More: 50}, {Kind: DeprecatedCommand, Where: Where{File: "a.conf"}, More: 3}})
	equal(t, said[2*mostPerFile], "a.conf: and 50 more lines like these")

	var d Depmod
	d.parse("a.conf", strings.Repeat("make_map_files\nx\n", 30)+"search y")
	equal(t, d.Search, []string{"y"})
	equal(t, d.Problems[2*mostPerFile:], []Problem{{Kind: BadLine, Where: Where{File: "a.conf"}, More: 10}, {Kind: NotImplemented, Where: Where{File: "a.conf"}, More: 10}})
}

// Names take a list of just their number, and a line that makes no sense nothing.
func TestManyNames(t *testing.T) {
	const header = 16 // of a string, on 64 bits
	for text, most := range map[string]uint64{
		"softdep a pre: " + strings.Repeat("b ", 1<<20): header << 20,
		"softdep a " + strings.Repeat("b ", 1<<20):      0,
		"weakdep a " + strings.Repeat("b ", 1<<20):      header << 20,
		strings.Repeat("x\n", 1<<20):                    0,
	} {
		if need.RaceDetector {
			most *= 2
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c := parsed(text)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > most+64<<10 {
			t.Errorf("%.20q: %d bytes for %d problems", text, took, len(c.Problems))
		}
	}
}
