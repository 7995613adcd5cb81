package system

import (
	"regexp"
	"testing"
)

// TestKernelPackage installs and purges a kernel package, whose scripts run depmod and update-initramfs.
func TestKernelPackage(t *testing.T) {
	requireSystem(t)
	kmod, gomod := withKmod(t, fullImage), withGomod(t, fullImage)
	const kernel = "kernel=$(dpkg-deb -f /root/kernel.deb Package); new=${kernel#linux-image-}\n"
	for _, step := range []string{
		"dpkg --force-unsafe-io -i /root/kernel.deb 2>&1",
		"ls /boot/*$new; find /lib/modules/$new -name '*.ko*' | sort | md5sum",
		"modprobe -S $new -D nvme; modinfo -k $new -F filename virtio_net; modprobe -S $new -R virtio:d00000001v00001AF4",
		"dpkg --purge $kernel 2>&1",
		"ls /boot /lib/modules",
	} {
		a, b := withoutCount(kmod.run(kernel+step)), withoutCount(gomod.run(kernel+step))
		if a != b {
			t.Errorf("%s\nwith kmod:\n%swith gomod:\n%s", step, a, b)
		}
		t.Logf("compared: %s\n%s", step, b)
	}
}

// withoutCount drops what dpkg says of how many files are installed: gomod's own are among them.
func withoutCount(text string) string {
	return regexp.MustCompile(`\(Reading database.*\n`).ReplaceAllString(text, "")
}
