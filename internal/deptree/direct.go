package deptree

import (
	"gomod/internal/modname"
	"gomod/internal/resolve"
)

// closure is what each module needs in any way, as modules.dep lists it, by the numbers of modules. There may be millions of such pairs: each
// module of a long chain needs all before it.
type closure struct {
	names   []string
	numbers map[string]int32
	needs   []needs
	modules []int32 // those that the tree has; others are only needed
}

// needs are the modules that one needs: a list, and of many also a set of bits, which is smaller than the list then.
type needs struct {
	list []int32
	bits []uint64
}

func newClosure(tree *resolve.Tree) *closure {
	c := &closure{numbers: make(map[string]int32)}
	for module := range tree.Modules() {
		number := c.number(module.Name)
		c.modules = append(c.modules, number)
		for _, path := range module.Deps {
			if name, err := modname.FromPath(path); err == nil {
				needed := c.number(name)
				c.needs[number].list = append(c.needs[number].list, needed)
			}
		}
	}
	for i := range c.needs {
		if n := &c.needs[i]; len(n.list) > len(c.names)/32 {
			n.bits = c.bits()
			for _, number := range n.list {
				n.bits[number/64] |= 1 << (number % 64)
			}
		}
	}
	return c
}

func (c *closure) number(name string) int32 {
	number, known := c.numbers[name]
	if !known {
		number = int32(len(c.names))
		c.numbers[name] = number
		c.names = append(c.names, name)
		c.needs = append(c.needs, needs{})
	}
	return number
}

// bits is room for a bit of each module.
func (c *closure) bits() []uint64 { return make([]uint64, (len(c.names)+63)/64) }

// direct are the names of what a module needs and nothing else that it needs does. indirect is from bits, and may be used again.
func (c *closure) direct(module int32, indirect []uint64) []string {
	list := c.needs[module].list
	if len(list) == 0 {
		return nil
	}
	clear(indirect)
	for _, needed := range list {
		c.needs[needed].addTo(indirect)
	}
	var names []string
	for _, needed := range list {
		if indirect[needed/64]>>(needed%64)&1 == 0 {
			names = append(names, c.names[needed])
		}
	}
	return names
}

func (n *needs) addTo(bits []uint64) {
	if n.bits != nil {
		for i, word := range n.bits {
			bits[i] |= word
		}
		return
	}
	for _, number := range n.list {
		bits[number/64] |= 1 << (number % 64)
	}
}
