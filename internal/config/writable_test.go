package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gomod/test/need"
)

// Who may write a file, replace it, or what a link to it leads to, may order commands: then nobody obeys them.
func TestWritable(t *testing.T) {
	if os.Getuid() != 0 {
		need.Missing(t, "files of another owner need root's rights")
	}
	const nobody = 65534
	for _, test := range []struct {
		name         string
		folder, file fs.FileMode
		owner        int
		linked       bool // the file lies in the folder, and a link to it in a sound one
		want         bool
	}{
		{"sound", 0o755, 0o644, 0, false, false},
		{"group may write", 0o775, 0o664, 0, false, false},
		{"world may write", 0o755, 0o646, 0, false, true},
		{"folder that the world may write", 0o777, 0o644, 0, false, true},
		{"sticky folder", 0o777 | fs.ModeSticky, 0o644, 0, false, false},
		{"sticky folder, another's file", 0o777 | fs.ModeSticky, 0o644, nobody, false, true},
		{"another's file", 0o755, 0o644, nobody, false, false},
		{"link", 0o755, 0o644, 0, true, false},
		{"link to what the world may write", 0o755, 0o646, 0, true, true},
		{"link into a folder that the world may write", 0o777, 0o644, 0, true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			folder, link := filepath.Join(dir, "modprobe.d"), filepath.Join(dir, "sound.d")
			path := filepath.Join(folder, "a.conf")
			err := errors.Join(
				os.Mkdir(folder, 0o755), os.Mkdir(link, 0o755),
				os.WriteFile(path, []byte("install a true\nremove b true\noptions c d=1\n"), 0o644),
				os.Symlink(path, filepath.Join(link, "a.conf")),
				os.Chown(path, test.owner, 0), os.Chmod(path, test.file), os.Chmod(folder, test.folder),
			)
			if err != nil {
				t.Fatal(err)
			}
			read := folder
			if test.linked {
				read = link
			}
			c := Load(Sources{Paths: []string{read}})
			if len(c.Installs) != 1 || len(c.Removes) != 1 || c.Installs[0].WorldWritable != test.want || c.Removes[0].WorldWritable != test.want {
				t.Errorf("%+v %+v", c.Installs, c.Removes)
			}
			if told := slices.Contains(c.WorldWritable, filepath.Join(read, "a.conf")); told != (test.file&0o002 != 0) {
				t.Errorf("%v", c.WorldWritable)
			}
		})
	}
}
