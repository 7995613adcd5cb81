//go:build linux && (amd64 || arm64)

package main

// entry is in assembly; the linker makes it the program's entry point.
//
//lint:ignore U1000 no Go code calls it
func entry()
