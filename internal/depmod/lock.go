package depmod

import (
	"io/fs"
	"time"

	"golang.org/x/sys/unix"
)

// LockWait is how long a depmod waits for another one that works on the same folder. Anyone who may read the folder may lock
// it, so this must not be for ever; without the lock each file still appears whole.
const LockWait = 2 * time.Minute

// Target is the folder that a set of files is published in.
type Target struct {
	// Path is shown in errors.
	Path   string
	fd     int
	locked bool
}

// OpenTarget opens a folder and locks it by flock(2), for which it waits at most so long. Where the file system has no locks,
// or the time is over, it goes on without. The error is an *fs.PathError.
func OpenTarget(path string, wait time.Duration) (*Target, error) {
	fd, err := openFolder(unix.AT_FDCWD, path)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	t := &Target{Path: path, fd: fd}
	t.lock(wait)
	return t, nil
}

// Locked tells whether no other depmod works on the folder.
func (t *Target) Locked() bool { return t.locked }

func (t *Target) lock(wait time.Duration) {
	const pause = 10 * time.Millisecond
	for deadline := time.Now().Add(wait); ; time.Sleep(pause) {
		switch err := unix.Flock(t.fd, unix.LOCK_EX|unix.LOCK_NB); {
		case err == nil:
			t.locked = true
			return
		case err == unix.EINTR:
		case err != unix.EWOULDBLOCK, time.Now().After(deadline):
			return
		}
	}
}

// Close lets the next one in.
func (t *Target) Close() { unix.Close(t.fd) }
