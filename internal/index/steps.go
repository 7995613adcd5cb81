package index

// Modules choose the patterns of their aliases, and users the names that are looked up. Together they can make a search take hours
// in a sound index of a few hundred kilobytes, so that its steps are counted: about one for each byte of a pattern that is looked
// at, each time that it is. A real modalias takes a few thousand in the index of a distribution's kernel, that of a CPU, which has
// dozens of stars to go through, up to 19,000.
const (
	// stepsOfEach is what every search may take. It counts for nothing, so that no number of ordinary searches comes to an end.
	stepsOfEach = 1 << 16
	// stepsOfAll is what the searches in one index may take beyond that, all together, which is half a second: softdeps can ask
	// for thousands.
	stepsOfAll = 1 << 26

	nodeSteps = 8
	// valueSteps and keySteps, for each byte, bound the memory of what is found to some tens of megabytes.
	valueSteps = 1 << 9
	keySteps   = 4
	// searchedAtOnce is how many bytes bytes.IndexByte looks at in the time of a step.
	searchedAtOnce = 16
)

// affordable is how many steps the next search may take.
func (x *Index) affordable() int64 { return stepsOfEach + max(0, stepsOfAll-x.steps.Load()) }

// spent notes what a search took.
func (x *Index) spent(steps int64) { x.steps.Add(max(0, steps-stepsOfEach)) }

// pay takes from the steps what the node at an offset took.
func (s *search) pay(at, steps int) error {
	if s.steps -= int64(steps); s.steps < 0 {
		return s.corrupt(at, "patterns that take too long to compare with the name, steps", stepsOfAll)
	}
	return nil
}
