package packages

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gomod/test/need"
)

// kmod's own hook copies gomod and its links into the image, and they work there.
func TestInitramfs(t *testing.T) {
	need.System(t)
	for _, debian := range debians {
		t.Run("Debian "+debian.name, func(t *testing.T) {
			r := NewRoot(t, debian.name)
			release := r.kernel()
			loads := "modprobe -S " + release + " -D dm-thin-pool"
			want := r.Must(loads)
			r.Dpkg("-i /mnt/gomod.deb")
			image := r.image(release)
			program := r.Must("sha256sum </usr/bin/gomod")
			r.expect(r.Must("cd "+image+"; readlink bin/kmod sbin/modprobe sbin/rmmod"), "gomod\n../bin/gomod\n../bin/gomod\n")
			r.expect(r.Must("sha256sum <"+image+"/usr/bin/gomod"), program)
			r.expect(r.Must("chroot "+image+" /sbin/modprobe --version"), version(t, filepath.Join(need.Top(t), "build/packages/amd64/bin/gomod"), "modprobe"))
			// depmod has indexed what is in the image: a module and what it needs are found there, as kmod found them in the root.
			r.expect(r.Must("chroot "+image+" /sbin/"+loads), want)
			r.expect(r.Must("ls "+image+"/usr/lib/modprobe.d | grep -c -x aliases.conf"), "1\n")

			r.Dpkg("-P gomod")
			image = r.image(release)
			r.expect(r.Must("[ ! -e "+image+"/usr/bin/gomod ]; chroot "+image+" /sbin/modprobe --version | head -n 1; ls -l "+image+
				"/usr/bin/kmod | cut -c1"), map[string]string{"12": "kmod version 30\n-\n", "13": "kmod version 34.2\n-\n"}[debian.name])
		})
	}
}

// kernel gives the root some modules of Debian 12's kernel, indexed by kmod, and their release.
func (r *Root) kernel() string {
	r.t.Helper()
	kernel := filepath.Join(need.Top(r.t), "build/kernels/6.1")
	text, err := os.ReadFile(filepath.Join(kernel, "release"))
	if err != nil {
		need.Missing(r.t, "build/kernels/6.1 is missing: run test/setup.sh kernels")
	}
	release := strings.TrimSpace(string(text))
	shared := filepath.Join(r.Shared, "kernel")
	must(r.t, os.Mkdir(shared, 0o755))
	for _, file := range []string{
		"modules.builtin", "modules.builtin.modinfo", "modules.order", "kernel/drivers/md/dm-thin-pool.ko", "kernel/drivers/md/dm-bio-prison.ko",
		"kernel/drivers/md/dm-bufio.ko", "kernel/drivers/md/dm-mod.ko", "kernel/drivers/md/persistent-data/dm-persistent-data.ko",
	} {
		target := filepath.Join(shared, file)
		must(r.t, os.MkdirAll(filepath.Dir(target), 0o755))
		run(r.t, "cp", filepath.Join(kernel, "modules", file), target)
	}
	run(r.t, "cp", filepath.Join(kernel, "boot", "config-"+release), r.Shared)
	r.Must("mkdir -p /lib/modules; cp -r /mnt/kernel /lib/modules/" + release + "; cp /mnt/config-* /boot; depmod " + release +
		"; echo dm-thin-pool >>/etc/initramfs-tools/modules")
	return release
}

// image is where an initramfs image was unpacked.
func (r *Root) image(release string) string {
	r.t.Helper()
	r.Must("sed -i s/^MODULES=.*/MODULES=list/ /etc/initramfs-tools/initramfs.conf; rm -rf /mnt/image* ; mkinitramfs -o /mnt/image.cpio " +
		release + " 2>/mnt/mkinitramfs.log; unmkinitramfs /mnt/image.cpio /mnt/image")
	return "/mnt/image"
}
