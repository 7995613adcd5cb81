//go:build linux && (amd64 || arm64)

package main

// entry is in assembly; the linker makes it the program's entry point.
func entry()
