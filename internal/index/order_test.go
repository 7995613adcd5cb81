package index

import (
	"fmt"
	"strings"
	"testing"
)

// TestOrder is what kmod 34.2 printed for the same entries: `modprobe -R` with whole indexes, and `modinfo -F name`.
func TestOrder(t *testing.T) {
	entries := []entry{
		{"q*", "a", 0}, {"q?", "b", 0}, {"qq", "c", 0}, {"*q", "d", 0}, {"[q]q", "e", 0},
		{"?q", "f", 0}, {"q[q]", "g", 0}, {"qq", "h", 0}, {"*", "i", 0}, {"qq*", "j", 0},
	}
	doubled := []entry{{"q*", "a", 0}, {"q*", "b", 1}, {"qa", "c", 5}, {"q**", "d", 0}, {"q?", "e", 0}, {"q[*]", "f", 0}}
	for _, test := range []struct {
		entries         []entry
		query           string
		mapped, another string
	}{
		{entries, "qq", "c h j g b a e f i d", "h c j g b a e f i d"},
		{doubled, "q*", "a d f e a d b b", "a d f e a d b b"},
		{doubled, "qa", "e a d b c", "e a d b c"},
		{doubled, "q?", "e e a d b", "e e a d b"},
		{doubled, "q[*]", "f a d b", "f a d b"},
	} {
		for name, o := range orders {
			x := parse(t, string(encode(test.entries, o)))
			for reverse, want := range map[bool]string{false: test.mapped, true: test.another} {
				x.ReverseTies(reverse)
				found, err := x.Search(test.query)
				var got []string
				for _, match := range found {
					got = append(got, match.Value)
				}
				if strings.Join(got, " ") != want || err != nil {
					t.Errorf("%s: %q, reverse %v: %v %v", name, test.query, reverse, got, err)
				}
			}
		}
	}
}

// TestBranchInsidePattern has keys that part in the middle of a bracket and behind a backslash, where it cannot be told yet
// what the pattern matches.
func TestBranchInsidePattern(t *testing.T) {
	x := parse(t, string(encode([]entry{
		{"*:[ab]x", "ab", 0}, {"*:[bc]x", "bc", 0}, {"*:[!a]x", "not a", 0}, {`*;\a`, "a", 0}, {`*;\b`, "b", 0}, {`*;\*`, "star", 0}, {"*;b", "plain", 0},
	}, preOrder)))
	for query, want := range map[string]string{":ax": "ab", "q:bx": "bc, ab, not a", ":cx": "bc, not a", ";a": "a", ";b": "plain, b", ";*": "star"} {
		found, err := x.Search(query)
		var values []string
		for _, match := range found {
			values = append(values, match.Value)
		}
		if got := strings.Join(values, ", "); got != want || err != nil {
			t.Errorf("Search(%q) = %s %v", query, got, err)
		}
	}
}

// TestQueryOfWildcards finds each key again at every star on the way to it, which is no loop.
func TestQueryOfWildcards(t *testing.T) {
	const length = 30
	var entries []entry
	for i := range length {
		entries = append(entries, entry{strings.Repeat("*", i+1), "v", 0})
	}
	found, err := parse(t, string(encode(entries, preOrder))).Search(strings.Repeat("*", length))
	if want := length*(length+1)/2 + 1; len(found) != want || err != nil {
		t.Error(len(found), err)
	}
}

// TestReverseTies has kmod 34.2's answers too, for a node whose priorities are not even in order.
func TestReverseTies(t *testing.T) {
	const node = "\xb0\x07\xf4\x57\x00\x02\x00\x01\xc0\x00\x00\x0c" + "qq\x00" + "\x00\x00\x00\x04" +
		"\x00\x00\x00\x03a\x00" + "\x00\x00\x00\x01b\x00" + "\x00\x00\x00\x02c\x00" + "\x00\x00\x00\x01d\x00"
	x := parse(t, node)
	for _, test := range []struct {
		reverse                bool
		first, matches, values string
	}{
		{false, "a", "[{d 1 qq} {b 1 qq} {c 2 qq} {a 3 qq}]", `"qq" [{a 3} {b 1} {c 2} {d 1}]`},
		{true, "d", "[{b 1 qq} {d 1 qq} {c 2 qq} {a 3 qq}]", `"qq" [{d 1} {b 1} {c 2} {a 3}]`},
	} {
		x.ReverseTies(test.reverse)
		if got, _, err := x.Lookup("qq"); got != test.first || err != nil {
			t.Error(test.reverse, got, err)
		}
		if got, err := x.Search("qq"); fmt.Sprint(got) != test.matches || err != nil {
			t.Error(test.reverse, got, err)
		}
		if got := listing(t, x); got != test.values+"\n" {
			t.Error(test.reverse, got)
		}
	}
}
