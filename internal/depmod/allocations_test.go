package depmod

import "gomod/test/need"

// allocations is how many times the memory may be taken that the code takes once: for the race detector the compiler does not make
// append(nil, make(...)...) one allocation, and bytes.Buffer grows by that.
func allocations() uint64 {
	if need.RaceDetector {
		return 2
	}
	return 1
}
