package depmod

import "slices"

// rank numbers the modules so that none comes before one that needs it. Which of the many such orders it is decides the order
// of the dependencies in modules.dep: the module that became free last is next.
func (r *run) rank() error {
	users := make([]int, len(r.modules))
	var free []int32
	for i, m := range r.modules {
		if users[i] = m.users; users[i] == 0 {
			free = append(free, int32(i))
		}
	}
	next := int32(0)
	for len(free) > 0 {
		m := r.modules[free[len(free)-1]]
		free = free[:len(free)-1]
		m.rank = next
		next++
		for _, dep := range m.deps {
			if users[dep]--; users[dep] == 0 {
				free = append(free, dep)
			}
		}
	}
	if int(next) < len(r.modules) {
		return r.cycles(users)
	}
	return nil
}

// closures gives all that a module needs, directly or not, in ascending rank.
type closures struct {
	modules []*module
	byRank  []*module
	// seen[i] is the last module, counted from 1, that was found to need module i.
	seen    []int32
	ranks   []int32
	pending []int32
}

func (r *run) closures() *closures {
	c := &closures{modules: r.modules, byRank: make([]*module, len(r.modules)), seen: make([]int32, len(r.modules))}
	for _, m := range r.modules {
		c.byRank[m.rank] = m
	}
	return c
}

// of gives the ranks of what module i needs, valid until the next call.
func (c *closures) of(i int) []int32 {
	c.ranks, c.pending = c.ranks[:0], append(c.pending[:0], c.modules[i].deps...)
	for len(c.pending) > 0 {
		dep := c.pending[len(c.pending)-1]
		c.pending = c.pending[:len(c.pending)-1]
		if c.seen[dep] == int32(i)+1 {
			continue
		}
		c.seen[dep] = int32(i) + 1
		c.ranks = append(c.ranks, c.modules[dep].rank)
		c.pending = append(c.pending, c.modules[dep].deps...)
	}
	slices.Sort(c.ranks)
	return c.ranks
}
