package config

import "strings"

// lines takes a text apart into logical lines. A backslash at the end of a line joins it with the next; any other backslash
// is dropped and the character after it stays. A NUL ends the line, as C's strings do; CR is a character like any other.
type lines struct {
	rest string
	// number counts physical lines from 1: that of the last one of the logical line that next gave.
	number int
}

// next gives the next logical line without its newline; ok is false after the last.
func (l *lines) next() (line string, ok bool) {
	if l.rest == "" {
		return "", false
	}
	line, rest, _ := strings.Cut(l.rest, "\n")
	if strings.IndexByte(line, '\\') < 0 {
		l.rest = rest
		l.number++
	} else {
		line = l.unescaped()
	}
	line, _, _ = strings.Cut(line, "\x00")
	return line, true
}

// unescaped is next for a line that a backslash is in.
func (l *lines) unescaped() string {
	var line []byte
	i := 0
	for ; i < len(l.rest) && l.rest[i] != '\n'; i++ {
		if l.rest[i] == '\\' {
			i++
			if i == len(l.rest) {
				break
			}
			if l.rest[i] == '\n' {
				l.number++
				continue
			}
		}
		line = append(line, l.rest[i])
	}
	l.rest = l.rest[min(i+1, len(l.rest)):]
	l.number++
	return string(line)
}

// meaningful gives the next line that is neither empty nor a comment, without the blanks before its first word.
func (l *lines) meaningful() (line string, ok bool) {
	for {
		line, ok = l.next()
		line = strings.TrimLeft(line, blanks)
		if !ok || line != "" && line[0] != '#' {
			return line, ok
		}
	}
}

// blanks separate the words of a line.
const blanks = " \t"

// cutWord cuts off the first word of a text. rest begins behind the one blank that ended the word.
func cutWord(text string) (word, rest string) {
	text = strings.TrimLeft(text, blanks)
	end := strings.IndexAny(text, blanks)
	if end < 0 {
		return text, ""
	}
	return text[:end], text[end+1:]
}
