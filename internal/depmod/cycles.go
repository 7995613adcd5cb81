package depmod

import "slices"

const (
	// maxSteps bounds the walk for cycles that C kmod does, of which it may do endlessly many.
	maxSteps = 1 << 20
	// maxCycles is how many cycles are told.
	maxCycles = 1000
)

// cycleFinder walks as C kmod does, because it tells the cycles that it meets in the order of that walk.
type cycleFinder struct {
	run     *run
	left    ring
	visited []bool
	inCycle []bool
	found   [][]string
	steps   int
}

// ring is the modules that a walk may still start from, the next one first. C kmod has them in a circle.
type ring struct{ order []int32 }

// drop takes a module out of the ring; what was behind it is next.
func (r *ring) drop(module int32) {
	if i := slices.Index(r.order, module); i >= 0 {
		r.order = slices.Concat(r.order[i+1:], r.order[:i])
	}
}

// step is a module on the way from the root; before is the step before it, -1 for none.
type step struct {
	module int32
	before int
}

// cycles gives the error for what could not be ranked: users has how many of each module's users were not.
func (r *run) cycles(users []int) error {
	n := len(r.modules)
	f := &cycleFinder{run: r, visited: make([]bool, n), inCycle: make([]bool, n)}
	for i := range users {
		if users[i] > 0 {
			f.left.order = append(f.left.order, int32(i))
		}
	}
	for len(f.left.order) > 0 {
		root := f.left.order[0]
		f.left.drop(root)
		if !f.walk(root) {
			f.complete(users)
			break
		}
	}
	count := 0
	for _, in := range f.inCycle {
		if in {
			count++
		}
	}
	return &CycleError{f.found, count}
}

// walk looks for ways from the root back to it. It gives up, with false, where C kmod would not come to an end: on a way that
// meets a module a second time which is not the root.
func (f *cycleFinder) walk(root int32) bool {
	steps := []step{{root, -1}}
	pending := []int{0}
	for len(pending) > 0 {
		at := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		current := steps[at].module
		if f.visited[current] && current == root {
			f.tell(steps, at)
			continue
		}
		if f.steps++; f.steps > maxSteps || meetsItself(steps, at) {
			return false
		}
		f.visited[current] = true
		deps := f.run.modules[current].deps
		if len(deps) == 0 {
			f.left.drop(current)
		}
		for _, dep := range deps {
			steps = append(steps, step{dep, at})
			pending = append(pending, len(steps)-1)
		}
	}
	return true
}

func meetsItself(steps []step, at int) bool {
	for before := steps[at].before; before >= 0; before = steps[before].before {
		if steps[before].module == steps[at].module {
			return true
		}
	}
	return false
}

// tell notes the way to a step that is the root again. The root of a walk that another walk came by is told alone.
func (f *cycleFinder) tell(steps []step, at int) {
	var names []string
	for i := at; i >= 0; i = steps[i].before {
		m := steps[i].module
		names = append(names, f.run.modules[m].name)
		if steps[i].before >= 0 {
			f.inCycle[m] = true
			f.left.drop(m)
		}
	}
	slices.Reverse(names)
	f.add(names)
}

func (f *cycleFinder) add(names []string) {
	if len(f.found) < maxCycles {
		f.found = append(f.found, names)
	}
}

// complete adds, where the walk was given up, a shortest cycle for every module that is in one and was not told yet.
func (f *cycleFinder) complete(users []int) {
	for i := range f.run.modules {
		if users[i] > 0 && !f.inCycle[i] && len(f.found) < maxCycles {
			f.shortest(int32(i))
		}
	}
}

// shortest looks for the shortest way from the root back to it.
func (f *cycleFinder) shortest(root int32) {
	steps := []step{{root, -1}}
	seen := make(map[int32]bool)
	for at := 0; at < len(steps); at++ {
		for _, dep := range f.run.modules[steps[at].module].deps {
			if dep == root {
				f.tell(append(steps, step{root, at}), len(steps))
				return
			}
			if !seen[dep] {
				seen[dep] = true
				steps = append(steps, step{dep, at})
			}
		}
	}
}
