package system

import (
	"testing"
	"time"
)

// bootLimit is for a busy machine: alone it takes about a minute.
const bootLimit = 15 * time.Minute

// expected is what a Debian with modules from whichever tool has to say of itself.
func expected() answers {
	return answers{
		"state":        "running\n-- 0\n",
		"nodes":        "-- 0\n",
		"modules-load": "success\nactive\n3\nthe softdep, too\n-- 0\n",
		"mount":        "/sys/module/squashfs\n-- 0\n",
		"socket":       "/sys/module/af_alg\n-- 0\n",
		"link":         "/sys/module/veth\n-- 0\n",
		"node":         "/sys/module/uinput\n-- 0\n",
		"lsmod":        "Module                  Size  Used by\nthe kernel agrees\n-- 0\n",
		"journal":      "-- 0\n",
	}
}

// TestDebian makes an initramfs by initramfs-tools with kmod and with gomod, which has to be the same one, and boots from gomod's to a
// login prompt with every unit started.
func TestDebian(t *testing.T) {
	requireBoot(t)
	kmod, gomod := withKmod(t, baseImage), withGomod(t, baseImage)
	for _, i := range []*image{kmod, gomod} {
		i.prepareBoot()
		i.run("update-initramfs -c -k all && unmkinitramfs /boot/initrd.img-$RELEASE /mnt/tree")
	}
	t.Run("initramfs", func(t *testing.T) { compareInitramfs(t, kmod, gomod, kmod.passedOver()) })
	t.Run("boot", func(t *testing.T) {
		said := gomod.boot(t, "/boot/vmlinuz-$RELEASE", "/boot/initrd.img-$RELEASE", bootLimit)
		checkBoot(t, said)
		checkSection(t, said, "tools", "/usr/bin/gomod\n/usr/bin/gomod\n/sbin/modprobe\n-- 0\n")
	})
}

func checkSection(t *testing.T, said answers, section, want string) {
	t.Helper()
	if said[section] != want {
		t.Errorf("%s:\n%swant\n%s", section, said[section], want)
	}
}

func checkBoot(t *testing.T, said answers) {
	t.Helper()
	for section, want := range expected() {
		checkSection(t, said, section, want)
	}
	for section, text := range said {
		t.Logf("%s:\n%s", section, text)
	}
}
