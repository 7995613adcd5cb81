package vm

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gomod/test/need"
)

// systemOnDisk is what the example's init script starts on the disk that it found.
const systemOnDisk = `#!/bin/busybox sh
exec >%[1]s 2>&1
/bin/busybox stty raw <%[1]s
/bin/busybox cat /hello
/bin/busybox mount -t proc proc /proc
/bin/busybox awk '$2 == "/" { print $1, $3 }' /proc/mounts
/bin/busybox awk '{ print $1 }' /proc/modules | /bin/busybox sort | /bin/busybox xargs
echo '%[2]s'
/bin/busybox poweroff -f
`

// docs/examples/initramfs boots from a disk whose driver and file system are modules. What docs/initramfs.md shows is what it runs.
func TestInitramfsExample(t *testing.T) {
	t.Parallel()
	top := need.Top(t)
	kernel := requireMachine(t, top, "6.1")
	for _, program := range []string{"mke2fs", "cpio"} {
		_, err := exec.LookPath(program)
		need.NoError(t, err)
	}
	initramfs := filepath.Join(t.TempDir(), "initramfs.cpio")
	busybox, err := exec.LookPath("busybox")
	need.NoError(t, err)
	example := exec.Command(filepath.Join(top, "docs/examples/initramfs/make"),
		filepath.Join(top, "build/kernels/6.1"), kernel.Release, initramfs, "virtio_pci", "virtio_blk", "ext4")
	example.Env = append(os.Environ(), "GOMOD="+compileGomod(t, top, kernel.Arch), "BUSYBOX="+busybox)
	if said, err := example.CombinedOutput(); err != nil || len(said) > 0 {
		t.Fatalf("%s: %v\n%s", example, err, said)
	}

	var results strings.Builder
	machine := &Machine{
		Kernel: kernel, Initramfs: initramfs, Append: "root=/dev/vda", Limit: limit,
		// Some makers put quotes into what the machine says of itself, which has a modalias, too.
		Devices: []string{"-drive", "file=" + systemDisk(t, busybox) + ",format=raw,if=virtio", "-smbios", `type=1,product=15.6" Notebook`},
		Results: func(line string) { results.WriteString(line + "\n") },
	}
	report, err := machine.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const want = `hello from the disk
/dev/vda ext4
crc16 crc32c_generic crc32c_intel ext4 jbd2 mbcache virtio virtio_blk virtio_pci virtio_pci_legacy_dev virtio_pci_modern_dev virtio_ring
`
	if got := results.String(); got != want {
		t.Errorf("the system on the disk says\n%swant\n%sconsole:\n%s", got, want, report.Console)
	}
	t.Logf("booted in %s", report.Boot.Round(100*time.Millisecond))
}

// What would not boot is refused.
func TestInitramfsExampleRefuses(t *testing.T) {
	top := need.Top(t)
	kernel := requireMachine(t, top, "6.1")
	busybox, err := kernel.Busybox(top)
	need.NoError(t, err)
	gomod := compileGomod(t, top, kernel.Arch)
	for name, test := range map[string]struct {
		busybox string
		modules []string
		says    string
	}{
		"an unknown module":  {busybox, []string{"ext4", "nosuchmodule"}, "nosuchmodule not found"},
		"a dynamic busybox":  {"/bin/ls", []string{"ext4"}, "/bin/ls is not static"},
		"only built-in ones": {busybox, []string{"unix"}, ""},
	} {
		initramfs := filepath.Join(t.TempDir(), "initramfs.cpio")
		example := exec.Command(filepath.Join(top, "docs/examples/initramfs/make"), append([]string{"build/kernels/6.1", kernel.Release, initramfs}, test.modules...)...)
		example.Dir = top
		example.Env = append(os.Environ(), "GOMOD="+gomod, "BUSYBOX="+test.busybox)
		said, err := example.CombinedOutput()
		if (err != nil) != (test.says != "") || !strings.Contains(string(said), test.says) {
			t.Errorf("%s: %v\n%s", name, err, said)
		}
	}
}

// systemDisk is an ext4 file system with a program to start.
func systemDisk(t *testing.T, busybox string) string {
	t.Helper()
	root := t.TempDir()
	for _, folder := range []string{"bin", "sbin", "dev", "proc"} {
		if err := os.Mkdir(filepath.Join(root, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := copyFile(busybox, filepath.Join(root, "bin/busybox")); err != nil {
		t.Fatal(err)
	}
	for file, content := range map[string]string{
		"sbin/init": fmt.Sprintf(systemOnDisk, "/dev/ttyS1", StatusLine(0)), "hello": "hello from the disk\n",
	} {
		if err := os.WriteFile(filepath.Join(root, file), []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(root, "bin/busybox"), 0o755); err != nil {
		t.Fatal(err)
	}
	disk := filepath.Join(t.TempDir(), "disk.img")
	if said, err := exec.Command("mke2fs", "-q", "-t", "ext4", "-d", root, disk, "32M").CombinedOutput(); err != nil {
		t.Fatalf("mke2fs: %v\n%s", err, said)
	}
	return disk
}
