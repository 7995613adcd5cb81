package glob

// unclosed is what a match has learned of brackets without an end, each of which costs a look at all of the pattern behind it:
// none is worked out twice, however often the text comes back to it.
type unclosed struct {
	// met tells whether there was one; what follows is not known before.
	met bool
	// from is the offset from which on nothing ends a bracket.
	from int
	// plain has a bit for each offset whose `[` is known to stand for itself.
	plain []uint64
}

// meet notes that the bracket at start came to the end of the pattern, and whether its `[` fitted.
func meet[P string | []byte](u *unclosed, p P, start int, fits bool) {
	if !u.met {
		u.met, u.from = true, lastClosing(p)
	}
	if !fits {
		return
	}
	if u.plain == nil {
		u.plain = make([]uint64, len(p)/64+1)
	}
	u.plain[start/64] |= 1 << (start % 64)
}

// never tells whether no bracket at start has an end, so that nothing but a `[` fits there.
func (u *unclosed) never(start int) bool { return u.met && start >= u.from }

// stands tells whether the `[` at start is known to stand for itself where the text has one.
func (u *unclosed) stands(start int) bool {
	return u.plain != nil && u.plain[start/64]&(1<<(start%64)) != 0
}

// lastClosing gives the offset of the last `]` that can end a bracket, 0 if there is none. One behind an odd number of
// backslashes cannot: whatever begins before them, they are taken in pairs, and the last with the `]`.
func lastClosing[P string | []byte](p P) int {
	for i := len(p) - 1; i > 0; i-- {
		if p[i] != ']' {
			continue
		}
		escapes := i
		for escapes > 0 && p[escapes-1] == '\\' {
			escapes--
		}
		if (i-escapes)%2 == 0 {
			return i
		}
		i = escapes
	}
	return 0
}
