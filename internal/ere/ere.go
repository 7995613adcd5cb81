// Package ere matches POSIX extended regular expressions (regex(7)), byte by byte as in the C locale. depmod.d(5) selects
// kernel releases by them. Go's regexp differs in syntax, and costs every call of every tool its initialisation.
//
// Of GNU's additions it knows \w \W \s \S \b \B \< \> \` \' and the backslash before any other character; back-references are
// invalid, as most that POSIX leaves undefined.
package ere

// Match tells whether the expression matches somewhere in text. An invalid expression matches nothing. Its time is bounded by
// the product of the lengths, where {m,n} counts as what it repeats.
func Match(expression, text string) bool {
	program, err := compile(expression)
	return err == nil && program.match(text)
}

// operation is what one instruction does.
type operation byte

const (
	opSet    operation = iota // take a byte that is in set, go on behind it
	opSplit                   // go on at both next and other
	opAssert                  // go on if the place fits
	opDone
)

type instruction struct {
	operation
	next, other int
	set         *set
	holds       assertion
}

// assertion is a condition on a place between two bytes.
type assertion func(text string, at int) bool

// set is a set of bytes.
type set [4]uint64

func (s *set) add(b byte)      { s[b>>6] |= 1 << (b & 63) }
func (s *set) has(b byte) bool { return s[b>>6]&(1<<(b&63)) != 0 }

func (s *set) invert() {
	for i := range s {
		s[i] = ^s[i]
	}
}

type program []instruction

// match runs all ways through the program at once.
func (p program) match(text string) bool {
	current, following := newStates(len(p)), newStates(len(p))
	for at := 0; ; at++ {
		if p.enter(current, 0, text, at) {
			return true
		}
		if at == len(text) {
			return false
		}
		following.clear()
		for _, i := range current.list {
			if p[i].operation == opSet && p[i].set.has(text[at]) && p.enter(following, p[i].next, text, at+1) {
				return true
			}
		}
		current, following = following, current
	}
}

// states is a set of instructions.
type states struct {
	list    []int
	present []bool
	pending []int
}

func newStates(n int) *states { return &states{present: make([]bool, n)} }

func (s *states) clear() {
	s.list = s.list[:0]
	clear(s.present)
}

// enter adds an instruction and all that are reached from it without taking a byte; true if the end is.
func (p program) enter(s *states, first int, text string, at int) bool {
	s.pending = append(s.pending[:0], first)
	for len(s.pending) > 0 {
		i := s.pending[len(s.pending)-1]
		s.pending = s.pending[:len(s.pending)-1]
		if s.present[i] {
			continue
		}
		s.present[i] = true
		switch p[i].operation {
		case opDone:
			return true
		case opSet:
			s.list = append(s.list, i)
		case opSplit:
			s.pending = append(s.pending, p[i].other, p[i].next)
		case opAssert:
			if p[i].holds(text, at) {
				s.pending = append(s.pending, p[i].next)
			}
		}
	}
	return false
}
