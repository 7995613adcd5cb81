package config

import "testing"

// Unless a deviation is named, what C kmod 34.2 makes of each text was looked at.
func TestParse(t *testing.T) {
	const bad = "a.conf line 1: ignoring bad line starting with "
	tests := []struct {
		text     string
		lines    []string
		problems []string
	}{
		{text: "alias a-b c-d\n", lines: []string{"alias a_b c_d"}},
		{text: "alias  \ta-[b-c]-*  c-d\textra # x\n", lines: []string{"alias a_[b-c]_* c_d"}},
		{text: "alias a b.c-d\n", lines: []string{"alias a b.c_d"}},
		{text: "alias a\n", problems: []string{bad + "'alias'"}},
		{text: "alias a \n", problems: []string{bad + "'alias'"}},
		{text: "alias a b]\n", problems: []string{bad + "'alias'"}},
		{text: "alias a[ b\n", problems: []string{bad + "'alias'"}},

		{text: "blacklist snd-pcsp\n", lines: []string{"blacklist snd_pcsp"}},
		{text: "  blacklist\tx # why\n", lines: []string{"blacklist x"}},
		{text: "blacklist a[b[c-c]-d", lines: []string{"blacklist a[b[c-c]_d"}},
		{text: "blacklist a.ko\n", lines: []string{"blacklist a.ko"}},
		{text: "blacklist x\r\n", lines: []string{"blacklist x\r"}},
		{text: "blacklist \xff\xfe\n", lines: []string{"blacklist \xff\xfe"}},
		{text: "blacklist\n", problems: []string{bad + "'blacklist'"}},
		{text: "blacklist \n", problems: []string{bad + "'blacklist'"}},
		{text: "blacklist a]b\n", problems: []string{bad + "'blacklist'"}},
		{text: "blacklist \x00x\n", problems: []string{bad + "'blacklist'"}},

		{text: "options snd-hda a=1 b=\"x y\" # c\n", lines: []string{"options snd_hda a=1 b=\"x y\" # c"}},
		{text: "options\tx-y\ta\tb  \n", lines: []string{"options x_y a b  "}},
		{text: "options   x   y\n", lines: []string{"options x   y"}},
		{text: "options x  \n", lines: []string{"options x  "}},
		{text: "options a b\\\n c\n", lines: []string{"options a b c"}},
		{text: "options a b\\", lines: []string{"options a b"}},
		{text: "options a b\x00c\n", lines: []string{"options a b"}},
		{text: "options x\n", problems: []string{bad + "'options'"}},
		{text: "options x \n", problems: []string{bad + "'options'"}},
		{text: "options a] y\n", problems: []string{bad + "'options'"}},

		{text: "install a-b[1-2] /bin/x a-b \"c\"\t# d \n", lines: []string{"install a_b[1-2] /bin/x a-b \"c\"\t# d "}},
		{text: "install x  \\$D \\\\n \\q\n", lines: []string{"install x  $D \\n q"}},
		{text: "install x \n", problems: []string{bad + "'install'"}},
		{text: "remove x-y /bin/true\n", lines: []string{"remove x_y /bin/true"}},
		{text: "remove x\n", problems: []string{bad + "'remove'"}},

		// D16: C prints `pre: b-c dpost: e f`.
		{text: "softdep a-b pre: b-c d post: e f\n", lines: []string{"softdep a_b pre: b-c d post: e f"}},
		{text: "softdep a post: e pre: f post: g\n", lines: []string{"softdep a pre: f post: e g"}},
		{text: "softdep a x pre: b\r\n", lines: []string{"softdep a pre: b"}},
		{text: "softdep a pre: b\rc\vd\fe post:\r\vx\n", lines: []string{"softdep a pre: b c d e post: x"}},
		{text: "softdep a pre: b\u0085c\u00a0d \xff\n", lines: []string{"softdep a pre: b\u0085c\u00a0d \xff"}},
		{text: "softdep a pre:b PRE: c\n", lines: []string{"softdep a  "}},
		{text: "softdep a pre:\n", lines: []string{"softdep a  "}},
		{text: "softdep a pre: b b post: b\n", lines: []string{"softdep a pre: b b post: b"}},
		// D15: C loses everything.
		{text: "softdep a  \t pre: b\n", lines: []string{"softdep a pre: b"}},
		{text: "softdep a\n", problems: []string{bad + "'softdep'"}},
		{text: "softdep a \n", problems: []string{bad + "'softdep'"}},
		{text: "softdep a] pre: b\n", problems: []string{bad + "'softdep'"}},

		{text: "weakdep a-b b-c pre: [\r\n", lines: []string{"weakdep a_b b-c pre: ["}},
		// D15: C has a name ` b`.
		{text: "weakdep a  b\n", lines: []string{"weakdep a b"}},
		{text: "weakdep a  \n", lines: []string{"weakdep a  "}},
		{text: "weakdep a \n", problems: []string{bad + "'weakdep'"}},

		{text: "include x\n", problems: []string{"a.conf: command include is deprecated and not parsed anymore"}},
		{text: "config", problems: []string{"a.conf: command config is deprecated and not parsed anymore"}},
		{text: "Blacklist x", problems: []string{bad + "'Blacklist'"}},
		{text: "\r\n", problems: []string{bad + "'\r'"}},
		{text: "\ufeffblacklist a\n", problems: []string{bad + "'\ufeffblacklist'"}},
		{text: "b\\lacklist \\a\\-b\n", lines: []string{"blacklist a_b"}},
		{
			text:  "remove r c\nbogus x\n\nworse\\\n\\\n\nblacklist b\n#\nbad\\\n",
			lines: []string{"blacklist b", "remove r c"},
			problems: []string{
				"a.conf line 2: ignoring bad line starting with 'bogus'", "a.conf line 6: ignoring bad line starting with 'worse'",
				"a.conf line 10: ignoring bad line starting with 'bad'",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) { expect(t, parsed(test.text), test.lines, test.problems) })
	}
}

