package elfinfo

import (
	"bytes"
	"strings"
)

// Field is one string of .modinfo, such as "license=GPL".
type Field struct {
	Key, Value string // a string without '=' is a key without value
}

// Modinfo gives the strings of .modinfo in their order. A module without that section is ENODATA.
func (f *File) Modinfo() ([]Field, error) {
	data, err := f.mustBytes(modinfoSection)
	if err != nil {
		return nil, err
	}
	text := string(data)
	fields := make([]Field, 0, maxStrings(data))
	for text != "" {
		var line string
		line, text = nextString(text)
		if line == "" {
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		fields = append(fields, Field{key, value})
	}
	return fields, nil
}

// nextString cuts the first of some NUL-separated strings off; the last may lack its NUL.
func nextString(text string) (first, rest string) {
	first, rest, _ = strings.Cut(text, "\x00")
	return first, rest
}

// maxStrings gives a number that is not below that of the strings, and not above it where single NULs end them.
func maxStrings(data []byte) int {
	return min(bytes.Count(data, []byte{0}), len(data)/2) + 1
}
