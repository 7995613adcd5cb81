package vm

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gomod/test/arch"
	"gomod/test/need"
)

// The cpio program reads what Save writes.
func TestSaveIsReadByCpio(t *testing.T) {
	if _, err := exec.LookPath("cpio"); err != nil {
		need.NoError(t, err)
	}
	dir := t.TempDir()
	host := filepath.Join(dir, "host")
	if err := os.WriteFile(host, []byte("from the host"), 0o600); err != nil {
		t.Fatal(err)
	}
	i := NewInitramfs(Kernel{Arch: arch.ARM64()})
	i.Directory("/proc")
	i.Text("/a/b/odd", "12345", 0o600)
	i.File("/a/host", host, 0o755)
	i.Symlink("/a/link", "b/odd")
	archive := save(t, i)

	list := exec.Command("cpio", "-itv", "--quiet", "--numeric-uid-gid", "-F", archive)
	list.Env = []string{"LC_ALL=C", "TZ=UTC"}
	listed, err := list.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, listed)
	}
	const want = `
drwxr-xr-x   1 0        0               0 Jan  1  1970 a
drwxr-xr-x   1 0        0               0 Jan  1  1970 a/b
-rw-------   1 0        0               5 Jan  1  1970 a/b/odd
-rwxr-xr-x   1 0        0              13 Jan  1  1970 a/host
lrwxrwxrwx   1 0        0               5 Jan  1  1970 a/link -> b/odd
drwxr-xr-x   1 0        0               0 Jan  1  1970 dev
crw-------   1 0        0          5,   1 Jan  1  1970 dev/console
crw-------   1 0        0          4,  64 Jan  1  1970 dev/results
drwxr-xr-x   1 0        0               0 Jan  1  1970 proc
`
	if string(listed) != want[1:] {
		t.Errorf("cpio lists\n%swant%s", listed, want)
	}

	for file, want := range map[string]string{"a/b/odd": "12345", "a/host": "from the host"} {
		content, err := exec.Command("cpio", "-i", "--quiet", "--to-stdout", "-F", archive, file).Output()
		if string(content) != want {
			t.Errorf("cpio finds %q in %s (%v), want %q", content, file, err, want)
		}
	}
}

func TestSaveNamesTheMissingFile(t *testing.T) {
	i := NewInitramfs(Kernel{Arch: arch.ARM64()})
	i.File("/x", "/nowhere/at/all", 0o644)
	if err := i.Save(filepath.Join(t.TempDir(), "i")); err == nil || !strings.Contains(err.Error(), "/nowhere/at/all") {
		t.Errorf("error %v", err)
	}
}

func TestClosure(t *testing.T) {
	file := filepath.Join(t.TempDir(), "modules.dep")
	const text = `kernel/net/bridge/bridge.ko.xz: kernel/net/802/stp.ko.xz kernel/net/llc/llc.ko.xz
kernel/net/802/stp.ko.xz: kernel/net/llc/llc.ko.xz
kernel/net/llc/llc.ko.xz:
kernel/drivers/md/dm-crypt.ko.xz: kernel/drivers/md/dm-mod.ko.xz
`
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	d, err := readDependencies(file)
	if err != nil {
		t.Fatal(err)
	}
	got := d.closure([]string{"bridge", "stp", "built-in", "dm_crypt"})
	want := []string{
		"kernel/drivers/md/dm-crypt.ko.xz", "kernel/drivers/md/dm-mod.ko.xz",
		"kernel/net/802/stp.ko.xz", "kernel/net/bridge/bridge.ko.xz", "kernel/net/llc/llc.ko.xz",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
