package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"gomod/test/need"
)

const nobody = 65534

// opened changes modes and owners below root, written as PATH MODE or PATH MODE OWNER.
func opened(t *testing.T, root string, changes ...string) {
	t.Helper()
	for _, change := range changes {
		words := strings.Fields(change)
		path := filepath.Join(root, words[0])
		mode, err := strconv.ParseUint(words[1], 8, 32)
		if err == nil && mode != 0 {
			err = os.Chmod(path, fs.FileMode(mode&0o777)|fs.FileMode(mode>>9&1)*fs.ModeSticky)
		}
		if len(words) == 3 {
			owner, bad := strconv.Atoi(words[2])
			err = errors.Join(err, bad, os.Lchown(path, owner, 0))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Who may write a file, or replace it, what a link to it leads to, or a folder or link on the way there, may order commands.
func TestExposed(t *testing.T) {
	files := map[string]string{
		"d/modprobe.d/a.conf": "install a true\n",
		"sound/direct.conf":   "-> ../d/modprobe.d/a.conf",
		"sound/far.conf":      "-> ../pub/mid",
		"pub/mid":             "-> ../d/modprobe.d/a.conf",
		"pub/dir":             "-> ../d/modprobe.d",
		"null.conf":           "-> /dev/null",
		"loop":                "-> loop",
		"absolute":            "-> ROOT/d/modprobe.d",
		"up":                  "-> d/modprobe.d/../../pub/..",
	}
	for _, test := range []struct {
		name    string
		path    string
		changes string // separated by commas
		want    ExposureKind
		at      string
	}{
		{"sound", "d/modprobe.d/a.conf", "", 0, ""},
		{"group may write", "d/modprobe.d/a.conf", "d/modprobe.d/a.conf 664, d/modprobe.d 775", 0, ""},
		{"world may write", "d/modprobe.d/a.conf", "d/modprobe.d/a.conf 646", WritableFile, "d/modprobe.d/a.conf"},
		{"folder that the world may write", "d/modprobe.d/a.conf", "d/modprobe.d 777", WritableFolder, "d/modprobe.d"},
		{"folder above", "d/modprobe.d/a.conf", "d 777", WritableFolder, "d"},
		{"sticky folder", "d/modprobe.d/a.conf", "d/modprobe.d 1777", 0, ""},
		{"sticky folder, another's file", "d/modprobe.d/a.conf", "d/modprobe.d 1777, d/modprobe.d/a.conf 0 65534", OthersEntry, "d/modprobe.d/a.conf"},
		{"sticky folder above, another's folder", "d/modprobe.d/a.conf", "d 1777, d/modprobe.d 0 65534", OthersEntry, "d/modprobe.d"},
		{"another's file", "d/modprobe.d/a.conf", "d/modprobe.d/a.conf 0 65534", 0, ""},
		{"link", "sound/direct.conf", "", 0, ""},
		{"link to what the world may write", "sound/direct.conf", "d/modprobe.d/a.conf 646", WritableFile, "d/modprobe.d/a.conf"},
		{"link into a folder that the world may write", "sound/direct.conf", "d/modprobe.d 777", WritableFolder, "d/modprobe.d"},
		{"link to a link", "sound/far.conf", "", 0, ""},
		{"link to a link in a folder that the world may write", "sound/far.conf", "pub 777", WritableFolder, "pub"},
		{"another's link in a sticky folder", "sound/far.conf", "pub 1777, pub/mid 0 65534", OthersEntry, "pub/mid"},
		{"root's link in a sticky folder", "sound/far.conf", "pub 1777", 0, ""},
		{"folder that is a link", "pub/dir/a.conf", "", 0, ""},
		{"folder that is a link in a folder that the world may write", "pub/dir/a.conf", "pub 777", WritableFolder, "pub"},
		{"another's link to a folder", "pub/dir/a.conf", "pub 1777, pub/dir 0 65534", OthersEntry, "pub/dir"},
		{"absolute link", "absolute/a.conf", "d/modprobe.d 777", WritableFolder, "d/modprobe.d"},
		{"up and down", "up/d/modprobe.d/../modprobe.d//./a.conf", "", 0, ""},
		{"up and down through a folder that is left again", "up/d/modprobe.d/a.conf", "d 777", WritableFolder, "d"},
		{"a folder itself", "d/modprobe.d", "d/modprobe.d 1777", WritableFolder, "d/modprobe.d"},
		{"a mask", "null.conf", "", 0, ""},
		{"a circle of links", "loop", "", Unseen, "loop"},
		{"nothing there", "d/none/a.conf", "", Unseen, "d/none"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if strings.Contains(test.changes, strconv.Itoa(nobody)) && os.Getuid() != 0 {
				need.Missing(t, "files of another owner need root's rights")
			}
			root := tree(t, files)
			if test.changes != "" {
				opened(t, root, strings.Split(test.changes, ",")...)
			}
			check := func(got *Exposure, prefix string) {
				t.Helper()
				switch {
				case test.want == 0 && got != nil:
					t.Errorf("%v", got)
				case test.want != 0 && (got == nil || got.Kind != test.want || got.Path != filepath.Join(prefix, test.at)):
					t.Errorf("%+v, want %d at %s", got, test.want, test.at)
				}
			}
			check(Exposed(root+"/"+test.path), root)
			if !strings.HasPrefix(test.path, "absolute") {
				t.Chdir(root)
				check(Exposed(test.path), "")
			}
		})
	}
	if got := Exposed(tree(t, files) + "/loop"); !errors.Is(got, syscall.ELOOP) {
		t.Error(got)
	}
}

// As many links as the kernel follows, and one more.
func TestExposedLinks(t *testing.T) {
	root := tree(t, map[string]string{"file": ""})
	last := "file"
	for i := range mostLinks + 1 {
		link := strconv.Itoa(i)
		if err := os.Symlink(last, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
		last = link
		_, err := os.Stat(filepath.Join(root, link))
		e := Exposed(filepath.Join(root, link))
		if (err != nil) != (e != nil) || e != nil && (i != mostLinks || e.Kind != Unseen) {
			t.Errorf("%d links: %v; the kernel: %v", i+1, e, err)
		}
	}
}

// A command is as good as its line, and as the lines of options that it takes in.
func TestRefusal(t *testing.T) {
	root := tree(t, map[string]string{
		"a.conf": "install a run $CMDLINE_OPTS\ninstall b run\noptions a sound=1\n",
		"b.conf": "options c x=1\noptions a ; id #\noptions b ; id #\n",
		"c.conf": "install c run\nremove c run\n",
	})
	opened(t, root, "b.conf 666", "c.conf 602")
	c := Load(Sources{Paths: []string{root}, Cmdline: []byte("a.y=2")})
	for i, want := range []string{
		"it takes in the options of " + root + "/b.conf:2, and anyone may write that file",
		"",
		"anyone may write that file",
	} {
		command := c.Installs[i]
		got := ""
		if refusal := command.Refusal(c.OptionsOf(command.Key, "")); refusal != nil {
			got = refusal.Error()
		}
		equal(t, got, want)
	}
	if c.Removes[0].Refusal(nil) == nil {
		t.Error("the remove command is obeyed")
	}
	opened(t, root, "b.conf 644")
	if refusal := c.Installs[0].Refusal(c.OptionsOf("a", "")); refusal != nil {
		t.Error(refusal)
	}
}

func TestExposures(t *testing.T) {
	root := tree(t, map[string]string{
		"etc/a.conf": "options a x=1\n", "etc/b.conf": "", "etc/null.conf": "-> /dev/null", "etc/other": "",
		"lib/a.conf": "", "lib/c.conf": "", "m/modules.softdep": "", "run/": "",
	})
	told := func() []string {
		var list []string
		for _, e := range Exposures(Sources{Paths: below(root, "etc", "run", "lib", "none"), ModuleDir: root + "/m"}) {
			list = append(list, strings.ReplaceAll(e.Error(), root, ""))
		}
		return list
	}
	equal(t, told(), []string(nil))
	if os.Getuid() == 0 {
		// The file that nobody of nogroup may write, the folder of another, and a group's; sticky folders only where something is added to them.
		opened(t, root, "lib/c.conf 664 65534", "etc 755 1234", "run 775", "m 1775", ". 1775")
		for _, name := range []string{"lib/c.conf", "run", "m", ".", "m/modules.softdep", "etc/b.conf"} {
			need.NoError(t, os.Lchown(filepath.Join(root, name), -1, nobody))
		}
		opened(t, root, "etc/b.conf 664", "m/modules.softdep 664")
		want := []string{
			"user 1234, its owner, may write the folder /etc",
			"group 65534 may write the folder /run",
			"user 65534, its owner, may write /lib/c.conf",
			"group 65534 may write /m/modules.softdep",
		}
		equal(t, told(), want)
		// What anyone may write comes first, and of what does not exist nobody can say anything.
		opened(t, root, "lib/c.conf 666", "etc 755 0", "m/modules.softdep 646", "run 1775")
		need.NoError(t, os.Remove(filepath.Join(root, "etc/b.conf")))
		equal(t, told(), []string{"group 65534 may write the folder /run", "anyone may write /lib/c.conf", "anyone may write /m/modules.softdep"})
		need.NoError(t, os.Lchown(filepath.Join(root, "lib"), -1, nobody))
		opened(t, root, "lib 775", "run 755", "lib/c.conf 644 0", "m/modules.softdep 644")
		equal(t, told(), []string{"group 65534 may write the folder /lib"})
		if e := Exposed(root + "/lib/c.conf"); e != nil {
			t.Errorf("a command of what a group may write is refused: %v", e)
		}
		opened(t, root, "etc/a.conf 644", "lib 755", ". 755")
		need.NoError(t, os.WriteFile(filepath.Join(root, "etc/b.conf"), nil, 0o644))
	}
	opened(t, root, "etc 777", "run 1777", "lib/a.conf 666", "lib/c.conf 666", "m/modules.softdep 666", "etc/other 666")
	equal(t, told(), []string{
		"anyone may write the folder /etc",
		"anyone may write the folder /run",
		"anyone may write /lib/c.conf", // /lib/a.conf is hidden
		"anyone may write /m/modules.softdep",
	})
}
