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
		if got := MatchBytes([]byte(test.pattern), test.s); got != test.want {
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

// TestHostilePatterns would not end in the life of the machine if the time were exponential.
func TestHostilePatterns(t *testing.T) {
	s := strings.Repeat("a", 4000)
	for _, part := range []string{"*a", "*?", "*[a]", `*\a`, "*a[!b]", "*[[:alpha:]]", "[*"} {
		if Match(strings.Repeat(part, 500)+"b", s) {
			t.Error(part)
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
