package glob

// nameLimit is the length in bytes from which glibc takes no name of a class.
const nameLimit = 2048

// className finds the `:]` behind a name of lower-case letters that begins at i. A miss is anything else there, z included,
// which no name of POSIX has; a name of limit bytes is malformed.
func className[P string | []byte](p P, i, limit int) (end int, result verdict) {
	for end = i; end < len(p) && end-i < limit; end++ {
		if p[end] == ':' && end+1 < len(p) && p[end+1] == ']' {
			return end, hit
		}
		if p[end] < 'a' || p[end] > 'y' {
			return end, miss
		}
	}
	if end-i == limit {
		return end, malformed
	}
	return end, miss
}

// inClass tells whether c is in a class of the C locale; a name that is none is malformed.
func inClass(name string, c byte) verdict {
	lower, upper, digit := c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9'
	graph := c > ' ' && c < 0x7f
	switch name {
	case "alnum":
		return verdictOf(lower || upper || digit)
	case "alpha":
		return verdictOf(lower || upper)
	case "blank":
		return verdictOf(c == ' ' || c == '\t')
	case "cntrl":
		return verdictOf(c < ' ' || c == 0x7f)
	case "digit":
		return verdictOf(digit)
	case "graph":
		return verdictOf(graph)
	case "lower":
		return verdictOf(lower)
	case "print":
		return verdictOf(graph || c == ' ')
	case "punct":
		return verdictOf(graph && !lower && !upper && !digit)
	case "space":
		return verdictOf(c == ' ' || c >= '\t' && c <= '\r')
	case "upper":
		return verdictOf(upper)
	case "xdigit":
		return verdictOf(digit || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F')
	}
	return malformed
}
