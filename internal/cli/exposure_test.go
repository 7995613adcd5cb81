package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"gomod/internal/sysfs"
	"gomod/test/need"
)

// gomod why tells of a file that another user or group may write; the command in it is obeyed.
func TestToldExposures(t *testing.T) {
	if os.Getuid() != 0 {
		need.Missing(t, "files of another owner need root's rights")
	}
	root := t.TempDir()
	folder := filepath.Join(root, "etc/modprobe.d")
	file := filepath.Join(folder, "a.conf")
	need.NoError(t, os.MkdirAll(folder, 0o755))
	need.NoError(t, os.WriteFile(file, []byte("install a true\n"), 0o644))
	for _, test := range []struct {
		uid, gid int
		mode     os.FileMode
		path     string
		want     string
	}{
		{0, 0, 0o664, file, ""},
		{0, 65534, 0o644, file, ""},
		{65534, 65534, 0o664, file, "user 65534, its owner, may write " + file + ", and say what modules are loaded with: look at what is there, then chown root " + file},
		{0, 65534, 0o664, file, "group 65534 may write " + file + ", and say what modules are loaded with: look at what is there, then chmod g-w " + file},
		{65534, 0, 0o555, folder, "user 65534, its owner, may write the folder " + folder + ", and say what modules are loaded with: look at what is there, then chown root " + folder},
		{0, 65534, 0o775, folder, "group 65534 may write the folder " + folder + ", and say what modules are loaded with: look at what is there, then chmod g-w " + folder},
	} {
		need.NoError(t, os.Chown(test.path, test.uid, test.gid))
		need.NoError(t, os.Chmod(test.path, test.mode))
		var said bytes.Buffer
		env := &Env{
			Stderr: &said, StderrTerminal: func() bool { return false }, LookupEnv: func(string) (string, bool) { return "", false },
			ConfigRoot: root, SysconfDirectory: "/etc", DistconfDirectory: "/usr/lib", Sysfs: sysfs.New(root),
		}
		c := newSession(env, "gomod", "gomod").reportedConfig("")
		if test.want != "" {
			test.want = "gomod: WARNING: " + test.want + "\n"
		}
		if said.String() != test.want {
			t.Errorf("%q instead of %q", said.String(), test.want)
		}
		if refusal := c.Installs[0].Refusal(nil); refusal != nil {
			t.Error(refusal)
		}
		need.NoError(t, os.Chown(test.path, 0, 0))
		need.NoError(t, os.Chmod(test.path, 0o755))
	}
}
