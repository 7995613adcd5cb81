package ere

import "errors"

var (
	errSyntax        = errors.New("invalid regular expression")
	errTooLong       = errors.New("regular expression is too large")
	errBackReference = errors.New("regular expression has a back-reference")
)

const (
	// maxProgram is how many instructions an expression may have; any release needs less than a hundredth.
	maxProgram = 1 << 14
	// maxRepeat is RE_DUP_MAX of glibc.
	maxRepeat = 0x7fff
	maxDepth  = 100
)

// compiler appends instructions to a program as it reads the expression. Every piece of a program begins at a known place and
// goes on at the instruction behind its last.
type compiler struct {
	rest    string
	program program
	depth   int
	groups  int // that are open
}

func compile(expression string) (program, error) {
	c := &compiler{rest: expression}
	if err := c.alternatives(); err != nil {
		return nil, err
	}
	c.emit(instruction{operation: opDone})
	return c.program, nil
}

func (c *compiler) emit(i instruction) {
	i.next = len(c.program) + 1
	c.program = append(c.program, i)
}

// insert puts a split before the piece that begins at start: one way goes through the piece, the other to behind it.
func (c *compiler) insert(start int) {
	piece := append(program{}, c.program[start:]...)
	c.program = append(c.program[:start], instruction{operation: opSplit, next: start + 1})
	c.copy(piece, start)
	c.program[start].other = len(c.program)
}

// copy appends a piece that began at start.
func (c *compiler) copy(piece program, start int) {
	shift := len(c.program) - start
	for _, i := range piece {
		i.next += shift
		if i.operation == opSplit {
			i.other += shift
		}
		c.program = append(c.program, i)
	}
}

// alternatives reads branches that | parts.
func (c *compiler) alternatives() error {
	if c.depth++; c.depth > maxDepth {
		return errTooLong
	}
	defer func() { c.depth-- }()
	start := len(c.program)
	if err := c.branch(); err != nil {
		return err
	}
	if c.rest == "" || c.rest[0] != '|' {
		return nil
	}
	c.rest = c.rest[1:]
	c.insert(start)
	// The first branch ends with a jump over the others.
	jump := len(c.program)
	c.emit(instruction{operation: opSplit})
	c.program[start].other = len(c.program)
	if err := c.alternatives(); err != nil {
		return err
	}
	c.program[jump].next, c.program[jump].other = len(c.program), len(c.program)
	return nil
}

func (c *compiler) branch() error {
	for c.rest != "" && c.rest[0] != '|' && (c.rest[0] != ')' || c.groups == 0) {
		start, first := len(c.program), c.rest[0]
		if err := c.atom(); err != nil {
			return err
		}
		// An anchor cannot be repeated, but in parentheses.
		anchor := first != '(' && c.program[start].operation == opAssert
		for c.rest != "" && !anchor {
			repeated, err := c.repetition(start)
			if err != nil {
				return err
			}
			if !repeated {
				break
			}
		}
		if len(c.program) > maxProgram {
			return errTooLong
		}
	}
	return nil
}

// repetition reads what may stand behind an atom, whose piece begins at start.
func (c *compiler) repetition(start int) (bool, error) {
	least, most := 0, -1
	switch c.rest[0] {
	case '*':
		c.rest = c.rest[1:]
	case '+':
		least, c.rest = 1, c.rest[1:]
	case '?':
		most, c.rest = 1, c.rest[1:]
	case '{':
		var ok bool
		if least, most, ok = c.interval(); !ok {
			return false, errSyntax
		}
	default:
		return false, nil
	}
	return true, c.repeat(start, least, most)
}

// repeat makes of a piece as many as are asked for; most -1 is any number.
func (c *compiler) repeat(start, least, most int) error {
	piece := append(program{}, c.program[start:]...)
	if len(piece)*(max(least, most)+1) > maxProgram {
		return errTooLong
	}
	c.program = c.program[:start]
	for range least {
		c.copy(piece, start)
	}
	if most < 0 {
		loop := len(c.program)
		c.copy(piece, start)
		c.insert(loop)
		// Behind the piece it goes back to the split.
		c.emit(instruction{operation: opSplit})
		c.program[len(c.program)-1].next, c.program[len(c.program)-1].other = loop, loop
		c.program[loop].other = len(c.program)
	}
	for range most - least {
		optional := len(c.program)
		c.copy(piece, start)
		c.insert(optional)
	}
	return nil
}

// interval reads {m}, {m,} or {m,n}.
func (c *compiler) interval() (least, most int, ok bool) {
	c.rest = c.rest[1:]
	least, ok = c.number()
	most = least
	if c.rest != "" && c.rest[0] == ',' {
		c.rest = c.rest[1:]
		if !ok {
			least, ok = 0, true // as glibc reads {,n}
		}
		var bounded bool
		if most, bounded = c.number(); !bounded {
			most = -1
		}
	}
	if !ok || c.rest == "" || c.rest[0] != '}' || most >= 0 && most < least || max(least, most) > maxRepeat {
		return 0, 0, false
	}
	c.rest = c.rest[1:]
	return least, most, true
}

func (c *compiler) number() (n int, ok bool) {
	for c.rest != "" && '0' <= c.rest[0] && c.rest[0] <= '9' && n <= maxRepeat {
		n, ok, c.rest = n*10+int(c.rest[0]-'0'), true, c.rest[1:]
	}
	return n, ok
}
