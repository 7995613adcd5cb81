package kernel

import (
	"errors"

	"golang.org/x/sys/unix"
)

// LogFile is the kernel log of the running system.
const LogFile = "/dev/kmsg"

// Log is the kernel log from some message on.
type Log interface {
	// Mark makes Records begin with what is logged from now on.
	Mark() error
	// Records are the messages since, each only once. An error may come with those before it.
	Records() ([]Record, error)
}

// OpenLog opens /dev/kmsg. Most systems let only root read it.
func (Host) OpenLog() (Log, error) {
	for {
		fd, err := unix.Open(LogFile, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if err == nil {
			return hostLog{fd}, nil
		}
		if err != unix.EINTR {
			return nil, err
		}
	}
}

// hostLog stays open until the program ends.
type hostLog struct{ fd int }

func (l hostLog) Mark() error {
	_, err := unix.Seek(l.fd, 0, unix.SEEK_END)
	return err
}

const (
	// recordSize in bytes is twice the kernel's own limit, CONSOLE_EXT_LOG_MAX.
	recordSize = 16 << 10
	// mostRecords of one failure are read; a driver's init function that fails can be talkative.
	mostRecords = 1000
)

func (l hostLog) Records() ([]Record, error) {
	return readRecords(func(buf []byte) (int, error) { return unix.Read(l.fd, buf) })
}

// readRecords reads until there are none; each read gives one.
func readRecords(read func([]byte) (int, error)) ([]Record, error) {
	var records []Record
	var lost error
	buf := make([]byte, recordSize)
	for range mostRecords {
		n, err := read(buf)
		switch {
		case err == unix.EAGAIN, err == nil && n == 0:
			return records, lost
		case err == unix.EPIPE: // newer messages have overwritten the next ones
			lost = ErrIncomplete
			continue
		case err == unix.EINTR:
			continue
		case err != nil:
			return records, err
		}
		if r, ok := ParseRecord(string(buf[:n])); ok {
			records = append(records, r)
		}
	}
	return records, ErrIncomplete
}

// Excerpt is what the kernel logged during a call, by whomever: other modules may have been at work too.
type Excerpt struct {
	Records []Record
	// Err is why the log could not be read; ErrNotWatched if nobody tried.
	Err error
}

// ErrNotWatched is the Err of an Excerpt for which the log was not looked at.
var ErrNotWatched = errors.New("the kernel log was not looked at")

// ErrIncomplete is the Err of an Excerpt that lacks messages: there were more than anyone would read, or the kernel had overwritten some.
var ErrIncomplete = errors.New("there were too many messages")

// Watch reads the kernel log around calls. It costs a call that goes well two or one system calls more, and one that fails as many as there
// are messages. A nil *Watch does nothing.
type Watch struct {
	open   func() (Log, error)
	log    Log
	err    error
	opened bool
}

// NewWatch opens nothing yet.
func NewWatch(k Kernel) *Watch { return &Watch{open: k.OpenLog} }

// begin comes just before a call.
func (w *Watch) begin() {
	if w == nil {
		return
	}
	if !w.opened {
		w.log, w.err = w.open()
		w.opened = true
	}
	if w.log != nil {
		w.err = w.log.Mark()
	}
}

// Since is what was logged since the last call began.
func (w *Watch) Since() Excerpt {
	switch {
	case w == nil || !w.opened:
		return Excerpt{Err: ErrNotWatched}
	case w.err != nil:
		return Excerpt{Err: w.err}
	}
	records, err := w.log.Records()
	return Excerpt{records, err}
}
