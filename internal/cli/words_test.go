package cli

import (
	"slices"
	"strings"
	"testing"
)

// wordsOf splits MODPROBE_OPTIONS letter by letter.
func wordsOf(text string) (words []string) {
	word, inside, quote := "", false, byte(0)
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word += text[i : i+1]
		case c == '\'' || c == '"':
			quote, inside = c, true
		case c == ' ' || c == '\t':
			if inside {
				words = append(words, word)
			}
			word, inside = "", false
		default:
			word, inside = word+text[i:i+1], true
		}
	}
	if inside {
		words = append(words, word)
	}
	return words
}

// FuzzSplitWords: words are what the rules give letter by letter, and are the same when they are quoted and split again.
func FuzzSplitWords(f *testing.F) {
	f.Add(`-C "/a b" -v 'x "y' a'b'"c d" '' -q`)
	f.Add("  \t'open end ")
	f.Fuzz(func(t *testing.T, text string) {
		words := splitWords(text)
		if want := wordsOf(text); !slices.Equal(words, want) {
			t.Errorf("%q: %q instead of %q", text, words, want)
		}
		var quoted []string
		for _, word := range append(words, text) {
			quoted = append(quoted, quoteWord(word))
		}
		if again := splitWords(strings.Join(quoted, " ")); !slices.Equal(again, append(words, text)) {
			t.Errorf("%q is written as %q, which is %q", words, quoted, again)
		}
	})
}

// FuzzInherited: what is handed on to children makes them hand on the same, however deep they are.
func FuzzInherited(f *testing.F) {
	f.Add("-q -C '/a b'", "-v")
	f.Add("-qs -b --first-time", "-C x -v x")
	f.Fuzz(func(t *testing.T, text, line string) {
		inherited := readInherited(text)
		own := readInherited(text + " " + line)
		environment := inherited.handOn(own.handedOn)
		if environment == nil {
			if text != "" || len(own.handedOn) > 0 {
				t.Errorf("%q and %q hand on nothing", text, line)
			}
			return
		}
		handed := strings.TrimPrefix(environment[0], optionsVariable+"=")
		again := readInherited(handed)
		deeper := again.handOn(readInherited(handed + " " + line).handedOn)
		if !strings.HasPrefix(handed, text) || wellFormed(text) && wellFormed(line) && !slices.Equal(deeper, environment) {
			t.Errorf("%q and %q hand on %q, and that hands on %q", text, line, environment, deeper)
		}
	})
}

// wellFormed tells texts whose words mean the same with others before and behind them: no open quotes, no options that lack a value, no end of
// options.
func wellFormed(text string) bool {
	for _, word := range splitWords(text) {
		if !slices.Contains([]string{"-q", "-v", "-s", "-b", "x"}, word) {
			return false
		}
	}
	return strings.Count(text, "'")%2 == 0 && strings.Count(text, `"`)%2 == 0
}
