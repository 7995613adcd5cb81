package system

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gomod/test/need"
)

// image is a Debian in a file, for a test to change.
type image struct {
	t    *testing.T
	file string
	// share is a folder of the host that commands in the image see as /mnt.
	share string
	// release is that of its kernel.
	release string
}

// Both are made by test/system.sh.
const (
	baseImage = "build/system/base.img"
	fullImage = "build/system/full.img"
)

// requireBoot ends tests that nobody asked for. They are long, and make test leaves them to make test-boot and make test-system.
func requireBoot(t *testing.T) {
	t.Helper()
	if os.Getenv("GOMOD_TEST_BOOT") == "" && os.Getenv("GOMOD_TEST_SYSTEM") == "" {
		t.Skip("make test-boot or make test-system runs it") // in CI too
	}
	requirePrograms(t)
}

func requireSystem(t *testing.T) {
	t.Helper()
	need.System(t)
	requirePrograms(t)
}

func requirePrograms(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		need.Missing(t, "a Debian is changed by chroot, which needs root's rights")
	}
	for _, program := range []string{"qemu-system-x86_64", "unshare", "cpio"} {
		_, err := exec.LookPath(program)
		need.NoError(t, err)
	}
}

// copyImage makes a copy of a file system that goes with the test.
func copyImage(t *testing.T, name string) *image {
	t.Helper()
	original := filepath.Join(need.Top(t), name)
	if _, err := os.Stat(original); errors.Is(err, fs.ErrNotExist) {
		need.Missing(t, name+" is missing: run test/system.sh")
	}
	i := &image{t: t, file: filepath.Join(t.TempDir(), "root.img"), share: t.TempDir()}
	host(t, "cp", "--sparse=always", original, i.file)
	i.release = strings.TrimSpace(i.run("ls /lib/modules"))
	if strings.ContainsAny(i.release, " \n") || i.release == "" {
		t.Fatalf("kernels in %s: %q", name, i.release)
	}
	return i
}

// insideScript mounts the image in a name space of its own, with /proc, /sys to read and /dev, and runs a command in it. It
// unmounts before it ends, so that the file is complete.
const insideScript = `
image=$1 share=$2 root=$3 command=$4
mount -o loop "$image" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount --rbind /dev "$root/dev"
mount --bind "$share" "$root/mnt"
status=0
env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C DEBIAN_FRONTEND=noninteractive \
	chroot "$root" /bin/sh -ec "$command" || status=$?
umount -R "$root"
exit $status
`

// try runs a shell command in the image, with $RELEASE set.
func (i *image) try(command string) (string, error) {
	i.t.Helper()
	root := i.t.TempDir()
	out, err := exec.Command("unshare", "--mount", "sh", "-ec", insideScript, "sh", i.file, i.share, root,
		"RELEASE="+i.release+"\n"+command).CombinedOutput()
	return string(out), err
}

// run is try for what has to succeed.
func (i *image) run(command string) string {
	i.t.Helper()
	out, err := i.try(command)
	if err != nil {
		i.t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return out
}

// write makes a file of the image.
func (i *image) write(path, content string, perm fs.FileMode) {
	i.t.Helper()
	if err := os.WriteFile(filepath.Join(i.share, "file"), []byte(content), perm); err != nil {
		i.t.Fatal(err)
	}
	i.run("mkdir -p \"$(dirname " + path + ")\" && cp -p /mnt/file " + path + " && chown root:root " + path)
}

// host runs a program of the machine.
func host(t *testing.T, name string, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command := exec.Command(name, args...)
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", command, err, stdout.String(), stderr.String())
	}
	return stdout.String()
}
