package compare

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"gomod/test/need"
)

// faulty is a tree whose indexes are made again while something goes wrong. before and after are the files of the folder
// before the run and after a good one; all of them differ.
type faulty struct {
	*tree
	out           string
	before, after map[string]string
	// What killing it has hit.
	kills, between, leftovers int
}

// newFaulty writes to a folder below out, which may be on a file system of its own.
func newFaulty(t *testing.T, out string) *faulty {
	t.Helper()
	f := &faulty{tree: newTree(t), out: out}
	for i := range 20 {
		name := "m" + strconv.Itoa(i)
		f.module("kernel/"+name+".ko", tinyModule{
			modinfo: []string{"alias=pci:v" + name + "*", "softdep=pre: x", "weakdep=y"}, exports: []string{"s" + name}, needs: []string{"sm" + strconv.Itoa(i+1)},
		})
	}
	f.before = f.run(Gomod).files
	f.module("kernel/new.ko", tinyModule{modinfo: []string{"alias=new*", "softdep=pre: x", "weakdep=y", "alias=devname:n", "alias=char-major-1-2"}, exports: []string{"snew"}, needs: []string{"sm0"}})
	f.write("modules.builtin", "kernel/b.ko\n")
	f.write("modules.builtin.modinfo", "b.alias=ba\x00")
	f.after = f.run(Gomod).files
	for name := range f.after {
		if f.before[name] == f.after[name] || len(f.after) != 11 {
			t.Fatalf("%s does not change", name)
		}
	}
	return f
}

func (f *faulty) folder() string { return filepath.Join(f.out, "lib/modules", treeRelease) }

func (f *faulty) argv() []string {
	return []string{"depmod", "-b", f.base, "-o", f.out, "-C", "/dev/null", treeRelease}
}

// restore lays the files down as they were before.
func (f *faulty) restore() {
	f.t.Helper()
	if err := os.MkdirAll(f.folder(), 0o755); err != nil {
		f.t.Fatal(err)
	}
	for name, data := range f.before {
		if err := os.WriteFile(filepath.Join(f.folder(), name), []byte(data), 0o644); err != nil {
			f.t.Fatal(err)
		}
	}
}

// state tells what is in the folder: every file must be one of before or after.
func (f *faulty) state() (old, new, others int) {
	f.t.Helper()
	files := readFolder(f.t, f.folder())
	for name := range f.after {
		data, there := files[name]
		switch {
		case there && data == f.before[name]:
			old++
		case there && data == f.after[name]:
			new++
		default:
			f.t.Errorf("%s is neither as it was nor as it is to be: %.100q", name, data)
		}
		delete(files, name)
	}
	return old, new, len(files)
}

// settled fails unless the set is all old, with status 1, or all new, with status 0, and nothing else is there.
func (f *faulty) settled(what string, result Result) (good bool) {
	f.t.Helper()
	old, new, others := f.state()
	if others > 0 || result.Status == 0 && old > 0 || result.Status != 0 && new > 0 {
		f.t.Errorf("%s: %d files as before, %d new, %d others; %v; folder %v", what, old, new, others, result, slices.Sorted(maps.Keys(readFolder(f.t, f.folder()))))
	}
	if result.Status != 0 && !strings.HasPrefix(result.Stderr, "depmod: ") {
		f.t.Errorf("%s: %v", what, result)
	}
	return result.Status == 0
}

