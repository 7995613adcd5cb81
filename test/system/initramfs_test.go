package system

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gomod/test/need"
)

func TestDracut(t *testing.T) {
	requireSystem(t)
	kmod, gomod := withKmod(t, fullImage), withGomod(t, fullImage)
	for _, i := range []*image{kmod, gomod} {
		i.run("dracut --force --no-hostonly --reproducible --no-compress --kver $RELEASE /mnt/initrd")
	}
	compareInitramfs(t, kmod, gomod)
}

// compareInitramfs compares /mnt/initrd of both. All that may differ are the tools, with the libraries that only C kmod needs, and
// depmod's indexes: kmod 30 writes others than kmod 34.2. Those in gomod's image are what C kmod 34.2 makes of the modules in the
// other one.
func compareInitramfs(t *testing.T, kmod, gomod *image) {
	t.Helper()
	folders := [2]string{unpackInitramfs(t, kmod), unpackInitramfs(t, gomod)}
	a, b := readContents(t, folders[0]), readContents(t, folders[1])
	var unexpected, tools, rewritten []string
	for _, difference := range a.differences(b) {
		switch name := difference[2:]; {
		case isIndex(name):
			rewritten = append(rewritten, difference)
		case isTool(name) || strings.HasPrefix(difference, "- ") && isKmodLibrary(name):
			tools = append(tools, difference)
		default:
			unexpected = append(unexpected, difference)
		}
	}
	if len(unexpected) > 0 {
		t.Errorf("kmod's image (-) and gomod's (+) differ in\n%s", strings.Join(unexpected, "\n"))
	}
	t.Logf("%d files of which %d are modules compared; the tools: %s; other indexes than kmod 30's: %s", len(b), b.modules(), strings.Join(tools, ", "), strings.Join(rewritten, ", "))
	if b.modules() < 100 || a.modules() != b.modules() {
		t.Errorf("%d modules in kmod's image, %d in gomod's", a.modules(), b.modules())
	}
	compareIndexes(t, folders[0], folders[1], gomod.release)
}

func isTool(name string) bool {
	name, inBin := strings.CutPrefix(strings.TrimPrefix(name, "usr/"), "bin/")
	if !inBin {
		name, inBin = strings.CutPrefix(name, "sbin/")
	}
	return inBin && slices.Contains([]string{"gomod", "kmod", "insmod", "rmmod", "lsmod", "modinfo", "modprobe", "depmod"}, name)
}

// isKmodLibrary is true of those that Debian's kmod is linked with.
func isKmodLibrary(name string) bool {
	for _, library := range []string{"libcrypto.so.", "liblzma.so.", "libzstd.so."} {
		if strings.HasPrefix(filepath.Base(name), library) {
			return true
		}
	}
	return false
}

// compareIndexes has C kmod 34.2 index the modules below one folder and demands the same bytes of those that gomod wrote below another.
func compareIndexes(t *testing.T, reference, gomod, release string) {
	t.Helper()
	run := filepath.Join(projectTop(t), "build/kmod34/run")
	if _, err := os.Stat(run); err != nil {
		need.Missing(t, err)
	}
	if said, err := exec.Command(run, "depmod", "-a", "-b", reference, release).CombinedOutput(); err != nil || len(said) > 0 {
		t.Fatalf("C depmod: %v\n%s", err, said)
	}
	compared := 0
	for _, name := range indexes() {
		want, err := os.ReadFile(filepath.Join(reference, "lib/modules", release, name))
		if err != nil {
			t.Error(err)
			continue
		}
		got, err := os.ReadFile(filepath.Join(gomod, "lib/modules", release, name))
		if err != nil || string(got) != string(want) {
			t.Errorf("%s is not what C kmod 34.2 makes of the same modules: %d bytes, want %d (%v)", name, len(got), len(want), err)
		}
		compared++
	}
	t.Logf("%d indexes compared with C kmod 34.2's", compared)
}

// unpackInitramfs gives the folder with what is in an uncompressed /mnt/initrd.
func unpackInitramfs(t *testing.T, i *image) string {
	t.Helper()
	folder := t.TempDir()
	archive, err := os.Open(filepath.Join(i.share, "initrd"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	unpack := exec.Command("cpio", "-idm", "--quiet", "--no-absolute-filenames")
	unpack.Dir, unpack.Stdin = folder, archive
	if said, err := unpack.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", unpack, err, said)
	}
	return folder
}
