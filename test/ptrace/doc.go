// Package ptrace watches the system calls of a program, for tests that count them or kill it at one. It exists for amd64 and arm64.
package ptrace
