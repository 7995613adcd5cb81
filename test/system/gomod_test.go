package system

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// withKmod is a copy as Debian made it.
func withKmod(t *testing.T, name string) *image {
	t.Helper()
	return copyImage(t, name)
}

// withGomod is a copy in which gomod is all of the module tools, and has made the indexes.
func withGomod(t *testing.T, name string) *image {
	t.Helper()
	i := copyImage(t, name)
	i.installGomod()
	for _, tool := range []string{"/sbin/insmod", "/sbin/rmmod", "/sbin/lsmod", "/sbin/modinfo", "/sbin/modprobe", "/sbin/depmod", "/bin/lsmod", "/bin/kmod"} {
		if target := strings.TrimSpace(i.run("readlink -f " + tool)); target != "/usr/bin/gomod" {
			t.Fatalf("%s is %s", tool, target)
		}
	}
	i.run("rm /lib/modules/$RELEASE/modules.dep /lib/modules/$RELEASE/modules.*.bin && depmod -a -F /boot/System.map-$RELEASE $RELEASE")
	return i
}

// installGomod installs the Debian package, which diverts kmod's files.
func (i *image) installGomod() {
	i.t.Helper()
	top := projectTop(i.t)
	// The package that is installed is of the sources as they are.
	build := exec.Command("make", "-s", "deb")
	build.Dir = top
	build.Env = append(os.Environ(), "MAKEFLAGS=")
	if said, err := build.CombinedOutput(); err != nil {
		i.t.Fatalf("%s: %v\n%s", build, err, said)
	}
	host(i.t, "cp", newest(i.t, filepath.Join(top, "build/packages/*.deb")), filepath.Join(i.share, "gomod.deb"))
	i.run("dpkg -i /mnt/gomod.deb")
}

func newest(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no files, error %v", pattern, err)
	}
	return slices.MaxFunc(files, func(a, b string) int { return modified(t, a).Compare(modified(t, b)) })
}

func modified(t *testing.T, file string) time.Time {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}
