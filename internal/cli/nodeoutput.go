package cli

import (
	"bufio"
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"gomod/internal/textfile"
)

// nodeOutput is where the nodes go.
type nodeOutput struct {
	*bufio.Writer
	// close publishes the file, unless nothing could be written of it, and gives the first error of all that was written.
	close func() error
}

// openNodeOutput opens standard output, or a file whose folder is made. A JSON document is the whole answer.
func (s *session) openNodeOutput(output givenText) (*nodeOutput, error) {
	if !output.set || s.json.wanted {
		return &nodeOutput{s.out, func() error { return nil }}, nil
	}
	path := output.text
	if err := makeParents(path); err != nil {
		return nil, errors.New("could not create parent directory for " + path + " - " + strerror(err) + ".")
	}
	if draft := draftFor(path); draft != nil {
		out := bufio.NewWriter(draft)
		return &nodeOutput{out, func() error { return draft.Publish(out.Flush()) }}, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, errors.New("could not create " + path + " - " + strerror(err))
	}
	guard := &terminalGuard{out: file, terminal: func() bool { return IsTerminal(file) }}
	out := bufio.NewWriter(guard)
	return &nodeOutput{out, func() error { return cmp.Or(out.Flush(), guard.close(), file.Close()) }}, nil
}

// draftFor begins a file that replaces what is at path, with the same permissions. It is nil where that cannot be: a device or a FIFO is written
// as it is, and so is a file in a folder that is not ours to write.
func draftFor(path string) *textfile.Draft {
	target := replaceable(path)
	if target == "" {
		return nil
	}
	info, err := os.Stat(target)
	if err != nil {
		draft, _ := textfile.NewDraft(target, 0o666)
		return draft
	}
	// That the file must not be written is not to be learnt by replacing it.
	if unix.Access(target, unix.W_OK) != nil {
		return nil
	}
	draft, err := textfile.NewDraft(target, 0o600)
	if err != nil {
		return nil
	}
	stat := info.Sys().(*syscall.Stat_t)
	if err := cmp.Or(draft.Chown(int(stat.Uid), int(stat.Gid)), draft.Chmod(info.Mode())); err != nil {
		draft.Publish(err)
		return nil
	}
	return draft
}

// replaceable is the path, without links, of a regular file or of nothing; "" if it is something else. A link of /proc, as that which /dev/stdout
// leads to, stands for a file that somebody has open, and goes on with.
func replaceable(path string) string {
	const mostLinks = 40
	for range mostLinks {
		info, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist), err == nil && info.Mode().IsRegular():
			return path
		case err != nil || info.Mode()&fs.ModeSymlink == 0:
			return ""
		}
		folder, err := filepath.EvalSymlinks(filepath.Dir(path))
		if err != nil || strings.HasPrefix(folder, "/proc/") {
			return ""
		}
		target, err := os.Readlink(path)
		if err != nil {
			return ""
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(folder, target)
		}
		path = target
	}
	return ""
}

// makeParents makes each folder on the way to a file as it is written: os.MkdirAll would not make the a of a/../b.
func makeParents(path string) error {
	for i := 1; i < len(path); i++ {
		if path[i] != '/' {
			continue
		}
		err := os.Mkdir(path[:i], 0o755)
		if errors.Is(err, fs.ErrExist) {
			err = nil
			if info, statErr := os.Stat(path[:i]); statErr == nil && !info.IsDir() {
				err = unix.ENOTDIR
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
