package cli

import (
	"io/fs"
	"syscall"
	"testing"

	"gomod/internal/diag"
)

// An index that the system could not read is none that depmod has to make again.
func TestIndexAdvice(t *testing.T) {
	const again = "free memory or open files, and try again"
	for errno, want := range map[syscall.Errno]string{
		syscall.ENOENT: "run depmod for it: depmod 1.0", syscall.EINVAL: "run depmod for it: depmod 1.0",
		syscall.EACCES: "do it as root, or let everyone read the indexes: chmod a+r /lib/modules/1.0/modules.*",
		syscall.ENOMEM: again, syscall.EMFILE: again, syscall.ENFILE: again,
		syscall.EIO: "see in the kernel log (dmesg) what is wrong with the disk, and try again",
	} {
		cause := diag.NoIndex{Tree: diag.Tree{Dir: "/lib/modules/1.0"}, Err: &fs.PathError{Op: "open", Path: "/lib/modules/1.0/modules.dep.bin", Err: errno}}
		if got := indexAdvice(cause); got != want {
			t.Errorf("%v: %s", errno, got)
		}
	}
}
