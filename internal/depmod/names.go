package depmod

import "sync"

// names numbers the names of needed symbols: thousands of modules need the same ones. One worker fills it.
type names struct {
	numbers map[string]int32
	all     []string
	// owners are those of the symbols, looked up once for all modules when the first one asks.
	owners  []int32
	resolve sync.Once
}

func newNames() *names { return &names{numbers: make(map[string]int32)} }

func (n *names) number(name []byte) int32 {
	number, ok := n.numbers[string(name)]
	if !ok {
		text := string(name)
		number = int32(len(n.all))
		n.numbers[text] = number
		n.all = append(n.all, text)
	}
	return number
}

// owner is the place in run.modules of the module that has the symbol, or noOwner.
func (n *names) owner(r *run, number int32) int32 {
	n.resolve.Do(func() {
		n.owners = make([]int32, len(n.all))
		for i, name := range n.all {
			n.owners[i] = noOwner
			if found, ok := r.symbols.names[r.lookedUp(name)]; ok {
				n.owners[i] = found.owner
			}
		}
	})
	return n.owners[number]
}
