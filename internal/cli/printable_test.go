package cli

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "",
		"Käse\tand\nmore":           "Käse\tand\nmore",
		"\x1b[31mred\x1b[0m":        `\x1B[31mred\x1B[0m`,
		"bell\a back\b del\x7f":     `bell\x07 back\x08 del\x7F`,
		"line\rover":                `line\x0Dover`,
		"C1 as UTF-8 \u009b1m":      `C1 as UTF-8 \xC2\x9B1m`,
		"C1 as a byte \x9b1m":       `C1 as a byte \x9B1m`,
		"cut \xe2\x82":              `cut \xE2\x82`,
		"the replacement \ufffd":    "the replacement \ufffd",
		"nul\x00":                   `nul\x00`,
		`a written \x1B is no code`: `a written \x1B is no code`,
	} {
		if got := printable(text); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

func TestPrintableLine(t *testing.T) {
	for text, want := range map[string]string{
		"plain\ttext é":      "plain\ttext é",
		"x\ntool: all well":  `x\x0Atool: all well`,
		"\x1b[1mx\n\r\xff\n": `\x1B[1mx\x0A\x0D\xFF\x0A`,
	} {
		if got := printableLine(text); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

// FuzzPrintable wants text that no terminal is steered by, and no change of text that none is.
func FuzzPrintable(f *testing.F) {
	f.Add("plain")
	f.Add("\x1b]0;title\a")
	f.Add("\xff\xc2\x9b\u009b")
	f.Fuzz(func(t *testing.T, text string) {
		shown := printable(text)
		if !utf8.ValidString(shown) || strings.IndexFunc(shown, steersTerminal) >= 0 {
			t.Errorf("%q is shown as %q", text, shown)
		}
		if again := printable(shown); again != shown {
			t.Errorf("%q is shown as %q", shown, again)
		}
	})
}
