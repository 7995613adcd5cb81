package ere

import (
	"regexp"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		expression, text string
		want             bool
	}{
		{"", "x", true}, {"6.1", "6.1.0-56-amd64", true}, {"6.1", "5.6x1", true}, {`6\.1`, "5.6x1", false},
		{"^6", "6.1", true}, {"^6", "16", false}, {"amd64$", "6.1-amd64", true}, {"amd64$", "6.1-amd64x", false},
		{"^(5|6)\\.[0-9]+", "6.12", true}, {"^(5|6)\\.[0-9]+$", "7.12", false}, {"a|b|cd", "xcdx", true}, {"a|b|cd", "xcx", false},
		{"^a*$", "", true}, {"^a*$", "aaa", true}, {"^a+$", "", false}, {"^ab?c$", "ac", true}, {"^ab?c$", "abbc", false},
		{"^a{2}$", "aa", true}, {"^a{2}$", "aaa", false}, {"^a{2,}$", "aaaa", true}, {"^a{2,3}$", "aaaa", false}, {"^a{,2}$", "a", true},
		{"^(ab){2}$", "abab", true}, {"^(a|b){3}$", "aba", true}, {"^(a|b){3}$", "abab", false}, {"^(a*)*b$", "aaab", true}, {"^()*$", "", true},
		{"[[:digit:]]", "x1", true}, {"[^[:alnum:]]", "a_b", true}, {"[^[:alnum:]]", "ab", false}, {"[]a]", "]", true}, {"[^]a]", "]", false},
		{"[a-]", "-", true}, {"[+--]", ",", true}, {"[[.a.]-[.c.]]", "b", true}, {"[[=a=]]", "a", true}, {`[\d]`, `\`, true}, {`\.`, ".", true},
		{`\bx\b`, "a x b", true}, {`\bx\b`, "axb", false}, {`\w\W`, "a-", true}, {`\s`, "a b", true}, {`\S`, " ", false}, {`\<a\>`, "-a-", true}, {`x\B`, "xy", true},
		{".", "\xff", true}, {"a.c", "a\nc", true}, {"(a|)b", "b", true}, {"x**", "", true}, {"a|", "b", true},
		// What is invalid matches nothing.
		{"[", "[", false}, {"(", "(", false}, {"*", "*", false}, {`\`, `\`, false}, {`(a)\1`, "aa", false}, {"a{2", "aa", false},
		{"[z-a]", "m", false}, {"[[:no:]]", "n", false}, {"a{3,2}", "aaa", false}, {"a{999}", "a", false}, {"((((a{200}){200}){200}){200})", "a", false},
		{strings.Repeat("(", 1000) + strings.Repeat(")", 1000), "", false},
	} {
		if got := Match(test.expression, test.text); got != test.want {
			t.Errorf("Match(%.60q, %q) = %v", test.expression, test.text, got)
		}
	}
}

// FuzzMatch: what Go's own POSIX expressions accept means the same here, but for what Go reads differently.
func FuzzMatch(f *testing.F) {
	f.Add("^6\\.(1|12)[^a-c]*$", "6.1-x")
	f.Add("(a|b)*c{2,3}", "abcc")
	f.Add("((a?)+|b{0,2})*$", "aab")
	f.Fuzz(func(t *testing.T, expression, text string) {
		got := Match(expression, text)
		for _, b := range []byte(expression + text) {
			if b >= 0x80 || b == '\\' || b < ' ' {
				return
			}
		}
		if strings.Contains(expression, "[.") || strings.Contains(expression, "[=") || strings.Contains(expression, "[:") || strings.ContainsAny(expression, "{") {
			return
		}
		theirs, err := regexp.CompilePOSIX(expression)
		if _, ours := compile(expression); err != nil || ours != nil {
			return
		}
		if want := theirs.MatchString(text); got != want {
			t.Errorf("Match(%q, %q) = %v", expression, text, got)
		}
	})
}
