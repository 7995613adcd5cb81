package config

import (
	"errors"
	"io/fs"
	"strconv"

	"golang.org/x/sys/unix"

	"gomod/internal/textfile"
)

// fileLimit is the most bytes that a file may have, and totalLimit all files of a configuration together. What an administrator writes has some
// thousands.
const (
	fileLimit  = 4 << 20
	totalLimit = 8 << 20
)

// ModulesLimit is the most bytes that modules.softdep and modules.weakdep may have, which depmod sees to: a distribution's kernel has 7
// thousand, and every tool reads them.
const ModulesLimit = 4 << 20

// textLimit is the most bytes that ReadText takes: a kernel's own configuration has 300 thousand.
const textLimit = 16 << 20

// reader reads one file after the other, into the same buffer.
type reader struct {
	file textfile.Reader
	// total is how many bytes were read of files that are not depmod's: it must not be modules that leave no room for what forbids them.
	total int
}

// read gives nothing for a file that is not there or not ours to read, as C kmod does.
func (r *reader) read(file source) (string, *Problem) {
	if file.ofModules {
		return r.upTo(file.path, ModulesLimit)
	}
	text, problem := r.upTo(file.path, min(fileLimit, totalLimit-r.total))
	r.total += len(text)
	if problem != nil && problem.Kind == TooLarge && problem.Word != strconv.Itoa(fileLimit) {
		problem.Kind, problem.Word = TooMuch, strconv.Itoa(totalLimit)
	}
	return text, problem
}

func (r *reader) upTo(path string, limit int) (string, *Problem) {
	data, err := r.file.Read(path, limit)
	text := string(data)
	if err == nil {
		return text, nil
	}
	return text, problemOf(path, err)
}

// problemOf is the problem of a file that could not be read. Where that is the system's fault, nobody shall take the modules that the file
// forbids for allowed without a word.
func problemOf(path string, err error) *Problem {
	problem := Problem{Where: Where{File: path}}
	var kind *textfile.KindError
	var large *textfile.LimitError
	var failed *fs.PathError
	switch {
	case errors.As(err, &kind):
		problem.Kind, problem.Word = NotRegular, kind.Kind
		return &problem
	case errors.As(err, &large):
		problem.Kind, problem.Word = TooLarge, strconv.Itoa(large.Limit)
		return &problem
	case errors.As(err, &failed):
		if failed.Op == "open" && !SystemFailed(failed.Err) {
			return nil
		}
		err = failed.Err
	}
	problem.Kind, problem.Err = ReadFailed, err
	return &problem
}

// SystemFailed tells of a file that is there, and could not be had, because the system lacks something for the moment or the disk is broken:
// what the file says is not known to be wrong, nor to be nothing.
func SystemFailed(err error) bool {
	return errors.Is(err, unix.EIO) || errors.Is(err, unix.ENOMEM) || errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE)
}

// ReadText reads a text file of the administrator's or the kernel's build, as configuration is read: a regular file of at most 16 MiB.
// The error is one of textfile.Read.
func ReadText(path string) (string, error) {
	data, err := textfile.Read(path, textLimit)
	if err != nil {
		return "", err
	}
	return string(data), nil
}

func open(path string, flags int) (int, error) {
	for {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|flags, 0)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

// stat gives the mode of a file, following links. name is relative to the folder dir.
func stat(dir int, name string) (mode uint32, err error) {
	var st unix.Stat_t
	for {
		err = unix.Fstatat(dir, name, &st, 0)
		if err != unix.EINTR {
			return st.Mode, err
		}
	}
}
