package textfile

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// Draft is a file beside the one whose place it takes once it is whole. Whoever reads meanwhile sees the old file or the new one.
type Draft struct {
	*os.File
	path string
}

// NewDraft begins a file that is to be called path, with those permissions and under the umask as os.OpenFile has it.
func NewDraft(path string, mode fs.FileMode) (*Draft, error) {
	const tries = 1000
	for number := os.Getpid(); ; number++ {
		// The name does not end in .conf: nobody takes it for configuration.
		name := filepath.Join(filepath.Dir(path), ".gomod."+strconv.Itoa(number)+".new")
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if os.IsExist(err) && number < os.Getpid()+tries {
			continue
		}
		if err != nil {
			return nil, err
		}
		return &Draft{file, path}, nil
	}
}

// Publish waits for the disk and gives the file its name. What cannot be published is taken away; err is an earlier error with which it is not
// even tried.
func (d *Draft) Publish(err error) error {
	err = cmp.Or(err, d.Sync())
	err = cmp.Or(err, d.Close())
	if err == nil {
		err = os.Rename(d.Name(), d.path)
	}
	if err != nil {
		os.Remove(d.Name())
	}
	return err
}
