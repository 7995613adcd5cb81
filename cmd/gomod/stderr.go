package main

import "golang.org/x/sys/unix"

// stderrClosed tells whether the program was started without a standard error, as the kernel starts it. Go's runtime has opened
// /dev/null in its place by now: for reading and writing, inheritable, and for this one descriptor alone, which nobody else does
// who means to throw messages away.
func stderrClosed() bool {
	const stdin, stdout, stderr = 0, 1, 2
	var st unix.Stat_t
	if unix.Fstat(stderr, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFCHR || st.Rdev != unix.Mkdev(1, 3) {
		return false
	}
	flags, err := unix.FcntlInt(stderr, unix.F_GETFL, 0)
	if err != nil || flags&(unix.O_ACCMODE|unix.O_CLOEXEC) != unix.O_RDWR {
		return false
	}
	return !sameFile(stderr, stdin) && !sameFile(stderr, stdout)
}

// sameFile tells whether two descriptors came from one opening, by kcmp(2); true where the kernel does not tell.
func sameFile(a, b int) bool {
	const kcmpFile = 0
	pid := unix.Getpid()
	order, _, errno := unix.Syscall6(unix.SYS_KCMP, uintptr(pid), uintptr(pid), kcmpFile, uintptr(a), uintptr(b), 0)
	return errno != 0 || order == 0
}
