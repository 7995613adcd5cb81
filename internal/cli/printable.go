package cli

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable shows the control characters of a module's text as \xNN, so that a module cannot steer the terminal of the person
// who looks at it. Newlines and tabs stay.
func printable(text string) string { return escaped(text, steersTerminal) }

// printableLine is printable for what stands on one line: a newline in a name or in a file's text would begin a line that nobody wrote.
func printableLine(text string) string { return escaped(text, leavesLine) }

func escaped(text string, unwanted func(rune) bool) string {
	if strings.IndexFunc(text, unwanted) < 0 && utf8.ValidString(text) {
		return text
	}
	var shown strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unwanted(r) || r == utf8.RuneError && size == 1 {
			for _, b := range []byte(text[i : i+size]) {
				shown.WriteString(`\x` + string(hexDigits[b>>4]) + string(hexDigits[b&0xf]))
			}
		} else {
			shown.WriteString(text[i : i+size])
		}
		i += size
	}
	return shown.String()
}

func steersTerminal(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

func leavesLine(r rune) bool { return unicode.IsControl(r) && r != '\t' }
