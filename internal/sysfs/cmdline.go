package sysfs

// cmdlineLimit is how much of the kernel command line counts, in bytes.
const cmdlineLimit = 4095

// Cmdline returns the kernel command line, /proc/cmdline, with the newline at its end; at most its first 4095 bytes.
//
//	BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro quiet modprobe.blacklist=nouveau
func (s *FS) Cmdline() ([]byte, error) {
	return readUpTo(s.root+"/proc/cmdline", make([]byte, cmdlineLimit))
}
