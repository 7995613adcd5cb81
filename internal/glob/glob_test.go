package glob

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true},
		{"", "a", false},
		{"a", "", false},
		{"ext4", "ext4", true},
		{"ext4", "ext4x", false},
		{"*", "", true},
		{"*", "a/.b", true},
		{"?", ".", true},
		{"?", "/", true},
		{"?", "", false},
		{"*.c", ".c", true},
		{"a*b*c", "aXbYbZc", true},
		{"a*b*c", "aXbYbZ", false},
		{"a**", "a", true},
		{"*a", "aab", false},
		{`\*`, "*", true},
		{`\*`, "a", false},
		{`\a`, "a", true},
		{`a\`, "a", false},
		{`a\`, `a\`, false},
		{"[abc]", "b", true},
		{"[abc]", "d", false},
		{"[!abc]", "d", true},
		{"[^abc]", "d", true},
		{"[^abc]", "a", false},
		{"[a-c]x", "bx", true},
		{"[c-a]", "b", false},
		{"[]a]", "]", true},
		{"[!]a]", "]", false},
		{"[a-]", "-", true},
		{"[-a]", "-", true},
		{`[a\]]`, "]", true},
		{`[\a-\c]`, "b", true},
		{"[[:alpha:]]", "x", true},
		{"[[:alpha:]]", "\xe4", false},
		{"[![:alpha:]]", "\xe4", true},
		{"[[:digit:]a-f]", "e", true},
		{"[[:nonsense:]a]", "a", false},
		{"[a[:nonsense:]]", "a", true},
		{"[[=a=]b]", "a", true},
		{"[[.-.]]", "-", true},
		{"[[.a.]-c]", "b", true},
		{"[[.hyphen.]]", "-", false},
		{"[\x80-\xff]", "\xe4", true},
		{"[abc", "[abc", true},
		{"[abc", "a", false},
		{"a*[", "ab[", true},
		{"?", "ä", false},
		{"??", "ä", true},
		{"pci:v00008086d*sv*sd*bc*sc*i*", "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00", true},
		{"pci:v00008086d*sv*sd*bc03sc*i*", "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00", false},
		{"usb:v0B05p*d0[0-4]*", "usb:v0B05p1234d03xx", true},
	} {
		if got := Match(test.pattern, test.s); got != test.want {
			t.Errorf("Match(%q, %q) = %v", test.pattern, test.s, got)
		}
		if got, _ := MatchBytes([]byte(test.pattern), test.s); got != test.want {
			t.Errorf("MatchBytes(%q, %q) = %v", test.pattern, test.s, got)
		}
	}
}

func TestHasMeta(t *testing.T) {
	for pattern, want := range map[string]bool{
		"": false, "snd_hda_intel": false, "a]b!^-.:": false, "a*": true, "?": true, "x[0-9]": true, `a\b`: true,
	} {
		if got := HasMeta(pattern); got != want {
			t.Errorf("HasMeta(%q) = %v", pattern, got)
		}
	}
}

// mostSteps is what Match promises. A step is short, so that three for each pair of bytes are no more than one of another kind.
func mostSteps(pattern, s string) int { return 3 * (len(pattern) + 1) * (len(s) + 1) }

// TestHostilePatterns has patterns that would take the life of the machine if the time were exponential, and seconds if a bracket
// without an end were worked out wherever the text comes to it.
func TestHostilePatterns(t *testing.T) {
	for _, letter := range []string{"a", "["} {
		s := strings.Repeat(letter, 4000)
		for _, part := range []string{"*a", "*?", "*[a]", `*\a`, "*a[!b]", "*[[:alpha:]]", "[*", "[", `[\]`, "[a-", "[!", "[[:alpha:]", "*[[", "?["} {
			pattern := strings.Repeat(part, 500)
			for _, pattern := range []string{pattern + "b", "*" + pattern + "b", "*" + pattern + `\]`, "*" + pattern + "[.", "*" + pattern + "[=]=]"} {
				fits, steps := MatchBytes([]byte(pattern), s)
				if most := mostSteps(pattern, s); fits || steps > most {
					t.Errorf("%.20s%s: %v, %d steps instead of %d", pattern, pattern[len(pattern)-5:], fits, steps, most)
				}
			}
		}
	}
}

// TestUnclosedBrackets counts the looks at brackets that nothing ends: one behind a star that no text fits is looked at once.
func TestUnclosedBrackets(t *testing.T) {
	const modalias = "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00"
	brackets := strings.Repeat("[", 3500)
	for _, test := range []struct {
		pattern, s string
		fits       bool
		most       int
	}{
		{"*" + brackets + `000001\]`, modalias, false, 4000},
		{"*" + brackets, modalias, false, 4000},
		{"*" + brackets + `\]`, strings.Repeat("[", 3400), false, 20e6},
		{"*" + brackets + `\]`, brackets + "]", true, 8e6},
		{`*[\\]` + brackets, `\` + brackets, true, 8e6},
	} {
		fits, steps := MatchBytes([]byte(test.pattern), test.s)
		if fits != test.fits || steps > test.most {
			t.Errorf("%.10s, %.10s: %v, %d steps", test.pattern, test.s, fits, steps)
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	pattern := []byte("pci:v*d0000[[:digit:]][0-9]*sv*sd*bc02sc*i*")
	if n := testing.AllocsPerRun(100, func() { MatchBytes(pattern, "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00") }); n != 0 {
		t.Error(n, "allocations")
	}
}

func BenchmarkMatch(b *testing.B) {
	for range b.N {
		Match("pci:v00008086d*sv*sd*bc02sc*i*", "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00")
	}
}
