// Package jsontext writes JSON (RFC 8259). Members stand in the order in which they are given, so that the same facts give the same bytes.
// Package encoding/json would cost every call of every tool its start-up, and the binary a seventh of its size.
package jsontext

import (
	"bufio"
	"iter"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Object is a JSON object.
type Object []Member

// Member is a name with its value: a string, bool, int, int64, uint64, nil, an Object, or a slice of strings, Objects or any of these. Objects
// that are too many to be in memory at once may come as an iter.Seq[Object].
type Member struct {
	Name  string
	Value any
}

// Write writes an object in lines, indented by two blanks, with a newline at its end. Errors are out's, which keeps them.
func Write(out *bufio.Writer, o Object) {
	value(out, o, "\n")
	out.WriteByte('\n')
}

// value writes a value; indent is a newline with the blanks that its own line begins with.
func value(out *bufio.Writer, v any, indent string) {
	switch v := v.(type) {
	case nil:
		out.WriteString("null")
	case bool:
		out.WriteString(strconv.FormatBool(v))
	case int:
		out.WriteString(strconv.Itoa(v))
	case int64:
		out.WriteString(strconv.FormatInt(v, 10))
	case uint64:
		out.WriteString(strconv.FormatUint(v, 10))
	case string:
		text(out, v)
	case Object:
		object(out, v, indent)
	case []Object:
		array(out, slices.Values(v), indent)
	case []string:
		array(out, slices.Values(v), indent)
	case []any:
		array(out, slices.Values(v), indent)
	case iter.Seq[Object]:
		array(out, v, indent)
	default:
		panic("jsontext: a value of a type that Member does not list")
	}
}

func object(out *bufio.Writer, o Object, indent string) {
	inner := indent + "  "
	begin := byte('{')
	for _, member := range o {
		out.WriteByte(begin)
		out.WriteString(inner)
		text(out, member.Name)
		out.WriteString(": ")
		value(out, member.Value, inner)
		begin = ','
	}
	end(out, begin == '{', "{}", indent)
}

func array[T any](out *bufio.Writer, list iter.Seq[T], indent string) {
	inner := indent + "  "
	begin := byte('[')
	for v := range list {
		out.WriteByte(begin)
		out.WriteString(inner)
		value(out, v, inner)
		begin = ','
	}
	end(out, begin == '[', "[]", indent)
}

// end closes what brackets enclose: on a line of its own, unless there was nothing between them.
func end(out *bufio.Writer, empty bool, brackets, indent string) {
	if empty {
		out.WriteString(brackets)
		return
	}
	out.WriteString(indent)
	out.WriteByte(brackets[1])
}

// text writes a string. Bytes that are no UTF-8 become U+FFFD, as JSON has no way to say them.
func text(out *bufio.Writer, s string) {
	const digits = "0123456789abcdef"
	out.WriteByte('"')
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteByte(byte(r))
		case r == '\n':
			out.WriteString(`\n`)
		case r == '\t':
			out.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			out.WriteString(`\u00`)
			out.WriteByte(digits[r>>4])
			out.WriteByte(digits[r&15])
		default:
			out.WriteRune(r)
		}
		i += size
	}
	out.WriteByte('"')
}
