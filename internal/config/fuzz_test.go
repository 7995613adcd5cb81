package config

import (
	"strings"
	"testing"
)

// FuzzParse: every line is an entry or a problem as the plain way has it, in a file of the administrator's and in depmod's two; what was
// understood can be printed and read again, which says the same; and any name can be looked for.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"alias a-b[c-d] e\nblacklist x\noptions m \"a b\"\tc\ninstall i \\\\ $CMDLINE_OPTS\\\n -x\nremove r c\nsoftdep s pre: a post: b\nweakdep w a b\n",
		"softdep s  pre:\nsoftdep s pre: a b a\nweakdep w  \nweakdep w b\r\n # x\ninclude y\n\x00\\\x00\nbogus \\",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := parsed(text)
		equal(t, c, plainConfig(text, ""))
		for _, only := range []string{"softdep", "weakdep"} {
			var ofModules Config
			ofModules.parse(source{path: "a.conf", name: "modules." + only, ofModules: true}, text, new(taken))
			equal(t, &ofModules, plainConfig(text, only))
		}
		var out strings.Builder
		for _, line := range printed(c) {
			out.WriteString(line + "\n")
		}
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
