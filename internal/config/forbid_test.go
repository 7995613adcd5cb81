package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// forbidden reads a ForbiddenFile as every tool does.
func forbidden(text string) *Config {
	var c Config
	c.parse(source{path: "/etc/modprobe.d/" + ForbiddenFile, name: ForbiddenFile}, content{text: text})
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
		if len(all) > strings.Count(before, ",")+1 || slices.ContainsFunc(all, func(name string) bool { return name == "" || strings.ContainsAny(name, ",-") }) {
			t.Errorf("%q: %q", before, all)
		}
		if strings.ContainsAny(before, "\"\x00") || strings.ContainsAny(names, "\"\x00 \t\n\v\f\r") {
			return
		}
		word := "module_blacklist=" + names
		if quoted {
			word = `"` + word + `"`
		}
		want := strings.FieldsFunc(strings.ReplaceAll(names, "-", "_"), func(r rune) bool { return r == ',' })
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
		words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n\v\f\r", r) })
		lists := map[string][]string{}
		marker := ""
		for _, word := range words {
			if word == "pre:" || word == "post:" {
				marker = word
				continue
			}
			lists[marker] = append(lists[marker], word)
		}
		if len(c.Softdeps) != 1 || !slices.Equal(c.Softdeps[0].Pre, lists["pre:"]) || !slices.Equal(c.Softdeps[0].Post, lists["post:"]) {
			t.Errorf("%q: %+v instead of %q", text, c.Softdeps, lists)
		}
		if len(c.Weakdeps) != 1 || !slices.Equal(c.Weakdeps[0].Deps, words) {
			t.Errorf("%q: %+v instead of %q", text, c.Weakdeps, words)
		}
	})
}
