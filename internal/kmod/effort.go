package kmod

// Planning is bounded, for some lines of modprobe.d can lead to more steps than any machine has memory for. A unit is about as long as it
// takes to compare two names; mostEffort of them are some seconds.
const (
	mostEffort    = 1 << 27
	costOfStep    = 64 // two million steps
	costOfSoftdep = 32
	costOfGet     = 4
	// costOfLookup is for the search in the indexes, where a name that nothing has may take the longest: 4,096 names. All softdep lines of a
	// distribution's kernel have a hundred.
	costOfLookup = 1 << 15
)

// EffortError is a module of which nothing is done, for its soft dependencies lead too far.
type EffortError struct{ Name string }

func (e *EffortError) Error() string {
	return "the soft dependencies of module " + e.Name + " lead through too many modules"
}

func (p *Planner) spend(effort int) { p.spent += effort }

func (p *Planner) exhausted() bool { return p.spent > mostEffort }
