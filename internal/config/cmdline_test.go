package config

import (
	"slices"
	"testing"
)

// Unless a deviation is named, what C kmod 34.2 makes of each text was looked at.
func TestParseCmdline(t *testing.T) {
	const badName = "Ignoring bad option on kernel command line while parsing module name: "
	tests := []struct {
		cmdline  string
		lines    []string
		problems []string
	}{
		{cmdline: ""},
		{cmdline: " \n"},
		{cmdline: "quiet x=y x=a.b =x.y=1 = ro\n"},
		{cmdline: "a.b=c a.b a.b=\n", lines: []string{"options a b=c", "options a b", "options a b="}},
		{cmdline: "x.y", lines: []string{"options x y"}},
		{cmdline: "a.b=1.5G a.b==c a.b.c=d a.b.c a..b\n", lines: []string{"options a b=1.5G", "options a b==c"}},
		{cmdline: ".p=1 a.=1 a. .\n", lines: []string{"options  p=1", "options a =1", "options a  ", "options   "}},
		{cmdline: "a-b.c-d=e-f a[1-2].x-y=z\n", lines: []string{"options a_b c-d=e-f", "options a[1-2] x-y=z"}},
		{cmdline: "-- a.b=1 --a.c=1\n", lines: []string{"options a b=1", "options __a c=1"}},
		{cmdline: "a.b=1\tc.d=2\ve.f=3\fg.h=4\ri.j=5\nk.l", lines: []string{
			"options a b=1", "options c d=2", "options e f=3", "options g h=4", "options i j=5", "options k l"}},
		{cmdline: "a.b=1\x00c.d=2 e.f=3\n", lines: []string{"options a b=1"}},
		{cmdline: "a\xff.b\xfe=\xfd\n", lines: []string{"options a\xff b\xfe=\xfd"}},

		{cmdline: `a.b="c d" x.y` + "\n", lines: []string{`options a b="c d"`, "options x y"}},
		{cmdline: `"a.b=c d" x.y` + "\n", lines: []string{`options a b="c d"`, "options x y"}},
		{cmdline: `a.b=x"y z"w a.b=""`, lines: []string{`options a b=x"y z"w`, `options a b=""`}},
		{cmdline: `a.b=\"c d\" x.y`, lines: []string{`options a b=\"c d\"`, "options x y"}},
		{cmdline: `"a.b=c"d"e f"g x.y`, lines: []string{`options a b="c"d"e f"g`, "options x y"}},
		{cmdline: `"a.b=" x.y`, lines: []string{`options a b=""`, "options x y"}},
		{cmdline: `"a.b=a"b c"`, lines: []string{`options a b="a"b`}},
		{cmdline: "a.b=\"c\td\ne\"", lines: []string{"options a b=\"c d\ne\""}},
		{cmdline: `"a.b" "a".b=c "a.b"=c a."b"=c a".b=c" a.b"=c" ""a.b=c x.y`, lines: []string{"options x y"}},
		{cmdline: `" a.b=c" "a b.c=1" "a.b c=1" a.b"c d"=e a.b.c="d e.f=1" x.y`, lines: []string{"options x y"}},
		{cmdline: `foo"bar a.b=1" foo="bar c.d=1" "foo=bar e.f=1" x.y`, lines: []string{"options x y"}},
		{cmdline: `x.y "a.b=c d e.f=2`, lines: []string{"options x y"}},
		{cmdline: `x.y a.b=c" d e.f=2`, lines: []string{"options x y"}},
		{cmdline: "x.y a.b=\"c\x00\"", lines: []string{"options x y"}},

		{cmdline: "modprobe.blacklist=a,b.c,d=e modprobe.blacklist=f\n", lines: []string{"blacklist a", "blacklist b.c", "blacklist d=e", "blacklist f"}},
		// D17: C has `snd-hda-intel`, and an entry for each empty item.
		{cmdline: "modprobe.blacklist=snd-hda-intel,,b, modprobe.blacklist=", lines: []string{"blacklist snd_hda_intel", "blacklist b"}},
		{cmdline: `"modprobe.blacklist=a b,c" x.y`, lines: []string{`blacklist "a b`, `blacklist c"`, "options x y"}},
		{cmdline: "modprobe.blacklist modprobe.foo=1 modprobe.Blacklist=k mod-probe.blacklist=z modprobe.blacklist.x=1", lines: []string{
			"options modprobe blacklist", "options modprobe foo=1", "options modprobe Blacklist=k", "options mod_probe blacklist=z"}},

		{cmdline: `-a-].b=1 -a-[-.b=1 [-]-].c "b].c=1 2" x.y`, lines: []string{"options x y"}, problems: []string{
			badName + "'_a_]'", badName + "'_a_[-'", badName + "'[-]_]'", badName + "'b]'"}},
		// D17: C keeps the item as it is.
		{cmdline: "modprobe.blacklist=a,b-[", lines: []string{"blacklist a"}, problems: []string{badName + "'b_['"}},
	}
	for _, test := range tests {
		t.Run(test.cmdline, func(t *testing.T) {
			expect(t, Kernel("", []byte(test.cmdline)), test.lines, test.problems)
		})
	}
}

func TestParseCmdlinePlaces(t *testing.T) {
	blacklist, options, problems := ParseCmdline([]byte("modprobe.blacklist=a b.c ].d"))
	where := Where{File: "/proc/cmdline"}
	equal(t, blacklist, []Blacklist{{"a", where}})
	equal(t, options, []Options{{"b", "c", where}})
	equal(t, problems, []Problem{{Kind: BadCmdlineName, Where: where, Word: "]"}})
}

// FuzzCmdline: the options, names and problems are those of the plain way, and can be written as a command line again, which says the same.
func FuzzCmdline(f *testing.F) {
	f.Add([]byte("quiet a.b=c \"d-e.f=g h\" modprobe.blacklist=i-j,,k l.m \".n=\""))
	f.Add([]byte("modprobe.blacklist=\"a b,c d\" a[b-].c=\"\t\" ].x"))
	f.Fuzz(func(t *testing.T, cmdline []byte) {
		blacklist, options, problems := ParseCmdline(cmdline)
		equal(t, &Config{Blacklist: blacklist, Options: options, Problems: problems}, plainCmdline(string(cmdline)))
		if len(problems) > 0 {
			// An item that was left out may have had a quote.
			return
		}
		text := "modprobe.blacklist="
		for i, entry := range blacklist {
			if i > 0 {
				text += ","
			}
			text += entry.Name
		}
		for _, o := range options {
			text += " " + o.Key + "." + o.Text
		}
		blacklist2, options2, problems2 := ParseCmdline([]byte(text))
		if len(problems2) > 0 || !slices.Equal(blacklist, blacklist2) || !slices.Equal(options, options2) {
			t.Errorf("%q\n got %v %v %v\nfrom %q\n got %v %v", text, blacklist2, options2, problems2, cmdline, blacklist, options)
		}
	})
}
