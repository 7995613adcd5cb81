package vm

import (
	"fmt"
	"path"
	"path/filepath"
	"strconv"
)

// Tools are the names that gomod is called by in the guest.
func Tools() []string {
	return []string{"insmod", "rmmod", "lsmod", "modinfo", "modprobe", "depmod", "kmod"}
}

// AddTools puts gomod into /bin and makes it the tools of /sbin.
func (i *Initramfs) AddTools(gomod string) {
	i.File("/bin/gomod", gomod, 0o755)
	i.Symlink("/sbin/gomod", "/bin/gomod")
	for _, tool := range Tools() {
		i.Symlink(path.Join("/sbin", tool), "/bin/gomod")
	}
}

// AddConfig puts the file of what the kernel was built with to where distributions have it.
func (i *Initramfs) AddConfig() {
	name := "config-" + i.kernel.Release
	i.File(path.Join("/boot", name), filepath.Join(filepath.Dir(i.kernel.Image), "boot", name), 0o644)
}

// AddReference puts C kmod from build/kmod34, or that of the kernel's architecture, into the folder ReferenceTools, with the libraries
// that it runs with.
func (i *Initramfs) AddReference(top string) {
	a := i.kernel.Arch
	usr := filepath.Join(top, "build/kmod34"+a.Suffix(), "usr")
	libraries := filepath.Join(usr, "lib", a.GNU)
	for _, library := range []string{"libc.so.6", "libcrypto.so.3", "libz.so.1", "libzstd.so.1", "liblzma.so.5"} {
		i.File(path.Join("/lib", a.GNU, library), filepath.Join(libraries, library), 0o755)
	}
	i.File(a.Loader, filepath.Join(libraries, path.Base(a.Loader)), 0o755)
	i.File(path.Join(ReferenceTools, "kmod"), filepath.Join(usr, "bin/kmod"), 0o755)
	for _, tool := range Tools() {
		if tool != "kmod" {
			i.Symlink(path.Join(ReferenceTools, tool), "kmod")
		}
	}
}

// ReferenceTools is the guest's folder of C kmod's tools.
const ReferenceTools = "/kmod34"

// ResultsPort is the serial port that carries what the guest has to say. The kernel's own messages go to another. The name is gone
// once another file system is mounted on /dev.
const ResultsPort = "/dev/results"

// statusText begins the line that closes the results; the exit status of the guest's command follows it.
const statusText = "guest: exit status "

// StatusLine is what a first process of one's own has to write to the ResultsPort last.
func StatusLine(status int) string { return statusText + strconv.Itoa(status) }

// AddTestModules puts the modules that package modules built into a folder, with their variants, into /modules.
func (i *Initramfs) AddTestModules(built string) error {
	for _, pattern := range []string{"*.ko", "variants/*"} {
		files, err := filepath.Glob(filepath.Join(built, pattern))
		if err != nil {
			return err
		}
		for _, file := range files {
			below, err := filepath.Rel(built, file)
			if err != nil {
				return err
			}
			i.File(path.Join("/modules", filepath.ToSlash(below)), file, 0o644)
		}
	}
	return nil
}

// initScript runs before anything else. It hands over to the command with the usual file systems mounted, and with a kernel that
// calls no modprobe behind the command's back. Busybox finds its own commands by way of /proc.
const initScript = `#!/bin/busybox sh
exec 3>%[1]s
/bin/busybox stty raw <%[1]s
/bin/busybox mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp
echo >/proc/sys/kernel/modprobe
export PATH=/sbin:/bin HOME=/ LC_ALL=C
cd /
(
%[2]s
) </dev/null >&3 2>&3
echo "%[3]s$?" >&3
poweroff -f
`

// AddInit makes the guest run a shell command, with its output on the results' port, and then switch itself off.
func (i *Initramfs) AddInit(top, command string) error {
	busybox, err := i.kernel.Busybox(top)
	if err != nil {
		return err
	}
	i.File("/bin/busybox", busybox, 0o755)
	i.Symlink("/bin/sh", "busybox")
	for _, dir := range []string{"/proc", "/sys", "/tmp", "/etc"} {
		i.Directory(dir)
	}
	i.Text("/init", fmt.Sprintf(initScript, ResultsPort, command, statusText), 0o755)
	return nil
}
