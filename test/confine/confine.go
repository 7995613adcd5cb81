// Package confine keeps the programs that a thread starts from loading modules into the machine's own kernel, and from removing any.
//
// There is no way back. The thread has to be locked and to end with its goroutine, lest its rights become another's: runtime.LockOSThread
// without an unlock.
package confine

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// WithoutModules takes the right to load modules from all that the thread starts: the kernel refuses their module system calls with EPERM.
func WithoutModules() error {
	err := unix.Prctl(unix.PR_CAPBSET_DROP, unix.CAP_SYS_MODULE, 0, 0, 0)
	if err == unix.EPERM && os.Geteuid() != 0 { // what another user starts has no rights anyway
		return nil
	}
	return err
}

// ModuleCallsSucceed takes the right away, too, and has a filter in front of the kernel answer each module system call with 0, as the kernel
// answers one that is done. A tracer sees a call before the filter does: what it makes fail fails.
func ModuleCallsSucceed() error {
	if err := WithoutModules(); err != nil {
		return err
	}
	calls := []uint32{unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE}
	// The number of a call is what seccomp_data begins with. Programs of another word size, whose numbers are others, get EPERM.
	filter := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS}}
	for i, number := range calls {
		filter = append(filter, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: uint8(len(calls) - i), K: number})
	}
	filter = append(filter,
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO}) // no error: 0
	// Without CAP_SYS_ADMIN, as in a container, the kernel takes a filter only from who renounces new privileges.
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
}