// mountTmpfs mounts a small file system for the time of a test.
func mountTmpfs(t *testing.T, options string) string {
	t.Helper()
	if os.Getuid() != 0 {
		need.Missing(t, "mounting needs root's rights")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		need.Missing(t, "a tmpfs cannot be mounted here: "+err.Error())
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

func remount(t *testing.T, dir string, flags uintptr, options string) bool {
	t.Helper()
	return syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, options) == nil
}

// TestDepmodFullDisk holds D2 with every number of free pages, and of free inodes, up to enough.
func TestDepmodFullDisk(t *testing.T) {
	for _, limit := range []struct {
		option string
		unit   int
	}{{"size", os.Getpagesize()}, {"nr_inodes", 1}} {
		f := newFaulty(t, mountTmpfs(t, limit.option+"="+strconv.Itoa(1000*limit.unit)))
		f.restore()
		good, bad := 0, 0
		for n := 1; good == 0 && n < 1000; n++ {
			// It cannot be made smaller than what is in use.
			if !remount(t, f.out, 0, limit.option+"="+strconv.Itoa(n*limit.unit)) {
				continue
			}
			if f.settled(fmt.Sprint(limit.option, " ", n), Gomod(t, Call{Argv: f.argv()})) {
				good++
			} else {
				bad++
			}
		}
		t.Logf("%s: %d runs that failed before the first that did not", limit.option, bad)
		if good == 0 || bad < 5 {
			t.Errorf("%s: %d good, %d bad", limit.option, good, bad)
		}
	}
}

// TestDepmodReadOnly holds D1.
func TestDepmodReadOnly(t *testing.T) {
	f := newFaulty(t, mountTmpfs(t, "size=1m"))
	f.restore()
	remount(t, f.out, syscall.MS_RDONLY, "")
	result := Gomod(t, Call{Argv: f.argv()})
	if f.settled("read-only", result) || !strings.Contains(result.Stderr, "ERROR: openat("+f.folder()+", modules.dep") || !strings.HasSuffix(result.Stderr, ", 301, 644): Read-only file system\n") {
		t.Error(result)
	}
	remount(t, f.out, 0, "")
	os.Remove(filepath.Join(f.folder(), "modules.devname"))
	os.Mkdir(filepath.Join(f.folder(), "modules.devname"), 0o755)
	result = Gomod(t, Call{Argv: f.argv()})
	if result.Status != 1 || !strings.HasPrefix(result.Stderr, "depmod: FATAL: renameat("+f.folder()+", modules.devname.") || !strings.HasSuffix(result.Stderr, ", modules.devname): Is a directory\n") {
		t.Error(result)
	}
	if files := readFolder(t, f.folder()); len(files) != 10 || files["modules.dep"] != f.before["modules.dep"] {
		t.Error(slices.Sorted(maps.Keys(files)))
	}
}

// TestDepmodTogether runs several at once while readers loop.
func TestDepmodTogether(t *testing.T) {
	f := newFaulty(t, t.TempDir())
	f.restore()
	stop := make(chan struct{})
	var readers, writers sync.WaitGroup
	readers.Go(func() {
		for reads := 0; ; reads++ {
			select {
			case <-stop:
				t.Logf("%d rounds of reading", reads)
				return
			default:
				f.state()
				result := Reference(t, Call{Argv: []string{"modprobe", "-d", f.out, "-S", treeRelease, "-C", "/dev/null", "-D", "m3"}})
				if strings.Contains(result.Stderr, "not found") || result.Status != 0 {
					t.Errorf("modprobe: %v", result)
				}
			}
		}
	})
	for range 6 {
		writers.Go(func() {
			for range 5 {
				if result := Gomod(t, Call{Argv: f.argv()}); result != (Result{}) {
					t.Errorf("depmod: %v", result)
				}
			}
		})
	}
	writers.Wait()
	close(stop)
	readers.Wait()
	f.settled("in the end", Result{})
}

// TestDepmodUnprivileged has a folder that may be read, not written.
func TestDepmodUnprivileged(t *testing.T) {
	if os.Getuid() != 0 {
		need.Missing(t, "another user's rights need root's")
	}
	f := newFaulty(t, t.TempDir())
	f.restore()
	for dir := f.folder(); dir != "/"; dir = filepath.Dir(dir) {
		if os.Chmod(dir, 0o755) != nil || dir == os.TempDir() {
			break
		}
	}
	for dir := f.base; dir != os.TempDir(); dir = filepath.Dir(dir) {
		os.Chmod(dir, 0o755)
	}
	os.Chmod(f.path("kernel/m5.ko"), 0)
	program, err := os.ReadFile(need.File(t, "bin/gomod"))
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "gomod")
	if err := os.WriteFile(copied, program, 0o755); err != nil {
		t.Fatal(err)
	}
	os.Chmod(filepath.Dir(copied), 0o755)
	cmd := &exec.Cmd{Path: copied, Args: f.argv(), SysProcAttr: &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}}
	said, err := cmd.CombinedOutput()
	want := "depmod: ERROR: failed to load symbols from " + f.path("kernel/m5.ko") + ": Permission denied\n"
	if err == nil || !strings.HasPrefix(string(said), want) || !strings.HasSuffix(string(said), "644): Permission denied\n") {
		t.Errorf("%v %s", err, said)
	}
	if old, new, others := f.state(); old != 11 || new+others > 0 {
		t.Error(old, new, others)
	}
}

// TestDepmodLeftovers holds which files a run takes for what a dead one left.
func TestDepmodLeftovers(t *testing.T) {
	f := newFaulty(t, t.TempDir())
	f.restore()
	kept := []string{"modules.dep.1.2", "modules.dep.bak", "modules.order", "modules.dep.x.2.3.gomod", "modules.depp.1.2.3.gomod", "other.1.2.3.gomod", "modules.dep.bin.99999999.1.1700000000"}
	gone := []string{"modules.dep.1.2.1700000000.gomod", "modules.builtin.alias.bin.99999999.123456.1700000000.gomod"}
	for _, name := range append(kept, gone...) {
		if err := os.WriteFile(filepath.Join(f.folder(), name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if result := Gomod(t, Call{Argv: f.argv()}); result != (Result{}) {
		t.Error(result)
	}
	entries, err := os.ReadDir(f.folder())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	all := " " + strings.Join(names, " ") + " "
	for _, name := range kept {
		if !strings.Contains(all, " "+name+" ") {
			t.Errorf("%s was removed", name)
		}
	}
	for _, name := range gone {
		if strings.Contains(all, " "+name+" ") {
			t.Errorf("%s was kept", name)
		}
	}
}
