package depmod

import (
	"bytes"
	"errors"

	"golang.org/x/sys/unix"
)

// draft is a file that does not have its name yet.
type draft struct {
	*File
	target    *Target
	temporary string
	fd        int // -1 before and after
	created   bool
}

func (d *draft) failed(step Step, err error) error {
	return &PublishError{step, d.target.Path, d.Name, d.temporary, err}
}

// permissions of all files, whatever the umask is: every user's modinfo reads them.
const permissions = 0o644

func (d *draft) create() error {
	var err error
	d.fd, err = unix.Openat(d.target.fd, d.temporary, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, permissions)
	if err != nil {
		d.fd = -1
		return d.failed(CreateStep, err)
	}
	d.created = true
	// A file system without permissions refuses, and has nothing to be changed.
	if err := unix.Fchmod(d.fd, permissions); err != nil && err != unix.EPERM && err != unix.EOPNOTSUPP {
		return d.failed(CreateStep, err)
	}
	return nil
}

// write fills the file, waits until the disk has it, and reads it again.
func (d *draft) write() error {
	defer d.close()
	for rest := d.Data; len(rest) > 0; {
		n, err := unix.Write(d.fd, rest)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return d.failed(WriteStep, err)
		}
		rest = rest[n:]
	}
	if err := unix.Fsync(d.fd); err != nil && err != unix.EINVAL && err != unix.ENOSYS {
		return d.failed(WriteStep, err)
	}
	if err := d.readBack(); err != nil {
		return d.failed(CheckStep, err)
	}
	return nil
}

// errDiffers is a file that is not what was written.
var errDiffers = errors.New("what was read is not what was written")

func (d *draft) readBack() error {
	read := make([]byte, len(d.Data)+1)
	length := 0
	for length < len(read) {
		n, err := unix.Pread(d.fd, read[length:], int64(length))
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		length += n
	}
	if !bytes.Equal(read[:length], d.Data) {
		return errDiffers
	}
	if d.check != nil {
		return d.check(read[:length])
	}
	return nil
}

// lookAtTarget fails if something has the name that a file cannot take the place of.
func (d *draft) lookAtTarget() error {
	var stat unix.Stat_t
	err := unix.Fstatat(d.target.fd, d.Name, &stat, unix.AT_SYMLINK_NOFOLLOW)
	switch {
	case err == unix.ENOENT:
		return nil
	case err == nil && stat.Mode&unix.S_IFMT == unix.S_IFDIR:
		err = unix.EISDIR
	}
	if err != nil {
		return d.failed(RenameStep, err)
	}
	return nil
}

func (d *draft) close() {
	if d.fd >= 0 {
		unix.Close(d.fd)
		d.fd = -1
	}
}

// discard takes the file away, if it was made.
func (d *draft) discard() {
	d.close()
	if d.created {
		unix.Unlinkat(d.target.fd, d.temporary, 0)
	}
}
