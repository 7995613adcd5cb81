package system

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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

// installGomod lays down what `make install` does, with kmod's own files out of the way.
func (i *image) installGomod() {
	i.t.Helper()
	install := exec.Command("make", "-s", "install", "PREFIX=/usr", "DESTDIR="+filepath.Join(i.share, "install"))
	install.Dir = projectTop(i.t)
	install.Env = append(os.Environ(), "MAKEFLAGS=")
	if said, err := install.CombinedOutput(); err != nil {
		i.t.Fatalf("%s: %v\n%s", install, err, said)
	}
	i.run(`mkdir /var/lib/kmod.aside
		mv /bin/kmod /bin/lsmod /sbin/insmod /sbin/rmmod /sbin/lsmod /sbin/modinfo /sbin/modprobe /sbin/depmod /var/lib/kmod.aside/
		cp -a /mnt/install/usr/. /usr/ && chown -R root:root /usr/bin/gomod`)
}
