package config

import (
	"strconv"
	"strings"
	"testing"
)

// What C kmod 34.2 makes of each text was looked at.
func TestLines(t *testing.T) {
	tests := []struct {
		text string
		want string // the logical lines, each with the number of its last physical line
	}{
		{"", ""},
		{"a", "1:a|"},
		{"a\n", "1:a|"},
		{"a\n\nb", "1:a|2:|3:b|"},
		{"a\\\n b\nc", "2:a b|3:c|"},
		{"a\\\n\\\n\nb", "3:a|4:b|"},
		{"a\\\n", "2:a|"},
		{"a\\", "1:a|"},
		{"a\\b\\\\c\\", "1:ab\\c|"},
		{"a\\\\\nb", "1:a\\|2:b|"},
		{"a\\\\\\\nb", "2:a\\b|"},
		{"a\\\r\nb", "1:a\r|2:b|"},
		{"a\r\nb\r", "1:a\r|2:b\r|"},
		{"a\x00b\nc", "1:a|2:c|"},
		{"a\x00\\\nb\nc", "2:a|3:c|"},
		{"a\\\x00b\nc", "1:a|2:c|"},
		{"\x00\n\xff\xfe", "1:|2:\xff\xfe|"},
	}
	for _, test := range tests {
		l := lines{rest: test.text}
		got := ""
		for line, ok := l.next(); ok; line, ok = l.next() {
			got += strconv.Itoa(l.number) + ":" + line + "|"
		}
		if got != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}

func TestMeaningfulLines(t *testing.T) {
	// D15: C kmod calls the third line bad.
	l := lines{rest: "#a\n  \t\n \t# b\n\\# c\n\\\n# d\n \te # f\n#\\\ng\n"}
	line, ok := l.meaningful()
	if line != "e # f" || !ok || l.number != 7 {
		t.Errorf("got %q, line %d", line, l.number)
	}
	if line, ok := l.meaningful(); ok {
		t.Errorf("got %q after the last line", line)
	}
}

func TestLongLines(t *testing.T) {
	const million = 1 << 20
	for _, text := range []string{
		strings.Repeat("x", million), strings.Repeat("\\y", million), strings.Repeat("\\\n", million) + "z",
		strings.Repeat(" ", million), strings.Repeat("\x00", million), strings.Repeat("a\n", million),
	} {
		c := parsed(text)
		if len(c.Problems) > million {
			t.Errorf("%q...: %d problems", text[:4], len(c.Problems))
		}
	}
	c := parsed("blacklist " + strings.Repeat("x", million) + "\noptions m " + strings.Repeat("y", million) + "\nsoftdep m pre:" +
		strings.Repeat(" z", million))
	if len(c.Blacklist[0].Name) != million || len(c.Options[0].Text) != million || len(c.Softdeps[0].Pre) != million {
		t.Error("something was cut")
	}
	if softdep, _ := c.SoftdepOf("m"); len(softdep.Pre) != 1 {
		t.Errorf("%d names", len(softdep.Pre))
	}
}

func TestCutWord(t *testing.T) {
	for text, want := range map[string][2]string{
		"":         {"", ""},
		"a":        {"a", ""},
		" \ta":     {"a", ""},
		"a ":       {"a", ""},
		"a  b":     {"a", " b"},
		" a\t\tb ": {"a", "\tb "},
		" \t":      {"", ""},
	} {
		word, rest := cutWord(text)
		equal(t, [2]string{word, rest}, want)
	}
}
