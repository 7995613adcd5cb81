package glob

// bracket matches c with the bracket expression that begins at start, such as [a-z_] or [!0-9], and gives where the pattern
// goes on behind it, and how far it had to read; that is len(p) for an expression without an end and for a malformed one.
//
// glibc walks an expression item by item, and only up to the first item that c belongs to; what is behind that is skipped
// by looser rules. A malformed expression can so match some bytes and fail for others:
//
//	[x[.no.]]   matches x only: skipping minds no collating names
//	[[:no:]x]   matches nothing: an unknown class ends the walk before x
//	[abc        without an end is a plain `[` and three letters
func bracket[P string | []byte](p P, start int, c byte) (next, read int, fits bool) {
	i := start + 1
	negated := i < len(p) && (p[i] == '!' || p[i] == '^')
	if negated {
		i++
	}
	for first := true; i < len(p); first = false {
		if p[i] == ']' && !first {
			return i + 1, i + 1, negated
		}
		var result verdict
		if i, result = item(p, i, c); result == hit {
			if i, result = skip(p, i); result == hit {
				return i, i, !negated
			}
		}
		if result == malformed {
			return 0, len(p), false
		}
	}
	return start + 1, len(p), c == '['
}

// verdict is what a part of a bracket expression says of a byte.
type verdict int

const (
	miss verdict = iota
	hit
	// malformed fails the whole expression, negated or not.
	malformed
)

func verdictOf(fits bool) verdict {
	if fits {
		return hit
	}
	return miss
}

// item matches c with what is at i: a class, an equivalence, a range or one byte. What looks like the first two but is not
// is a plain `[`.
func item[P string | []byte](p P, i int, c byte) (behind int, result verdict) {
	switch {
	case isOpening(p, i, ':'):
		end, result := className(p, i+2, nameLimit)
		if result == hit {
			return end + 2, inClass(string(p[i+2:end]), c)
		}
		if result == malformed {
			return 0, malformed
		}
	case isEquivalence(p, i):
		return i + len("[=a=]"), verdictOf(p[i+2] == c)
	}
	return rangeOrByte(p, i, c)
}

// rangeOrByte matches c with a range or a byte; a range whose ends are the wrong way round holds nothing. A dash before the
// closing bracket is no range, yet behind a collating symbol it still keeps glibc from taking the symbol as a byte.
func rangeOrByte[P string | []byte](p P, i int, c byte) (behind int, result verdict) {
	low, behind, ok := endpoint(p, i)
	if !ok {
		return 0, malformed
	}
	if behind == len(p) || p[behind] != '-' {
		return behind, verdictOf(c == low)
	}
	dash := behind
	isByte := c == low && !isOpening(p, i, '.')
	if dash+1 == len(p) {
		if isByte {
			return dash, hit // of an expression without an end: it is plain text
		}
		return 0, malformed
	}
	if p[dash+1] == ']' {
		return dash, verdictOf(isByte)
	}
	high, behind, ok := endpoint(p, dash+1)
	if !ok {
		return 0, malformed
	}
	return behind, verdictOf(low <= c && c <= high)
}

// endpoint reads one byte, escaped byte or collating symbol. The C locale knows symbols of one byte, such as [.-.], and no
// names, such as [.hyphen.].
func endpoint[P string | []byte](p P, i int) (value byte, behind int, ok bool) {
	switch {
	case p[i] == '\\' && i+1 == len(p):
		return 0, 0, false
	case p[i] == '\\':
		return p[i+1], i + 2, true
	case isOpening(p, i, '.'):
		if i+4 >= len(p) || p[i+3] != '.' || p[i+4] != ']' {
			return 0, 0, false
		}
		return p[i+2], i + len("[.a.]"), true
	}
	return p[i], i + 1, true
}

// skip finds the end of the expression from i on, behind an item that was a hit. A miss is a pattern that ends before.
func skip[P string | []byte](p P, i int) (behind int, result verdict) {
	for ; i < len(p); i++ {
		switch {
		case p[i] == ']':
			return i + 1, hit
		case p[i] == '\\':
			i++
		case isOpening(p, i, ':'):
			end, result := className(p, i+2, nameLimit-1)
			if result == malformed {
				return 0, malformed
			}
			if result == hit {
				i = end + 1
			}
		case isEquivalence(p, i):
			i += len("[=a=")
		case isOpening(p, i, '='):
			return 0, malformed
		case isOpening(p, i, '.'):
			end := closing(p, i+2, '.')
			if end < 0 {
				return 0, malformed
			}
			i = end + 1
		}
	}
	return i, miss
}

// isOpening tells whether `[` and the mark are at i.
func isOpening[P string | []byte](p P, i int, mark byte) bool {
	return i+1 < len(p) && p[i] == '[' && p[i+1] == mark
}

// isEquivalence tells whether something like [=a=] is at i. In the C locale a byte is equal to itself only.
func isEquivalence[P string | []byte](p P, i int) bool {
	return isOpening(p, i, '=') && i+4 < len(p) && p[i+3] == '=' && p[i+4] == ']'
}

// closing finds the mark and `]` from i on, -1 where there is none.
func closing[P string | []byte](p P, i int, mark byte) int {
	for ; i+1 < len(p); i++ {
		if p[i] == mark && p[i+1] == ']' {
			return i
		}
	}
	return -1
}
