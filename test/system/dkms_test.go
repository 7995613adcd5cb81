package system

import (
	"path/filepath"
	"regexp"
	"testing"

	"gomod/test/need"
)

const dkmsConf = `PACKAGE_NAME="gm"
PACKAGE_VERSION="1.0"
MAKE[0]="make -C ${kernel_source_dir} M=${dkms_tree}/gm/1.0/build KCFLAGS=-g0 modules"
BUILT_MODULE_NAME[0]="gm_a"
BUILT_MODULE_NAME[1]="gm_b"
BUILT_MODULE_NAME[2]="gm_c"
DEST_MODULE_LOCATION[0]="/updates/dkms"
DEST_MODULE_LOCATION[1]="/updates/dkms"
DEST_MODULE_LOCATION[2]="/updates/dkms"
AUTOINSTALL="yes"
`

// TestDKMS has DKMS build, install and remove modules of ours, and the kernel's own makefiles install them.
func TestDKMS(t *testing.T) {
	requireSystem(t)
	kmod, gomod := withKmod(t, fullImage), withGomod(t, fullImage)
	for _, i := range []*image{kmod, gomod} {
		i.addModuleSources()
	}
	for _, step := range []string{
		"dkms install gm/1.0 -k $RELEASE",
		"dkms status -k $RELEASE; cd /lib/modules/$RELEASE && ls updates/dkms",
		"modprobe -S $RELEASE -D gm_a; modinfo -k $RELEASE -F depends gm_a; modinfo -k $RELEASE -n gm_c; modprobe -S $RELEASE -R gm_b",
		"dkms remove gm/1.0 -k $RELEASE && find /lib/modules/$RELEASE -name 'gm_*'",
		"modprobe -S $RELEASE -D gm_a 2>&1 | head -n 1",
		// The makefiles call scripts/depmod.sh only where they find a System.map.
		"cp /boot/System.map-$RELEASE /usr/src/linux-headers-$RELEASE/System.map; cd /usr/src/gm-1.0; make -C /lib/modules/$RELEASE/build M=$PWD KCFLAGS=-g0 modules",
		"cd /usr/src/gm-1.0; make -C /lib/modules/$RELEASE/build M=$PWD modules_install 2>&1 | sort; find /lib/modules/$RELEASE -name 'gm_*'",
		"modprobe -S $RELEASE -D gm_a",
	} {
		a, b := kmod.run(step), gomod.run(step)
		if a, b = withoutProgress(a), withoutProgress(b); a != b {
			t.Errorf("%s\nwith kmod:\n%swith gomod:\n%s", step, a, b)
		}
		t.Logf("compared: %s\n%.1500s", step, b)
		gomod.checkIndexes()
	}
}

// addModuleSources lays the sources of three modules, of which one needs the next, where DKMS looks for them.
func (i *image) addModuleSources() {
	i.t.Helper()
	for _, source := range []string{"gm.h", "gm_a.c", "gm_b.c", "gm_c.c"} {
		host(i.t, "cp", filepath.Join(need.Top(i.t), "testdata/modules", source), i.share)
	}
	i.run("mkdir /usr/src/gm-1.0 && cp /mnt/gm* /usr/src/gm-1.0/")
	i.write("/usr/src/gm-1.0/Kbuild", "obj-m := gm_a.o gm_b.o gm_c.o\n", 0o644)
	i.write("/usr/src/gm-1.0/dkms.conf", dkmsConf, 0o644)
}

// checkIndexes demands that the image's indexes are those that C kmod 34.2 makes of its modules.
func (i *image) checkIndexes() {
	i.t.Helper()
	host(i.t, "cp", "-a", filepath.Join(need.Top(i.t), "build/kmod34"), i.share)
	i.run(`/mnt/kmod34/run depmod -o /mnt/c34 $RELEASE
		for index in /mnt/c34/lib/modules/$RELEASE/*; do cmp $index /lib/modules/$RELEASE/${index##*/}; done
		ls /mnt/c34/lib/modules/$RELEASE | wc -l | grep -qx 11
		rm -r /mnt/c34`)
}

// withoutProgress drops the dots by which DKMS shows that time goes by.
func withoutProgress(text string) string {
	return regexp.MustCompile(`(?m)\.+$`).ReplaceAllString(text, "")
}
