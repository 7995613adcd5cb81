package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// loadedModules is how many modules /proc/modules of the root has.
const loadedModules = 120

// root is the folder that the tools see as /.
type root struct {
	dir     string
	release string
	mounted bool
}

// format is a way in which a tree's modules are packed; the names of trees are those of formats.
type format struct {
	name, suffix string
	// pack is the command that makes such files of plain ones and removes these.
	pack []string
}

// formats have the options of the kernel's scripts/Makefile.modinst.
func formats() []format {
	return []format{
		{"plain", "", nil},
		{"zst", ".zst", []string{"zstd", "--rm", "-q", "-f"}},
		{"gz", ".gz", []string{"gzip", "-n", "-f"}},
		{"xz", ".xz", []string{"xz", "--check=crc32", "--lzma2=dict=1MiB"}},
	}
}

func (r *root) path(inside string) string { return filepath.Join(r.dir, inside) }

// newRoot makes the trees once, from the packaged kernel, and everything else anew.
func newRoot(dir string) (*root, error) {
	const kernel = "build/kernels/6.12"
	release, err := os.ReadFile(kernel + "/release")
	if err != nil {
		return nil, fmt.Errorf("run test/setup.sh first: %w", err)
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	r := &root{dir: absolute, release: strings.TrimSpace(string(release))}
	for _, step := range []func() error{
		func() error { return r.makeTrees(kernel) }, r.copyTools, r.makeSystem, r.mountMemory,
	} {
		if err := step(); err != nil {
			r.close()
			return nil, err
		}
	}
	return r, nil
}

// makeTrees unpacks the modules of the packaged kernel and packs them in each format. The last tree made is plain's index.
func (r *root) makeTrees(kernel string) error {
	complete := r.path("trees/complete")
	if _, err := os.Stat(complete); err == nil {
		return nil
	}
	if err := os.RemoveAll(r.path("trees")); err != nil {
		return err
	}
	for _, f := range formats() {
		fmt.Fprintf(os.Stderr, "making the tree of %s modules\n", f.name)
		modules := r.path("trees/" + f.name + "/lib/modules")
		if err := os.MkdirAll(modules, 0o755); err != nil {
			return err
		}
		if err := command("cp", "-a", kernel+"/lib/modules/"+r.release, modules); err != nil {
			return err
		}
		if f.suffix == ".xz" {
			continue
		}
		if err := each(modules, "*.ko.xz", "xz", "-d", "-f"); err != nil {
			return err
		}
		if f.pack != nil {
			if err := each(modules, "*.ko", f.pack...); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(complete, nil, 0o644)
}

// each runs a command on all files of a name below a folder, on all cores.
func each(folder, name string, args ...string) error {
	find := `find "$0" -name "$1" -print0 | xargs -0 -n 64 -P "$(nproc)" -- "${@:2}"`
	return command("bash", append([]string{"-o", "pipefail", "-c", find, folder, name}, args...)...)
}

// copyTools puts every peer into the root, and the links by whose names they are called.
func (r *root) copyTools() error {
	for _, dir := range []string{"kmod34", "kmod30", "gomod", "busybox"} {
		if err := os.RemoveAll(r.path(dir)); err != nil {
			return err
		}
	}
	for _, dir := range []string{"gomod", "busybox"} {
		if err := os.MkdirAll(r.path(dir), 0o755); err != nil {
			return err
		}
	}
	err := errors.Join(
		command("cp", "-a", "build/kmod34", "build/kmod30", r.dir),
		command("cp", "bin/gomod", r.path("gomod/program")),
		command("cp", "/bin/busybox", r.path("busybox/busybox")),
	)
	for _, tool := range []string{"modprobe", "depmod", "modinfo", "lsmod"} {
		err = errors.Join(err, os.Symlink("program", r.path("gomod/"+tool)), os.Symlink("busybox", r.path("busybox/"+tool)))
	}
	return err
}

// makeSystem makes what the tools read of a running system. The plain tree is the running kernel's.
func (r *root) makeSystem() error {
	for _, dir := range []string{"proc", "sys", "lib", "etc", "out"} {
		if err := os.RemoveAll(r.path(dir)); err != nil {
			return err
		}
	}
	for _, dir := range []string{"proc", "sys/module", "lib/modules", "etc/modprobe.d", "lib/modprobe.d", "out", "dev", "tmp"} {
		if err := os.MkdirAll(r.path(dir), 0o755); err != nil {
			return err
		}
	}
	var running unix.Utsname
	if err := unix.Uname(&running); err != nil {
		return err
	}
	var modules strings.Builder
	for i := range loadedModules {
		name := fmt.Sprintf("module_%d", i)
		fmt.Fprintf(&modules, "%s %d %d - Live 0x0000000000000000\n", name, 4096*(i+3), i%4)
		folder := r.path("sys/module/" + name)
		if err := os.MkdirAll(folder+"/holders", 0o755); err != nil {
			return err
		}
		for file, text := range map[string]string{"coresize": fmt.Sprint(4096 * (i + 3)), "refcnt": fmt.Sprint(i % 4), "initstate": "live"} {
			if err := os.WriteFile(folder+"/"+file, []byte(text+"\n"), 0o644); err != nil {
				return err
			}
		}
	}
	err := errors.Join(
		os.WriteFile(r.path("proc/modules"), []byte(modules.String()), 0o644),
		os.WriteFile(r.path("proc/cmdline"), []byte("BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet\n"), 0o644),
		os.WriteFile(r.path("etc/modprobe.d/blacklist.conf"), []byte("blacklist pcspkr\nblacklist floppy\noptions snd_hda_intel power_save=1\n"), 0o644),
		os.Symlink("/trees/plain/lib/modules/"+r.release, r.path("lib/modules/"+unix.ByteSliceToString(running.Release[:]))),
	)
	// All peers read the indexes that C kmod wrote; busybox reads the texts.
	for _, f := range formats() {
		if f.suffix != ".gz" {
			err = errors.Join(err, command("build/kmod34/run", "depmod", "-b", r.path("trees/"+f.name), r.release))
		}
	}
	return err
}

// mountMemory makes /memory a file system to which nothing has to be flushed.
func (r *root) mountMemory() error {
	if err := os.MkdirAll(r.path("memory"), 0o755); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", r.path("memory"), "tmpfs", 0, "size=256m"); err != nil {
		return fmt.Errorf("mounting %s: %w", r.path("memory"), err)
	}
	r.mounted = true
	return nil
}

func (r *root) close() {
	if r.mounted {
		unix.Unmount(r.path("memory"), 0)
	}
}

func command(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}