func TestParsePlaces(t *testing.T) {
	c := parsed("blacklist a\n\nalias b \\\n c\noptions d e\ninstall f g\nremove h i\nsoftdep j pre: k post: l\nweakdep m n\nx\n")
	at := func(line int) Where { return Where{"a.conf", line} }
	equal(t, c, &Config{
		Blacklist: []Blacklist{{"a", at(1)}},
		Aliases:   []Alias{{"b", "c", at(4)}},
		Options:   []Options{{"d", "e", at(5)}},
		Installs:  []Command{{"f", "g", at(6)}},
		Removes:   []Command{{"h", "i", at(7)}},
		Softdeps:  []Softdep{{"j", []string{"k"}, []string{"l"}, false, at(8)}},
		Weakdeps:  []Weakdep{{"m", []string{"n"}, false, at(9)}},
		Problems:  []Problem{{Kind: BadLine, Where: at(10), Word: "x"}},
	})
}

// The order is that of C kmod 34.2.
func TestEntries(t *testing.T) {
	c := parsed("weakdep x p\nsoftdep x pre: q\noptions x d\nalias y x\nremove x c\ninstall x b\nblacklist x\ninstall w a\nblacklist v\n")
	expect(t, c, []string{
		"blacklist x", "blacklist v", "install x b", "install w a", "remove x c", "alias y x", "options x d", "softdep x pre: q", "weakdep x p",
	}, nil)
	for e := range c.Entries() {
		equal(t, e, Entry{"blacklist", "x", "", Where{"a.conf", 7}})
		break
	}
	for _, test := range []struct{ line, text string }{
		{"softdep a pre: b post: c", "pre: b post: c"}, {"softdep a post: c", "post: c"}, {"softdep a pre:", ""}, {"weakdep a  ", ""},
	} {
		for e := range parsed(test.line).Entries() {
			equal(t, e.Text, test.text)
		}
	}
}
