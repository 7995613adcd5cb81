package elfinfo

// nameList collects names that will be strings, in one allocation however many there are.
type nameList struct {
	text []byte
	ends []int
}

// expect makes room for n names.
func (l *nameList) expect(n int) {
	const usual = 20 // bytes
	l.text, l.ends = make([]byte, 0, n*usual), make([]int, 0, n)
}

func (l *nameList) add(name []byte) {
	l.text = append(l.text, name...)
	l.ends = append(l.ends, len(l.text))
}

func (l *nameList) len() int { return len(l.ends) }

// each calls use with every name.
func (l *nameList) each(use func(i int, name string)) {
	text, start := string(l.text), 0
	for i, end := range l.ends {
		use(i, text[start:end])
		start = end
	}
}
