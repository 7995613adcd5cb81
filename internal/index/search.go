package index

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"gomod/internal/glob"
)

// Match is a value that Search found.
type Match struct {
	// Value is a module's name.
	Value string
	// Priority is the place of the module in depmod's order: the lower, the earlier.
	Priority uint32
	// Key is the pattern in the index that the query fits.
	Key string
}

// wildcards begin the part of a key that is a pattern. What is before them is compared byte for byte, a backslash too.
const wildcards = "*?["

// Search gives the values of all keys that match the query, where the keys are patterns as of glob. They come in ascending
// priority, those of equal priority in the reverse of the order in which C kmod walks the trie. A query that itself has a
// wildcard can find a value more than once, as it does there. Errors are as in Lookup; a *CorruptError is also an index in which the search
// takes too many steps.
func (x *Index) Search(query string) ([]Match, error) {
	s := search{walk: walk{Index: x}, steps: x.affordable()}
	limit := s.steps
	s.visit = s.subtree
	err := x.guarded(func() error { return s.descend(query) })
	x.spent(limit - s.steps)
	if err != nil {
		return nil, err
	}
	slices.Reverse(s.found)
	slices.SortStableFunc(s.found, func(a, b Match) int { return cmp.Compare(a.Priority, b.Priority) })
	return s.found, nil
}

type search struct {
	walk
	found  []Match
	values []Value
	// Within a subtree below a wildcard, key[tailAt:] is the pattern that is to match rest.
	tailAt int
	rest   string
	// steps counts down, as budget does, what the matching may cost.
	steps int64
}

// descend follows the query through the trie. Wherever a key may go on with a wildcard, all keys that do are tried.
func (s *search) descend(query string) error {
	s.budget = int64(len(s.data)) * int64(1+countWildcards(query))
	rest := query
	n, err := s.node(rootAt)
	for err == nil && n.at > 0 {
		at := n.at
		if n.parts&hasPrefix != 0 {
			var wild bool
			if rest, at, wild, err = s.literal(rest, at); err != nil || at == 0 {
				return err
			}
			if wild {
				return s.wild(node{at, n.parts}, query, rest)
			}
		}
		var table children
		if n.parts&hasChildren != 0 {
			if table, err = s.children(at); err != nil {
				return err
			}
			if err = s.wildChildren(table, query, rest); err != nil {
				return err
			}
			at = table.behind()
		}
		if rest == "" {
			return s.add(n, at, query)
		}
		n, err = s.child(table, rest[0])
		rest = rest[1:]
	}
	return err
}

func countWildcards(query string) int {
	count := 0
	for i := range len(query) {
		if strings.IndexByte(wildcards, query[i]) >= 0 {
			count++
		}
	}
	return count
}

// literal is match for a prefix that may go on with a wildcard: wild tells that behind is the offset of one.
func (s *search) literal(query string, at int) (rest string, behind int, wild bool, err error) {
	for i := 0; ; i++ {
		if at+i >= len(s.data) {
			return "", 0, false, s.corrupt(at, "text without an end", uint64(i))
		}
		switch b := s.data[at+i]; {
		case b == 0:
			return query[i:], at + i + 1, false, nil
		case b == '*' || b == '?' || b == '[':
			return query[i:], at + i, true, nil
		case i >= len(query) || query[i] != b:
			return "", 0, false, nil
		}
	}
}

func (s *search) wildChildren(table children, query, rest string) error {
	for i := range len(wildcards) {
		child, err := s.child(table, wildcards[i])
		if err != nil {
			return err
		}
		if child.at == 0 {
			continue
		}
		if err := s.wild(child, query, rest, wildcards[i]); err != nil {
			return err
		}
	}
	return nil
}

// wild tries all keys below a node, whose keys begin with what of the query comes before rest, and then begin.
func (s *search) wild(n node, query, rest string, begin ...byte) error {
	s.tailAt, s.rest = len(query)-len(rest), rest
	s.key = append(append(s.key[:0], query[:s.tailAt]...), begin...)
	return s.subtree(n)
}

// subtree tries the children before the node itself.
func (s *search) subtree(n node) error {
	table, at, err := s.into(n)
	if err != nil {
		return err
	}
	if err := s.pay(n.at, nodeSteps); err != nil {
		return err
	}
	if table.count > 0 {
		hopeless, err := s.hopeless(n)
		if err != nil {
			return err
		}
		if !hopeless {
			if err := s.each(table); err != nil {
				return err
			}
		}
	}
	if n.parts&hasValues == 0 {
		return nil
	}
	fits, err := s.fits(n, s.key[s.tailAt:])
	if err != nil || !fits {
		return err
	}
	return s.add(n, at, string(s.key))
}

// hopeless tells whether no pattern that begins with the current key, the node's, can match, so that thousands of aliases such as
// acpi*:PNP0A03:* need not be tried one by one. Where a bracket may be open, it cannot be told.
func (s *search) hopeless(n node) (bool, error) {
	tail := s.key[s.tailAt:]
	if bytes.IndexByte(tail, '[') >= 0 || bytes.IndexByte(tail, '\\') >= 0 {
		return false, s.pay(n.at, len(tail)/searchedAtOnce)
	}
	fits, err := s.fits(n, append(tail, '*'))
	return !fits, err
}

// fits matches what of a key is a pattern with what of the query it is for.
func (s *search) fits(n node, tail []byte) (bool, error) {
	fits, steps := glob.MatchBytes(tail, s.rest)
	return fits, s.pay(n.at, steps)
}

// add takes a node's values, which begin at an offset, if it has any.
func (s *search) add(n node, at int, key string) error {
	if n.parts&hasValues == 0 {
		return nil
	}
	values, behind, err := s.Index.values(s.values[:0], at, copied)
	if err != nil {
		return err
	}
	if err := s.pay(at, len(values)*valueSteps+len(key)*keySteps); err != nil {
		return err
	}
	for _, value := range values {
		s.found = append(s.found, Match{value.Text, value.Priority, key})
	}
	s.values = values
	return s.spend(at, behind-at)
}
