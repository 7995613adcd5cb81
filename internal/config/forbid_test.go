package config

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// forbidden reads a ForbiddenFile as every tool does.
func forbidden(text string) *Config {
	var c Config
	c.parse(source{path: "/etc/modprobe.d/" + ForbiddenFile, name: ForbiddenFile}, text, new(taken))
	return &c
}

// A backslash at the end of a comment joins it with the next line, which would have been lost.
func TestForbidWithABackslash(t *testing.T) {
	const reason = `see C:\`
	c := forbidden(Forbid("", "pcspkr", reason))
	if _, found := c.Forbidden("pcspkr"); !found || len(c.Blacklist) != 1 || c.Blacklist[0].Name != "pcspkr" {
		t.Errorf("%+v", c)
	}
	path := filepath.Join(t.TempDir(), ForbiddenFile)
	if err := os.WriteFile(path, []byte(Forbid("", "pcspkr", reason)), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := ReasonAt(path, "pcspkr"); got != reason {
		t.Errorf("reason %q", got)
	}
}

// Lines that were written by hand, too, are taken away.
func TestAllowByHand(t *testing.T) {
	const text = "# snd_hda_intel: why\nblacklist snd-hda-intel\ninstall  snd-hda_intel\t /bin/false\ninstall snd_hda_intel /bin/true\nblacklist other\n"
	rest, found := Allow(text, "snd_hda_intel")
	if want := "install snd_hda_intel /bin/true\nblacklist other\n"; rest != want || !found {
		t.Errorf("%q", rest)
	}
	if c := forbidden("install b   /bin/false\n"); len(c.Installs) != 1 {
		t.Fatal(c)
	} else if _, found := c.Forbidden("b"); !found {
		t.Error("blanks hide a forbidden module")
	}
}

// The file that is in force is changed, wherever it lies: in /etc it masks the one that a package brought.
func TestChangeForbiddenInForce(t *testing.T) {
	root := t.TempDir()
	folders := []string{filepath.Join(root, "etc"), filepath.Join(root, "run"), filepath.Join(root, "lib")}
	for _, folder := range folders[1:] {
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	theirs := filepath.Join(folders[2], ForbiddenFile)
	if err := os.WriteFile(theirs, []byte(Forbid("", "b", "theirs")), 0o644); err != nil {
		t.Fatal(err)
	}
	change := func(change func(string) string) string {
		t.Helper()
		if err := ChangeForbidden(folders, func(content string) (string, error) { return change(content), nil }); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(filepath.Join(folders[0], ForbiddenFile))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	allow := func(name string) func(string) string {
		return func(content string) string { rest, _ := Allow(content, name); return rest }
	}
	if got, want := change(func(content string) string { return Forbid(content, "a", "mine") }), forbiddenHeader+Forbid(Forbid("", "b", "theirs"), "a", "mine"); got != want {
		t.Errorf("%q", got)
	}
	change(allow("a"))
	if got := change(allow("b")); got != forbiddenHeader {
		t.Errorf("%q does not mask the other file", got)
	}
	if err := os.Remove(theirs); err != nil {
		t.Fatal(err)
	}
	if err := ChangeForbidden(folders, func(string) (string, error) { return "", nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folders[0], ForbiddenFile)); err == nil {
		t.Error("an empty file that masks nothing stays")
	}
}

// A link stays a link; one that masks is told.
func TestChangeForbiddenLink(t *testing.T) {
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target"), filepath.Join(folder, ForbiddenFile)
	if err := os.WriteFile(target, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	write := func(string) (string, error) { return "blacklist x\n", nil }
	if err := os.Symlink("target", link); err != nil {
		t.Fatal(err)
	}
	if err := ChangeForbidden([]string{folder}, write); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(target); err != nil || string(content) != forbiddenHeader+"blacklist x\n" {
		t.Errorf("%q, %v", content, err)
	}
	if to, err := os.Readlink(link); err != nil || to != "target" {
		t.Errorf("%q, %v", to, err)
	}
	os.Remove(link)
	if err := os.Symlink("/dev/null", link); err != nil {
		t.Fatal(err)
	}
	if err := ChangeForbidden([]string{folder}, write); err == nil || !strings.Contains(err.Error(), "is a link to /dev/null, which is no file") {
		t.Errorf("%v", err)
	}
}

// Whoever may read the folder and the file may lock them, and must not keep root from changing it.
func TestChangeForbiddenDespiteLocks(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, ForbiddenFile)
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var locks []*os.File
	for _, locked := range []string{folder, path} {
		file, err := os.Open(locked)
		if err != nil {
			t.Fatal(err)
		}
		locks = append(locks, file)
		if err := unix.Flock(int(file.Fd()), unix.LOCK_EX); err != nil {
			t.Fatal(err)
		}
	}
	changed := make(chan error, 1)
	go func() {
		changed <- ChangeForbidden([]string{folder}, func(content string) (string, error) {
			if info, err := os.Stat(filepath.Join(folder, "."+ForbiddenFile+".lock")); err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("the lock is for others, too: %v, %v", info, err)
			}
			return Forbid(content, "a", "b"), nil
		})
	}()
	select {
	case err := <-changed:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it waits for whoever has locked the folder")
		defer func() { <-changed }()
	}
	for _, file := range locks {
		file.Close()
	}
}

// Of many changes at once none is lost, and nothing but the file is left, also where a killed one has left its lock.
func TestChangeForbiddenAtOnce(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "."+ForbiddenFile+".lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const many = 50
	var group sync.WaitGroup
	for i := range many {
		group.Go(func() {
			err := ChangeForbidden([]string{folder}, func(content string) (string, error) { return Forbid(content, "m"+strconv.Itoa(i), "why"), nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	content, err := os.ReadFile(filepath.Join(folder, ForbiddenFile))
	if c := forbidden(string(content)); err != nil || len(c.Blacklist) != many {
		t.Errorf("%v, %d of %d: %s", err, len(c.Blacklist), many, content)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

// The kernel compares letter by letter; its parameters' names may have dashes.
func TestKernelBlacklist(t *testing.T) {
	for cmdline, want := range map[string][]string{
		"quiet module_blacklist=a,snd-hda-intel,,b": {"a", "snd-hda-intel", "b"},
		"module-blacklist=a":                        {"a"},
		"module_blacklist=a module_blacklist=b":     {"b"},
		"modprobe.blacklist=a":                      nil,
		// parse_args of kernel/params.c ends there, with quotes around it, too.
		"module_blacklist=a -- module_blacklist=b":              {"a"},
		`module_blacklist=a "--" module_blacklist=b`:            {"a"},
		"module_blacklist=a --x --=1 x=-- x module_blacklist=b": {"b"},
		`module_blacklist=a x="p -- q" module_blacklist=b`:      {"b"},
	} {
		if got := KernelBlacklist([]byte(cmdline)); !slices.Equal(got, want) {
			t.Errorf("%q: %q", cmdline, got)
		}
	}
}

// FuzzForbid: a module is forbidden to all that read the file, once, and what else the file says stays as it was when it is allowed again.
func FuzzForbid(f *testing.F) {
	f.Add("", "pcspkr", "the beep is not wanted")
	f.Add("# a: b\nblacklist a\ninstall a /bin/false\noptions x y=1\n", "a", `back\`)
	f.Add("# b: c\nblacklist b\n\\", "a", `\\`)
	f.Fuzz(func(t *testing.T, before, name, reason string) {
		reason = strings.Join(strings.Fields(reason), " ")
		if key, ok := normalised(name); !ok || key != name || name == "" || strings.ContainsAny(name, " \t\n\\#*?[\x00") || strings.Contains(reason, "\x00") {
			return
		}
		after := Forbid(before, name, reason)
		if again := Forbid(after, name, reason); again != after {
			t.Errorf("the second time %q, not %q", again, after)
		}
		plain, _ := Allow(before, name)
		allowed, found := Allow(after, name)
		if !found || strings.TrimSuffix(allowed, "\n") != strings.TrimSuffix(plain, "\n") {
			t.Errorf("allowed again: %q from %q", allowed, before)
		}
		if _, found := Allow(allowed, name); found {
			t.Errorf("%q still has lines of %s", allowed, name)
		}
		// Lines of others may end in a backslash, or a NUL, and swallow the next.
		if strings.ContainsAny(plain, "\\\x00") {
			return
		}
		c := forbidden(after)
		if _, found := c.Forbidden(name); !found || !slices.ContainsFunc(c.Blacklist, func(b Blacklist) bool { return b.Name == name }) {
			t.Errorf("%q does not forbid %q", after, name)
		}
	})
}

// FuzzKernelBlacklist: names that are written as the kernel reads them are read back, whatever stands around them.
func FuzzKernelBlacklist(f *testing.F) {
	f.Add("quiet ro", "a,b-c,,d", false)
	f.Add("module_blacklist=x root=/dev/sda1 p=\"a b", "a", true)
	f.Fuzz(func(t *testing.T, before, names string, quoted bool) {
		all := KernelBlacklist([]byte(before))
		if len(all) > strings.Count(before, ",")+1 || slices.ContainsFunc(all, func(name string) bool { return name == "" || strings.Contains(name, ",") }) {
			t.Errorf("%q: %q", before, all)
		}
		if strings.ContainsAny(before, "\"\x00") || slices.Contains(strings.Fields(before), "--") || strings.ContainsAny(names, "\"\x00 \t\n\v\f\r") {
			return
		}
		word := "module_blacklist=" + names
		if quoted {
			word = `"` + word + `"`
		}
		want := strings.FieldsFunc(names, func(r rune) bool { return r == ',' })
		if got := KernelBlacklist([]byte(before + " " + word + " last\n")); !slices.Equal(got, want) {
			t.Errorf("%q behind %q: %q", word, before, got)
		}
	})
}

// FuzzSoftdep: names before the first marker do not count, the others are those behind the last marker before them.
func FuzzSoftdep(f *testing.F) {
	f.Add("pre: a b post: c pre: d")
	f.Add("x pre:\tpost: \fy\v")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\n\\\x00") || strings.Trim(text, " \t") == "" {
			return
		}
		c := parsed("softdep m  " + text + "\nweakdep m  " + text + "\n")
		words := plainWords(text)
		pre, post := plainSoftdep(text)
		if len(c.Softdeps) != 1 || !slices.Equal(c.Softdeps[0].Pre, pre) || !slices.Equal(c.Softdeps[0].Post, post) {
			t.Errorf("%q: %+v instead of %q and %q", text, c.Softdeps, pre, post)
		}
		if len(c.Weakdeps) != 1 || !slices.Equal(c.Weakdeps[0].Deps, words) {
			t.Errorf("%q: %+v instead of %q", text, c.Weakdeps, words)
		}
	})
}
