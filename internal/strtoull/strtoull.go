// Package strtoull reads numbers as the C library does.
package strtoull

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Parse reads a whole text as strtoull(3) does with base 16, or with base 0, for which "0x1f" is of base 16, "017" of base 8, and others of
// base 10. White space and a sign may stand before it: "-1" is the largest number, and what is larger counts as that, too. What strtoull would
// not read to its end is no number.
func Parse(text string, base int) (number uint64, ok bool) {
	digits := strings.TrimLeft(text, " \t\n\v\f\r")
	negative := strings.HasPrefix(digits, "-")
	if negative || strings.HasPrefix(digits, "+") {
		digits = digits[1:]
	}
	switch {
	case len(digits) > 2 && digits[0] == '0' && digits[1]|0x20 == 'x':
		base, digits = 16, digits[2:]
	case base == 0 && strings.HasPrefix(digits, "0"):
		base = 8
	case base == 0:
		base = 10
	}
	number, err := strconv.ParseUint(digits, base, 64)
	// Of a number that is too large ParseUint does not look at the rest.
	if errors.Is(err, strconv.ErrRange) && strings.TrimLeft(digits, digitsOf(base)) == "" {
		return math.MaxUint64, true
	}
	if err != nil {
		return 0, false
	}
	if negative {
		number = -number
	}
	return number, true
}

// digitsOf are the digits of base 8, 10 or 16.
func digitsOf(base int) string {
	const all = "0123456789abcdefABCDEF"
	if base < 16 {
		return all[:base]
	}
	return all
}
