package compare

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gomod/test/need"
)

// Root is a folder that both tools see as /. Its /proc and /sys are plain files that a test writes; the kernel below is the
// machine's own, which is why nothing can be loaded in it.
type Root struct {
	t   testing.TB
	Dir string
	// Release is what uname -r says inside.
	Release string
}

// NewRoot makes a root with both tools and an empty module folder. It needs root's rights to chroot.
func NewRoot(t testing.TB) *Root {
	t.Helper()
	kmod, gomod := need.File(t, "build/kmod34"), need.File(t, "bin/gomod")
	if os.Getuid() != 0 {
		need.Missing(t, "comparing below a chroot needs root's rights")
	}
	r := &Root{t: t, Dir: t.TempDir(), Release: release(t)}
	for _, dir := range []string{"proc", "sys/module", "dev", "tmp", "etc", "run", "lib/modules/" + r.Release} {
		r.must(os.MkdirAll(filepath.Join(r.Dir, dir), 0o755))
	}
	r.command("cp", "-a", kmod, filepath.Join(r.Dir, "kmod34"))
	r.command("cp", gomod, filepath.Join(r.Dir, "gomod"))
	r.Write("proc/cmdline", "quiet\n")
	r.Write("proc/modules", "")
	return r
}

func release(t testing.TB) string {
	t.Helper()
	var name syscall.Utsname
	if err := syscall.Uname(&name); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, c := range name.Release {
		if c == 0 {
			break
		}
		text.WriteByte(byte(c))
	}
	return text.String()
}

// Write makes a file. $RELEASE in its path is the kernel release.
func (r *Root) Write(path, content string) {
	r.t.Helper()
	path = r.Path(path)
	r.must(os.MkdirAll(filepath.Dir(path), 0o755))
	r.must(os.WriteFile(path, []byte(content), 0o644))
}

// Replace is Write in place of whatever is at the path, or is a file where the path needs a folder.
func (r *Root) Replace(path, content string) {
	r.t.Helper()
	if parent := r.Path(filepath.Dir(path)); !isDir(parent) {
		r.must(os.RemoveAll(parent))
	}
	r.Remove(path)
	r.Write(path, content)
}

// Remove takes away a file or folder, if it is there.
func (r *Root) Remove(path string) {
	r.t.Helper()
	r.must(os.RemoveAll(r.Path(path)))
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Path is where the machine sees a path of the root.
func (r *Root) Path(path string) string {
	return filepath.Join(r.Dir, strings.ReplaceAll(path, "$RELEASE", r.Release))
}

// Modules copies distribution modules into the root's module folder and has C kmod's depmod index them. Each is a path below
// kernel/, such as drivers/net/dummy.ko.xz.
func (r *Root) Modules(kernel string, modules ...string) {
	r.t.Helper()
	source := need.File(r.t, "build/kernels/"+kernel+"/modules")
	for _, module := range modules {
		target := r.Path("lib/modules/$RELEASE/kernel/" + module)
		r.must(os.MkdirAll(filepath.Dir(target), 0o755))
		r.command("cp", filepath.Join(source, "kernel", module), target)
	}
	for _, list := range []string{"modules.builtin", "modules.builtin.modinfo", "modules.order"} {
		r.command("cp", filepath.Join(source, list), r.Path("lib/modules/$RELEASE/"))
	}
	r.Depmod()
}

// Depmod indexes the root's modules by C kmod.
func (r *Root) Depmod() {
	r.t.Helper()
	r.command(filepath.Join(need.Top(r.t), "build/kmod34/run"), "depmod", "-b", r.Dir, r.Release)
}

func (r *Root) command(name string, args ...string) {
	r.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		r.t.Fatalf("%s %q: %v: %s", name, args, err, out)
	}
}

func (r *Root) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}
