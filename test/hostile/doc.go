// Package hostile breaks real module trees in every way that its authors could think of, and demands of each tool that it comes to an end
// with status 0 or 1, in time, within its memory, with a message for a failure, and that no index is left half written.
//
// A tree is made from its number alone: GOMOD_HOSTILE_SEED=7 makes that one again.
package hostile
