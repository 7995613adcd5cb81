package ere

import "strings"

// atom reads one of a character, a bracket expression, a group, an anchor, or what a backslash begins.
func (c *compiler) atom() error {
	first := c.rest[0]
	c.rest = c.rest[1:]
	switch first {
	case '(':
		return c.group()
	case '[':
		return c.bracket()
	case '.':
		all := &set{}
		all.invert()
		c.emit(instruction{operation: opSet, set: all})
	case '^':
		c.emit(instruction{operation: opAssert, holds: atStart})
	case '$':
		c.emit(instruction{operation: opAssert, holds: atEnd})
	case '\\':
		return c.escape()
	case '*', '+', '?', '{':
		return errSyntax
	default:
		// Also a closing parenthesis without an opening one, which glibc takes for a character.
		c.byte(first)
	}
	return nil
}

func (c *compiler) byte(b byte) {
	one := &set{}
	one.add(b)
	c.emit(instruction{operation: opSet, set: one})
}

func (c *compiler) group() error {
	start := len(c.program)
	c.groups++
	if err := c.alternatives(); err != nil {
		return err
	}
	if c.rest == "" {
		return errSyntax
	}
	c.groups--
	c.rest = c.rest[1:]
	if len(c.program) == start {
		// A piece must have something that can be repeated.
		c.emit(instruction{operation: opAssert, holds: func(string, int) bool { return true }})
	}
	return nil
}

func (c *compiler) escape() error {
	if c.rest == "" {
		return errSyntax
	}
	escaped := c.rest[0]
	c.rest = c.rest[1:]
	switch escaped {
	case 'w', 'W':
		c.class(isWord, escaped == 'W')
	case 's', 'S':
		c.class(isSpace, escaped == 'S')
	case 'b', 'B', '<', '>':
		c.emit(instruction{operation: opAssert, holds: edge(escaped)})
	case '`':
		c.emit(instruction{operation: opAssert, holds: atStart})
	case '\'':
		c.emit(instruction{operation: opAssert, holds: atEnd})
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return errBackReference
	default:
		c.byte(escaped)
	}
	return nil
}

func (c *compiler) class(in func(byte) bool, inverted bool) {
	members := &set{}
	members.addAll(in)
	if inverted {
		members.invert()
	}
	c.emit(instruction{operation: opSet, set: members})
}

func (s *set) addAll(in func(byte) bool) {
	for b := range 256 {
		if in(byte(b)) {
			s.add(byte(b))
		}
	}
}

func isWord(b byte) bool { return b == '_' || isAlnum(b) }

func atStart(_ string, at int) bool { return at == 0 }

func atEnd(text string, at int) bool { return at == len(text) }

// edge is where a word begins or ends.
func edge(kind byte) assertion {
	return func(text string, at int) bool {
		before, behind := at > 0 && isWord(text[at-1]), at < len(text) && isWord(text[at])
		switch kind {
		case '<':
			return !before && behind
		case '>':
			return before && !behind
		case 'b':
			return before != behind
		}
		return before == behind
	}
}

// bracket reads what follows an opening bracket.
func (c *compiler) bracket() error {
	members := &set{}
	inverted := strings.HasPrefix(c.rest, "^")
	if inverted {
		c.rest = c.rest[1:]
	}
	for first := true; first || !strings.HasPrefix(c.rest, "]"); first = false {
		if !first && strings.HasPrefix(c.rest, "-") && !strings.HasPrefix(c.rest, "-]") {
			return errSyntax // a range ended here, or a class: neither begins one
		}
		if err := c.member(members); err != nil {
			return err
		}
	}
	c.rest = c.rest[1:]
	if inverted {
		members.invert()
	}
	c.emit(instruction{operation: opSet, set: members})
	return nil
}

// member reads one of [:class:], a character and a range.
func (c *compiler) member(members *set) error {
	if strings.HasPrefix(c.rest, "[:") {
		name, rest, closed := strings.Cut(c.rest[2:], ":]")
		in := class(name)
		if !closed || in == nil {
			return errSyntax
		}
		members.addAll(in)
		c.rest = rest
		return nil
	}
	from, err := c.element()
	if err != nil {
		return err
	}
	to := from
	if len(c.rest) > 1 && c.rest[0] == '-' && c.rest[1] != ']' {
		c.rest = c.rest[1:]
		if to, err = c.element(); err != nil {
			return err
		}
	}
	if to < from {
		return errSyntax
	}
	for b := int(from); b <= int(to); b++ {
		members.add(byte(b))
	}
	return nil
}

// element reads a character, which may be written [.x.] or [=x=].
func (c *compiler) element() (byte, error) {
	if len(c.rest) > 1 && c.rest[0] == '[' && (c.rest[1] == '.' || c.rest[1] == '=') {
		if len(c.rest) < 5 || c.rest[3] != c.rest[1] || c.rest[4] != ']' {
			return 0, errSyntax
		}
		b := c.rest[2]
		c.rest = c.rest[5:]
		return b, nil
	}
	if c.rest == "" {
		return 0, errSyntax
	}
	b := c.rest[0]
	c.rest = c.rest[1:]
	return b, nil
}
