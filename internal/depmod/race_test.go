//go:build race

package depmod

// allocations is 2 under the race detector, for which the compiler does not make append(nil, make(...)...) one allocation; bytes.Buffer grows
// by that.
const allocations = 2
