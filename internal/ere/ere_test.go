package ere

import (
	"strings"
	"testing"

	"gomod/test/oracle"
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
		{"a{700}", strings.Repeat("a", 700), true}, {"a{700}", strings.Repeat("a", 699), false},
		{"^(ab){2}$", "abab", true}, {"^(a|b){3}$", "aba", true}, {"^(a|b){3}$", "abab", false}, {"^(a*)*b$", "aaab", true}, {"^()*$", "", true},
		{"[[:digit:]]", "x1", true}, {"[^[:alnum:]]", "a_b", true}, {"[^[:alnum:]]", "ab", false}, {"[]a]", "]", true}, {"[^]a]", "]", false},
		{"[a-]", "-", true}, {"[a-c-]", "-", true}, {"[[:digit:]-]", "-", true}, {"[^--a]", "b", true}, {"[%--a]", "a", true}, {"[+--]", ",", true}, {"[[.a.]-[.c.]]", "b", true}, {"[[=a=]]", "a", true}, {`[\d]`, `\`, true}, {`\.`, ".", true},
		{`\bx\b`, "a x b", true}, {`\bx\b`, "axb", false}, {`\w\W`, "a-", true}, {`\s`, "a b", true}, {`\S`, " ", false}, {`\<a\>`, "-a-", true}, {`x\B`, "xy", true},
		{".", "\xff", true}, {"a.c", "a\nc", true}, {"(a|)b", "b", true}, {"x**", "", true}, {"a|", "b", true},
		{"6)*", "6))", true}, {")", "(", false}, {"(a))|b", "a)", true}, {"(a))|b", "a", false}, {"a|)b", "x)b", true}, {"|)(", "", false},
		// What is invalid matches nothing.
		{"(^)*a", "a", true}, {"x^", "x", false}, {"\\`a", "ba", false}, {`a\'`, "ba", true},
		{"^*", "a", false}, {"$+", "", false}, {`\b?`, "a", false}, {"^{2}", "", false},
		{"[", "[", false}, {"(", "(", false}, {"*", "*", false}, {`\`, `\`, false}, {`(a)\1`, "aa", false}, {"a{2", "aa", false},
		{"[z-a]", "m", false}, {"[0-0-0]", "0", false}, {"[a-c--]", "a", false}, {"[[:digit:]-a]", "a", false}, {"[a-c-[:digit:]]", "a", false}, {"[[:no:]]", "n", false}, {"a{3,2}", "aaa", false}, {"a{999}", "a", false},
		{"a{40000}", "a", false}, {"a{0,40000}", "a", false}, {"((((a{200}){200}){200}){200})", "a", false},
		{strings.Repeat("(", 1000) + strings.Repeat(")", 1000), "", false},
	} {
		if got := Match(test.expression, test.text); got != test.want {
			t.Errorf("Match(%.60q, %q) = %v", test.expression, test.text, got)
		}
	}
}

// FuzzMatch: what is valid here is valid to the C library and means the same, and what is invalid here is to it, too; but for back-references and
// what is too large.
func FuzzMatch(f *testing.F) {
	for _, seed := range [][2]string{
		{"^6\\.(1|12)[^a-c]*$", "6.1-x"}, {"(a|b)*c{2,3}", "abcc"}, {"((a?)+|b{0,2})*$", "aab"}, {`\<[[:alpha:]_-]+\b\W`, "x a-"}, {"[^]z-]|[[.-.]]", "]-"},
		{"[[:digit:]", ""}, {"a{2", "aa"}, {"()|*", ""}, {"(a)\\1", "aa"}, {"[[.a.]-]b)", "b"},
		{"6\\.1\\.[0-9]+-.*", "6.1.0-56-amd64"}, {".*-rt", "6.12.117-rt-amd64"},
	} {
		f.Add(seed[0], seed[1])
	}
	reference := oracle.Start(f, "testdata/regexec.c")
	f.Fuzz(func(t *testing.T, expression, text string) {
		// The C library takes hours, or gigabytes, for some repetitions in repetitions: each + and { copies what it repeats. And it takes an
		// anchor within the expression, beside a newline, for one at the edge of a line, though nobody asked for lines. No release of a kernel
		// has a newline.
		copies := strings.Count(expression, "{")
		if strings.Contains(text, "\n") || len(expression) > 80 || len(text) > 200 || copies > 2 || copies+strings.Count(expression, "+") > 4 ||
			strings.ContainsRune(expression+text, 0) {
			return
		}
		got := "invalid"
		switch _, err := compile(expression); err {
		case nil:
			got = map[bool]string{true: "match", false: "none"}[Match(expression, text)]
		case errTooLong, errBackReference:
			if Match(expression, text) {
				t.Errorf("Match(%q, %q) of what cannot be compiled", expression, text)
			}
			return
		}
		if want := reference.Ask(t, expression, text); got != want {
			t.Errorf("Match(%q, %q): %s instead of %s", expression, text, got, want)
		}
	})
}
