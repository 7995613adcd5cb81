package system

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gomod/test/need"
)

// TestSystem boots two Debians, one with kmod and one with gomod, from the initramfs that each has made, and installs and removes
// a kernel package in both while they run. All that they say has to be the same.
func TestSystem(t *testing.T) {
	requireSystem(t)
	images := []*image{withKmod(t, fullImage), withGomod(t, fullImage)}
	said := make([]answers, len(images))
	t.Run("boot", func(t *testing.T) {
		for n, i := range images {
			i.prepareBoot()
			i.prepareKernelPackage()
			i.run("update-initramfs -c -k all")
			t.Run([]string{"kmod", "gomod"}[n], func(t *testing.T) {
				t.Parallel()
				said[n] = i.boot(t, "/boot/vmlinuz-$RELEASE", "/boot/initrd.img-$RELEASE", packageLimit)
				checkBoot(t, said[n])
			})
		}
	})
	if t.Failed() {
		return
	}
	compareAnswers(t, said[0], said[1])
	checkKernelPackage(t, said[1])
}

// packageLimit is for a busy machine, too: mkinitramfs starts some thousand processes.
const packageLimit = 60 * time.Minute

func (i *image) prepareKernelPackage() {
	i.t.Helper()
	more, err := os.ReadFile("testdata/more")
	if err != nil {
		i.t.Fatal(err)
	}
	i.write("/root/more", string(more), 0o755)
	host(i.t, "cp", "-a", filepath.Join(need.Top(i.t), "build/kmod34"), i.share)
	i.run("cp -a /mnt/kmod34 /root/")
}

// newIndex is a file that kmod 34 writes, and kmod 30 does not yet.
const newIndex = "modules.weakdep\n"

// compareAnswers passes over what is meant to differ: which program the tools are, and indexes that kmod 30 writes otherwise, or not.
func compareAnswers(t *testing.T, kmod, gomod answers) {
	t.Helper()
	if len(kmod) != len(gomod) {
		t.Errorf("%d sections with kmod, %d with gomod", len(kmod), len(gomod))
	}
	compared := 0
	for section := range kmod {
		switch section {
		case "tools", "kernel-indexes", "kernel-initramfs":
		default:
			compared++
			if withoutCount(kmod[section]) != withoutCount(strings.ReplaceAll(gomod[section], newIndex, "")) {
				t.Errorf("%s with kmod:\n%swith gomod:\n%s", section, kmod[section], gomod[section])
			}
		}
	}
	t.Logf("%d sections compared", compared)
}

func checkKernelPackage(t *testing.T, gomod answers) {
	t.Helper()
	checkSection(t, gomod, "kernel-indexes", strings.Join(sorted(indexes()), "\n")+"\n-- 0\n")
	for _, section := range []string{"kernel-install", "kernel-files", "kernel-initramfs", "kernel-names", "kernel-remove"} {
		if !strings.HasSuffix(gomod[section], "\n-- 0\n") {
			t.Errorf("%s:\n%s", section, gomod[section])
		}
	}
	if modules := strings.Count(gomod["kernel-initramfs"], ".ko"); modules < 100 {
		t.Errorf("%d modules in the initramfs that the package's installation made", modules)
	}
}
