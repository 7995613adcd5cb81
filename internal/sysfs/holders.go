package sysfs

import "golang.org/x/sys/unix"

// Holders returns the modules that use a module: the names in the folder /sys/module/NAME/holders, in the order in which the
// kernel lists them, which is what lsmod prints. syscall.ENOENT is in the error's chain when there is no such folder.
func (s *FS) Holders(name string) ([]string, error) {
	fd, err := s.openModule(name, "/holders", unix.O_RDONLY|unix.O_DIRECTORY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	var (
		names []string
		buf   [4096]byte
	)
	for {
		n, err := getdents(fd, buf[:])
		if err != nil {
			return nil, s.pathError("readdir", name+"/holders", err)
		}
		if n == 0 {
			return names, nil
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names)
	}
}

func getdents(fd int, buf []byte) (int, error) {
	for {
		n, err := unix.Getdents(fd, buf)
		if err != unix.EINTR {
			return n, err
		}
	}
}
