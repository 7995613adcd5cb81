package depmod

import (
	"slices"
	"sync"

	"golang.org/x/sys/unix"
)

// Step is what failed when files were published.
type Step int

const (
	CreateStep Step = iota + 1 // a temporary could not be made
	WriteStep                  // it could not be written or flushed to the disk
	CheckStep                  // it does not read as it was written
	RenameStep                 // it cannot take its name, which a folder may have
)

// PublishError is a file that could not be published. If Step is not RenameStep no file was, and none of the temporaries is
// left; the same holds if Err is EISDIR.
type PublishError struct {
	Step      Step
	Folder    string
	Name      string
	Temporary string
	Err       error
}

func (e *PublishError) Error() string {
	what := map[Step]string{CreateStep: "create ", WriteStep: "write ", CheckStep: "check ", RenameStep: "rename to "}[e.Step]
	return "cannot " + what + e.Folder + "/" + e.Name + ": " + e.Err.Error()
}

// Unwrap gives the reason.
func (e *PublishError) Unwrap() error { return e.Err }

// order is in which order files take their names. What modprobe maps comes first; modules.dep is the last, for its time tells
// -A that all is done.
var order = [...]string{
	"modules.dep.bin", "modules.symbols.bin", "modules.alias.bin", "modules.builtin.bin", "modules.builtin.alias.bin",
	"modules.alias", "modules.softdep", "modules.weakdep", "modules.symbols", "modules.devname", "modules.dep",
}

// Publish makes the files appear in the folder in place of those of the same names. All are written under other names, flushed
// to the disk, read again and compared before the first is renamed, so that a reader at any time, and the one after a crash,
// finds files that are whole. The error is a *PublishError.
func (t *Target) Publish(files []File) error {
	if t.locked {
		t.removeLeftovers()
	}
	drafts := make([]*draft, len(files))
	for i := range files {
		drafts[i] = &draft{File: &files[i], target: t, temporary: temporaryName(files[i].Name), fd: -1}
	}
	slices.SortStableFunc(drafts, func(a, b *draft) int {
		return slices.Index(order[:], a.Name) - slices.Index(order[:], b.Name)
	})
	if err := prepare(drafts); err != nil {
		for _, d := range drafts {
			d.discard()
		}
		return err
	}
	for i, d := range drafts {
		if err := unix.Renameat(t.fd, d.temporary, t.fd, d.Name); err != nil {
			for _, rest := range drafts[i:] {
				rest.discard()
			}
			return d.failed(RenameStep, err)
		}
	}
	return t.flush()
}

// flush makes the renames last. A file system that cannot do that for folders is none to complain about.
func (t *Target) flush() error {
	if err := unix.Fsync(t.fd); err == unix.EIO {
		return &PublishError{WriteStep, t.Path, ".", "", err}
	}
	return nil
}

// prepare does all that can fail for reasons that are known: afterwards only the renames are left.
func prepare(drafts []*draft) error {
	for _, d := range drafts {
		if err := d.create(); err != nil {
			return err
		}
	}
	errs := make([]error, len(drafts))
	var writing sync.WaitGroup
	for i, d := range drafts {
		writing.Go(func() { errs[i] = d.write() })
	}
	writing.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	for _, d := range drafts {
		if err := d.lookAtTarget(); err != nil {
			return err
		}
	}
	return nil
}
