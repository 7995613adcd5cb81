package compare

import (
	"runtime"
	"syscall"
	"testing"

	"gomod/test/need"
	"gomod/test/ptrace"
)

// TestBudgetCalls is the system calls of a look-up that touch files or memory, Go's runtime's own with them. Those by which threads
// are made, wait and are interrupted are not counted: their number changes from run to run.
func TestBudgetCalls(t *testing.T) {
	const most = 90
	counted := []int{
		syscall.SYS_OPEN, syscall.SYS_OPENAT, syscall.SYS_READ, syscall.SYS_PREAD64, syscall.SYS_CLOSE, syscall.SYS_FSTAT, syscall.SYS_STAT,
		syscall.SYS_LSTAT, syscall.SYS_NEWFSTATAT, syscall.SYS_GETDENTS64, syscall.SYS_MMAP, syscall.SYS_MUNMAP, syscall.SYS_WRITE,
		syscall.SYS_READLINK, syscall.SYS_READLINKAT, syscall.SYS_ACCESS, syscall.SYS_FACCESSAT, syscall.SYS_IOCTL, syscall.SYS_UNAME,
	}
	base := need.File(t, "build/kernels/6.12")
	program := need.File(t, "bin/gomod")
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	stops := map[int]int{}
	ptrace.Run(t, program, []string{"modprobe", "-d", base, "-S", releaseOf(t, base), "-D", "ext4"}, func(_, pid int) { stops[ptrace.Call(pid)]++ })
	if len(stops) == 0 {
		need.Missing(t, "ptrace does not work here")
	}
	total := 0
	for _, call := range counted {
		total += stops[call] / 2 // entered and left
	}
	t.Logf("%d system calls of %d", total, most)
	if total > most {
		t.Errorf("too many: %v", stops)
	}
}
