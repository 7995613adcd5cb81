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
		i.run("dracut --force --no-hostonly --reproducible --no-compress --no-early-microcode --kver $RELEASE /boot/dracut && mkdir /mnt/tree && cd /mnt/tree && cpio -idm --quiet </boot/dracut")
	}
	// dracut-install is linked with libkmod, so that no deviation is in sight.
	compareInitramfs(t, kmod, gomod, nil)
}

// compareInitramfs compares what was unpacked into /mnt/tree of both. All that may differ are the tools, with the libraries that only C
// kmod needs; modules that softdep lines ask for which C kmod passes over (deviation D6), each of them and no other; and depmod's
// indexes: kmod 30 writes others than kmod 34.2. Those in gomod's image are what C kmod 34.2 makes of the same modules.
func compareInitramfs(t *testing.T, kmod, gomod *image, softdeps []string) {
	t.Helper()
	folders := [2]string{filepath.Join(kmod.share, "tree"), filepath.Join(gomod.share, "tree")}
	a, b := readContents(t, folders[0]), readContents(t, folders[1])
	var unexpected, tools, rewritten, added []string
	for _, difference := range a.differences(b) {
		switch name := difference[2:]; {
		case isIndex(name):
			rewritten = append(rewritten, name)
		case isTool(name) || strings.HasPrefix(difference, "- ") && isKmodLibrary(name):
			tools = append(tools, difference)
		case strings.HasPrefix(difference, "+ ") && isModule(name):
			added = append(added, name)
		default:
			unexpected = append(unexpected, difference)
		}
	}
	if len(unexpected) > 0 {
		t.Errorf("kmod's image (-) and gomod's (+) differ in\n%s", strings.Join(unexpected, "\n"))
	}
	if want := missing(softdeps, a); !slices.Equal(added, want) {
		t.Errorf("only gomod's image has the modules %q, want %q", added, want)
	}
	if a.modules() < 100 || b.modules() != a.modules()+len(added) {
		t.Errorf("%d modules in kmod's image, %d in gomod's", a.modules(), b.modules())
	}
	t.Logf("%d files compared, of them %d modules; the tools differ: %s; modules by D6: %s; %d indexes differ from kmod 30's",
		len(b), b.modules(), strings.Join(tools, ", "), strings.Join(added, ", "), len(rewritten))
	for _, module := range added {
		host(t, "cp", filepath.Join(folders[1], module), filepath.Join(folders[0], module))
	}
	compareIndexes(t, folders[0], folders[1], gomod.release)
}

// missing lists the names that a folder lacks.
func missing(names []string, there contents) []string {
	var lacking []string
	for _, name := range names {
		if _, ok := there[name]; !ok {
			lacking = append(lacking, name)
		}
	}
	return lacking
}

// passedOver gives the files of the modules, with what they need, that softdep lines of modules in the image's initramfs ask for, but
// for the first line of each module, which is the only one that C kmod obeys. C kmod 34.2 says which files they are. Sorted.
func (i *image) passedOver() []string {
	i.t.Helper()
	initramfs := readContents(i.t, filepath.Join(i.share, "tree"))
	present := make(map[string]bool)
	for name := range initramfs {
		if isModule(name) {
			base, _, _ := strings.Cut(filepath.Base(name), ".")
			present[strings.ReplaceAll(base, "-", "_")] = true
		}
	}
	var wanted []string
	first := make(map[string]bool)
	// softdep btrfs pre: sha256
	for line := range strings.Lines(i.run("cat /lib/modules/$RELEASE/modules.softdep")) {
		words := strings.Fields(line)
		if words[0] != "softdep" || !present[words[1]] {
			continue
		}
		if !first[words[1]] {
			first[words[1]] = true
			continue
		}
		wanted = append(wanted, words[3:]...)
	}
	host(i.t, "cp", "-a", filepath.Join(need.Top(i.t), "build/kmod34"), i.share)
	var files []string
	for line := range strings.Lines(i.run("for name in " + strings.Join(wanted, " ") + "; do /mnt/kmod34/run modprobe -q -S $RELEASE --show-depends $name || true; done")) {
		if action, file, _ := strings.Cut(strings.TrimSpace(line), " "); action == "insmod" {
			files = append(files, filepath.Join("usr", file))
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
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
	run := filepath.Join(need.Top(t), "build/kmod34/run")
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
