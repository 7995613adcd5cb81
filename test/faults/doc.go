// Package faults lets the system calls of every tool fail, one after the other, by `strace -e inject`, and demands that no tool hangs, panics,
// claims success for what it did not do, or leaves anything half-written.
//
// A first run under strace tells which calls a tool makes, by name and number. The calls of Go's runtime before main are those that the same
// program makes when it is called by a name that is no tool's, before it says so; strace counts in each thread, so these are the first of
// their name. Those that the runtime makes later, for memory, threads and timers, are told by their names and arguments: see runtimeCall.
// The module system calls never reach the kernel of the machine, be they the first or later ones: package confine takes the right to load away
// and has a seccomp filter answer them with success, behind strace, which makes the chosen one fail before that. strace itself cannot do both:
// of two injections for one call the later holds.
package faults
