package kmod

// Planning for an operand is bounded, for some lines of modprobe.d can lead to more steps than any machine has memory for. A unit is about as
// long as it takes to compare two names; mostEffort of them are some seconds.
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

// NextOperand lets the planner and the runner begin anew: what an operand leads to is bounded for all of its modules together, and is not to
// keep anything from being done for the next one.
func (r *Runner) NextOperand() {
	r.foreseen, r.spent = 0, 0
	// What was looked up last may have been cut short.
	r.resolved, r.found, r.soft = nil, nil, nil
}

func (p *Planner) spend(effort int) { p.spent += effort }

func (p *Planner) exhausted() bool { return p.spent > mostEffort }
