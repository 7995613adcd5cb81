package system

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gomod/test/need"
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

// installGomod installs the Debian package, which diverts kmod's files. The Makefile has made it of the sources as they are.
func (i *image) installGomod() {
	i.t.Helper()
	files, err := filepath.Glob(filepath.Join(need.Top(i.t), "build/packages/gomod_*_amd64.deb"))
	if err != nil {
		i.t.Fatal(err)
	}
	if len(files) == 0 {
		need.Missing(i.t, "build/packages has no package: run make deb")
	}
	newest := slices.MaxFunc(files, func(a, b string) int { return modified(i.t, a).Compare(modified(i.t, b)) })
	host(i.t, "cp", newest, filepath.Join(i.share, "gomod.deb"))
	i.run("dpkg -i /mnt/gomod.deb")
}

func modified(t *testing.T, file string) time.Time {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}
