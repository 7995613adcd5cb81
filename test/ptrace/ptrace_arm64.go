package ptrace

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// generalRegisters is NT_PRSTATUS of elf(5).
const generalRegisters = 1

// Call is the number of the system call that a thread stands before or behind.
func Call(pid int) int {
	var registers unix.PtraceRegsArm64
	if unix.PtraceGetRegSetArm64(pid, generalRegisters, &registers) != nil {
		return -1
	}
	return int(registers.Regs[8])
}

// Opening are the calls by which a file is opened.
func Opening() []int { return []int{syscall.SYS_OPENAT} }
