package ptrace

import "syscall"

// Call is the number of the system call that a thread stands before or behind.
func Call(pid int) int {
	var registers syscall.PtraceRegs
	if syscall.PtraceGetRegs(pid, &registers) != nil {
		return -1
	}
	return int(registers.Orig_rax)
}

// Opening are the calls by which a file is opened.
func Opening() []int { return []int{syscall.SYS_OPENAT, syscall.SYS_OPEN} }
