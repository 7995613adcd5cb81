//go:build !race

package need

// RaceDetector tells of the race detector, which allocates for itself: what a test counts of memory is another number under it.
const RaceDetector = false
