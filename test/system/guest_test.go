package system

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gomod/test/arch"
	"gomod/test/vm"
)

//go:embed testdata/check
var checkScript string

// answers is what the guest said in each section of testdata/check: its output, and its status in a last line `-- 0`.
type answers map[string]string

// prepareBoot gives the image an initramfs, and something for systemd-modules-load to do.
func (i *image) prepareBoot() {
	i.t.Helper()
	i.write("/root/check", checkScript, 0o755)
	i.write("/etc/modules-load.d/gomod.conf", "# of the test\ndummy\ni6300esb\n", 0o644)
	// systemd.conf has options dummy numdummies=0, and the last one counts.
	i.write("/etc/modprobe.d/zz-gomod.conf", "options dummy numdummies=3\nsoftdep dummy pre: ifb\nblacklist i6300esb\n", 0o644)
}

// boot starts the machine from the image and its own initramfs, waits for the login prompt, logs in and runs /root/check.
// Whatever the guest writes to its disk is dropped.
func (i *image) boot(t *testing.T, kernel, initramfs string, limit time.Duration) answers {
	i.run(fmt.Sprintf("cp %s /mnt/vmlinuz; cp %s /mnt/initrd", kernel, initramfs))
	t.Helper()
	said := make(answers)
	section := ""
	machine := &vm.Machine{
		Kernel:    vm.Kernel{Arch: arch.AMD64(), Image: filepath.Join(i.share, "vmlinuz")},
		Initramfs: filepath.Join(i.share, "initrd"),
		Append:    "root=/dev/vda",
		Limit:     limit,
		Answers: []vm.Answer{
			{Prompt: "gomod-test login: ", Reply: "root\n"},
			{Prompt: "root@gomod-test:~# ", Reply: "/root/check\n"},
		},
		Devices: []string{
			"-drive", "file=" + i.file + ",format=raw,if=virtio,snapshot=on",
			"-device", "virtio-net-pci,romfile=", "-device", "e1000e,romfile=", "-device", "virtio-rng-pci", "-device", "i6300esb",
			"-device", "qemu-xhci", "-device", "usb-kbd", "-device", "intel-hda",
		},
		Results: func(line string) {
			if name, begins := strings.CutPrefix(line, "== "); begins {
				section = name
			} else {
				said[section] += line + "\n"
			}
		},
	}
	report, err := machine.Run(t.Context())
	if err != nil {
		t.Fatalf("%v\nresults: %q", err, said)
	}
	t.Logf("a shell on the serial console %s after the start", report.Boot.Round(time.Second))
	if keep := os.Getenv("GOMOD_TEST_KEEP"); keep != "" {
		os.WriteFile(keep, []byte(report.Console), 0o644)
	}
	return said
}
