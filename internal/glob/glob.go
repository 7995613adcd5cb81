// Package glob matches shell wildcard patterns as fnmatch(3) of the GNU C library does with flags 0 in the C locale, which
// is how aliases are compared. The manual pages are glob(7) and fnmatch(3).
//
// It differs from path.Match: `*` and `?` match a slash and a leading dot, `[!...]` negates as `[^...]` does, and a pattern
// that is malformed is no error but matches little or nothing.
package glob

import "strings"

// HasMeta tells whether a pattern has a character that means something else than itself: one of * ? [ and the backslash.
// A pattern without any matches only the string that equals it.
func HasMeta(pattern string) bool { return strings.ContainsAny(pattern, `*?[\`) }

// Match tells whether the pattern matches the whole of s. Its time is bounded by a small multiple of len(pattern)*len(s).
//
// Both are bytes: in the C locale no character has more than one, and a byte from 0x80 on belongs to no class, such as
// [[:alpha:]]. A NUL, which a C string cannot hold, is a byte like others.
func Match(pattern, s string) bool {
	// Most patterns of a configuration are names, and differ in the first byte.
	if pattern != "" && s != "" && pattern[0] != s[0] && isPlain(pattern[0]) {
		return false
	}
	fits, _ := match(pattern, s)
	return fits
}

// MatchBytes is Match for a pattern in a buffer. steps is what it cost: how many bytes of the pattern were looked at, each time
// that they were.
func MatchBytes(pattern []byte, s string) (fits bool, steps int) { return match(pattern, s) }

// match walks both once and, at a byte that does not fit, goes back to the last star only, which then takes one byte more:
// an earlier star that took more could not make room for anything that the last one cannot.
func match[P string | []byte](pattern P, s string) (fits bool, steps int) {
	i, j := 0, 0
	afterStar, taken := -1, 0
	var open unclosed
	for {
		steps++
		switch {
		case i < len(pattern) && pattern[i] == '*':
			if i++; i == len(pattern) {
				return true, steps
			}
			afterStar, taken = i, j
			continue
		case i == len(pattern) && j == len(s):
			return true, steps
		case i < len(pattern) && j < len(s):
			next, read, fits := one(pattern, i, s[j], &open)
			steps += read - i
			if fits {
				i, j = next, j+1
				continue
			}
		}
		if afterStar < 0 || taken == len(s) {
			return false, steps
		}
		taken++
		if c := pattern[afterStar]; isPlain(c) || c == '[' && open.never(afterStar) {
			further := strings.IndexByte(s[taken:], c)
			if further < 0 {
				return false, steps + (len(s)-taken)/searchedAtOnce
			}
			taken += further
			steps += further / searchedAtOnce
		}
		i, j = afterStar, taken
	}
}

// searchedAtOnce is how many bytes strings.IndexByte looks at in the time of a step.
const searchedAtOnce = 16

// isPlain tells whether c can only stand for itself in a pattern.
func isPlain(c byte) bool { return c != '*' && c != '?' && c != '[' && c != '\\' }

// one matches c with the part of the pattern at i that stands for one byte, and gives where the next part begins and how far it
// read.
func one[P string | []byte](pattern P, i int, c byte, open *unclosed) (next, read int, fits bool) {
	switch pattern[i] {
	case '?':
		return i + 1, i, true
	case '[':
		return bracketOnce(pattern, i, c, open)
	case '\\':
		if i++; i == len(pattern) {
			return i, i, false
		}
	}
	return i + 1, i, pattern[i] == c
}

// bracketOnce is bracket, but for expressions without an end that were worked out before.
func bracketOnce[P string | []byte](pattern P, i int, c byte, open *unclosed) (next, read int, fits bool) {
	if c == '[' && open.stands(i) || c != '[' && open.never(i) {
		return i + 1, i, c == '['
	}
	next, read, fits = bracket(pattern, i, c)
	if read == len(pattern) && next == i+1 {
		meet(open, pattern, i, fits)
	}
	return next, read, fits
}
