package config

import (
	"bytes"
	"strings"
)

// normalised is a key, pattern or name by the rule of modname.Alias, but of any length: C kmod cuts what users look up, not
// what configuration says. With a bracket that lacks its other half ok is false, and the text is normalised up to there, as C
// kmod shows it in messages.
func normalised(key string) (text string, ok bool) {
	if !strings.ContainsAny(key, "-[]") {
		return key, true
	}
	b := []byte(key)
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '-':
			b[i] = '_'
		case ']':
			return string(b), false
		case '[':
			length := bytes.IndexByte(b[i:], ']')
			if length < 0 {
				return string(b), false
			}
			i += length
		}
	}
	return string(b), true
}
