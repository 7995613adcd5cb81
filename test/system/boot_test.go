package system

import (
	"strings"
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
		"service":      "success\ninactive\n/sys/module/nbd\n-- 0\n",
		"blacklist":    "ls: cannot access '/sys/module/i6300esb': No such file or directory\n-- 2\n",
		"remove":       "ls: cannot access '/sys/module/veth': No such file or directory\n-- 2\n",
	}
}

// among are some of what it has to say, a line each: nodes whose opening loads a module, and drivers that udev has loaded for the devices of
// the emulated machine.
func among() map[string][]string {
	return map[string][]string{
		"static-nodes": {"success", "0", "c! /dev/fuse 0600 - - - 10:229", "c! /dev/uinput 0600 - - - 10:223", "c! /dev/snd/timer 0600 - - - 116:33"},
		"devices": {
			"virtio:d00000001v00001AF4 virtio_net", "virtio:d00000002v00001AF4 virtio_blk", "virtio:d00000004v00001AF4 virtio_rng",
			"pci:v00008086d000010D3sv00008086sd00000000bc02sc00i00 e1000e", "pci:v00001B36d0000000Dsv00001AF4sd00001100bc0Csc03i30 xhci_pci",
			"pci:v00008086d00002668sv00001AF4sd00001100bc04sc03i00 snd_hda_intel", "usb:v0627p0001d0000dc00dsc00dp00ic03isc01ip01in00 usbhid",
		},
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
	for section, lines := range among() {
		for _, line := range lines {
			if !strings.Contains("\n"+said[section], "\n"+line+"\n") {
				t.Errorf("%s lacks %q:\n%s", section, line, said[section])
			}
		}
	}
	for section, text := range said {
		t.Logf("%s:\n%s", section, text)
	}
}
