package cli

import (
	"fmt"
	"testing"
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

// FuzzPrintable judges by the bytes: none that steers a terminal is left, every one that steers none is still there, and what is shown for
// a byte is its number.
func FuzzPrintable(f *testing.F) {
	for _, seed := range []string{"plain\n\tä€😀\u00a0\u2028", "\x1b]0;title\a", "\xff\xc2\x9b\u009b\x7f", "\r\x00\x80\u0080\u009f\u00a0", `\x1B`, "\xed\xa0\x80\xc0\x9b\xf4\x90\x80\x80"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown := printable(text)
		var want []byte
		for rest := []byte(text); len(rest) > 0; {
			length := printableLength(rest)
			if length > 0 {
				want = append(want, rest[:length]...)
			} else {
				length = 1
				want = fmt.Appendf(want, `\x%02X`, rest[0])
			}
			rest = rest[length:]
		}
		if shown != string(want) {
			t.Errorf("%q is shown as %q instead of %q", text, shown, want)
		}
	})
}

// printableLength gives how many bytes the character has that text begins with, 0 for one that steers a terminal and for what is no UTF-8:
// a terminal of another encoding takes the bytes 0x80 to 0x9f for control characters. It is the table of well-formed byte sequences of the Unicode
// Standard (3-7), without the control characters.
func printableLength(text []byte) int {
	at := func(i int) byte {
		if i < len(text) {
			return text[i]
		}
		return 0
	}
	within := func(b, low, high byte) bool { return low <= b && b <= high }
	next := func(i int) bool { return within(at(i), 0x80, 0xbf) }
	switch first := text[0]; {
	case first == '\n' || first == '\t' || within(first, 0x20, 0x7e):
		return 1
	case first == 0xc2 && within(at(1), 0xa0, 0xbf), within(first, 0xc3, 0xdf) && next(1):
		return 2
	case first == 0xe0 && within(at(1), 0xa0, 0xbf) && next(2), first == 0xed && within(at(1), 0x80, 0x9f) && next(2),
		(within(first, 0xe1, 0xec) || within(first, 0xee, 0xef)) && next(1) && next(2):
		return 3
	case first == 0xf0 && within(at(1), 0x90, 0xbf) && next(2) && next(3), within(first, 0xf1, 0xf3) && next(1) && next(2) && next(3),
		first == 0xf4 && within(at(1), 0x80, 0x8f) && next(2) && next(3):
		return 4
	}
	return 0
}
