// Package jsontext writes JSON (RFC 8259). Members stand in the order in which they are given, so that the same facts give the same bytes.
// Package encoding/json would cost every call of every tool its start-up, and the binary a seventh of its size.
package jsontext

import (
	"strconv"
	"unicode/utf8"
)

// Object is a JSON object.
type Object []Member

// Member is a name with its value: a string, bool, int, int64, uint64, nil, an Object, or a slice of strings, Objects or any of these.
type Member struct {
	Name  string
	Value any
}

// Document is an object in lines, indented by two blanks, with a newline at its end.
func Document(o Object) []byte { return append(value(nil, o, "\n"), '\n') }

// value appends a value; indent is a newline with the blanks that its own line begins with.
func value(to []byte, v any, indent string) []byte {
	switch v := v.(type) {
	case nil:
		return append(to, "null"...)
	case bool:
		return strconv.AppendBool(to, v)
	case int:
		return strconv.AppendInt(to, int64(v), 10)
	case int64:
		return strconv.AppendInt(to, v, 10)
	case uint64:
		return strconv.AppendUint(to, v, 10)
	case string:
		return text(to, v)
	case Object:
		return object(to, v, indent)
	case []Object:
		return array(to, v, indent)
	case []string:
		return array(to, v, indent)
	case []any:
		return array(to, v, indent)
	}
	panic("jsontext: a value of a type that Member does not list")
}

func object(to []byte, o Object, indent string) []byte {
	if len(o) == 0 {
		return append(to, "{}"...)
	}
	to = append(to, '{')
	for i, member := range o {
		to = between(to, i, indent)
		to = append(text(to, member.Name), ": "...)
		to = value(to, member.Value, indent+"  ")
	}
	return append(append(to, indent...), '}')
}

func array[T any](to []byte, list []T, indent string) []byte {
	if len(list) == 0 {
		return append(to, "[]"...)
	}
	to = append(to, '[')
	for i, v := range list {
		to = between(to, i, indent)
		to = value(to, v, indent+"  ")
	}
	return append(append(to, indent...), ']')
}

// between begins the line of a member or element.
func between(to []byte, i int, indent string) []byte {
	if i > 0 {
		to = append(to, ',')
	}
	return append(append(to, indent...), "  "...)
}

// text appends a string. Bytes that are no UTF-8 become U+FFFD, as JSON has no way to say them.
func text(to []byte, s string) []byte {
	const digits = "0123456789abcdef"
	to = append(to, '"')
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '"' || r == '\\':
			to = append(to, '\\', byte(r))
		case r == '\n':
			to = append(to, `\n`...)
		case r == '\t':
			to = append(to, `\t`...)
		case r < ' ' || r == 0x7f:
			to = append(to, `\u00`...)
			to = append(to, digits[r>>4], digits[r&15])
		default:
			to = utf8.AppendRune(to, r)
		}
		i += size
	}
	return append(to, '"')
}
