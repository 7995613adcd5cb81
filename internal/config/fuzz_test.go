package config

import (
	"strings"
	"testing"
)

// FuzzParse: what was understood can be printed and read again, which says the same; nothing is made up; and any name can be
// looked for.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"alias a-b[c-d] e\nblacklist x\noptions m \"a b\"\tc\ninstall i \\\\ $CMDLINE_OPTS\\\n -x\nremove r c\nsoftdep s pre: a post: b\nweakdep w a b\n",
		"softdep s  pre:\nsoftdep s pre: a b a\nweakdep w  \nweakdep w b\r\n # x\ninclude y\n\x00\\\x00\nbogus \\",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := parsed(text)
		var out strings.Builder
		for _, line := range printed(c) {
			out.WriteString(line + "\n")
		}
		checkAmount(t, c, text)
		again := parsed(strings.ReplaceAll(out.String(), `\`, `\\`))
		if len(again.Problems) > 0 {
			t.Fatalf("%q gave %q, which gives %v", text, out.String(), again.Problems)
		}
		withoutPlaces(c)
		withoutPlaces(again)
		equal(t, again, c)
		name, _, _ := strings.Cut(text, "\n")
		if !sameAsAlias(name) {
			t.Errorf("%q is normalised in two ways", name)
		}
		c.AliasesOf(name)
		c.CommandNamed(name)
		c.InstallOf(name)
		c.RemoveOf(name)
		c.BlacklistOf(name)
		JoinOptions(c.OptionsOf(name, "x"))
		softdep, _ := c.SoftdepOf(name)
		weakdep, _ := c.WeakdepOf(name)
		if len(softdep.Pre)+len(softdep.Post)+len(weakdep.Deps) > len(text) {
			t.Error("names from nowhere")
		}
	})
}

// checkAmount sees to it that no line gives more than one entry or problem, and that these are not longer than the text.
func checkAmount(t *testing.T, c *Config, text string) {
	number, length, last := len(c.Problems), 0, strings.Count(text, "\n")+1
	for e := range c.Entries() {
		number++
		length += len(e.Command) + len(e.Key) + len(e.Text)
		if e.Line < 1 || e.Line > last {
			t.Errorf("line %d of %d", e.Line, last)
		}
	}
	for _, p := range c.Problems {
		if p.More > 0 {
			number += p.More - 1
			continue
		}
		length += len(p.Word)
		// A backslash before the last newline makes C kmod count one line more.
		if p.Where.Line < 1 || p.Where.Line > last {
			t.Errorf("line %d of %d", p.Where.Line, last)
		}
	}
	if number > last || length > len(text) {
		t.Errorf("%d entries and problems of %d bytes from %d lines of %d bytes", number, length, last, len(text))
	}
}

func withoutPlaces(c *Config) {
	c.Problems = nil
	for i := range c.Aliases {
		c.Aliases[i].Where = Where{}
	}
	for i := range c.Blacklist {
		c.Blacklist[i].Where = Where{}
	}
	for i := range c.Options {
		c.Options[i].Where = Where{}
	}
	for i := range c.Installs {
		c.Installs[i].Where = Where{}
	}
	for i := range c.Removes {
		c.Removes[i].Where = Where{}
	}
	for i := range c.Softdeps {
		c.Softdeps[i].Where = Where{}
	}
	for i := range c.Weakdeps {
		c.Weakdeps[i].Where = Where{}
	}
}
