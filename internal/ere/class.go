package ere

// class gives what is in a character class of the C locale, nil for a name that is none.
func class(name string) func(byte) bool {
	switch name {
	case "alpha":
		return isAlpha
	case "digit":
		return isDigit
	case "alnum":
		return isAlnum
	case "upper":
		return isUpper
	case "lower":
		return isLower
	case "space":
		return isSpace
	case "blank":
		return func(b byte) bool { return b == ' ' || b == '\t' }
	case "punct":
		return func(b byte) bool { return isGraph(b) && !isAlnum(b) }
	case "graph":
		return isGraph
	case "print":
		return func(b byte) bool { return b == ' ' || isGraph(b) }
	case "cntrl":
		return func(b byte) bool { return b < ' ' || b == 0x7f }
	case "xdigit":
		return func(b byte) bool { return isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'f' }
	}
	return nil
}

func isUpper(b byte) bool { return 'A' <= b && b <= 'Z' }
func isLower(b byte) bool { return 'a' <= b && b <= 'z' }
func isAlpha(b byte) bool { return isUpper(b) || isLower(b) }
func isDigit(b byte) bool { return '0' <= b && b <= '9' }
func isAlnum(b byte) bool { return isAlpha(b) || isDigit(b) }
func isSpace(b byte) bool { return b == ' ' || '\t' <= b && b <= '\r' }
func isGraph(b byte) bool { return ' ' < b && b < 0x7f }
