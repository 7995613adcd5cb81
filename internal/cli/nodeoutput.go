package cli

import (
	"bufio"
	"cmp"
	"errors"
	"io/fs"
	"os"
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
// as it is, and so is a file in a folder that is not ours to write. So is what a link leads to: of /dev/stdout that is a file which somebody has
// open and goes on with, and in /tmp a link may be another user's, which only the kernel knows not to follow (fs.protected_symlinks).
func draftFor(path string) *textfile.Draft {
	info, err := os.Lstat(path)
	// A file without a name cannot be made, and is not to be found out about by renaming.
	if errors.Is(err, fs.ErrNotExist) && path != "" {
		draft, _ := textfile.NewDraft(path, 0o666)
		return draft
	}
	// That the file must not be written is not to be learnt by replacing it.
	if err != nil || !info.Mode().IsRegular() || unix.Access(path, unix.W_OK) != nil {
		return nil
	}
	draft, err := textfile.NewDraft(path, 0o600)
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
