package elfinfo

import "strings"

// nameList collects names that will be strings, in one allocation however many there are.
type nameList struct {
	text strings.Builder
	ends []int
}

func (l *nameList) add(name []byte) {
	l.text.Write(name)
	l.ends = append(l.ends, l.text.Len())
}

func (l *nameList) len() int { return len(l.ends) }

// each calls use with every name.
func (l *nameList) each(use func(i int, name string)) {
	text, start := l.text.String(), 0
	for i, end := range l.ends {
		use(i, text[start:end])
		start = end
	}
}
