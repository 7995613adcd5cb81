package system

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gomod/test/need"
)

// What docs/compatibility.md says is tested, is: it has every consumer, in each row what that way to test needs, and every script of one.
func TestCompatibilityPage(t *testing.T) {
	top := need.Top(t)
	page, err := os.ReadFile(filepath.Join(top, "docs/compatibility.md"))
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob(filepath.Join(top, "testdata/script/consumer-*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, script := range scripts {
		want = append(want, strings.TrimSuffix(filepath.Base(script), ".txtar"))
	}
	if got := named(page, "`(consumer-[a-z0-9-]+)`"); !slices.Equal(got, want) {
		t.Errorf("scripts on the page:\n%q\nscripts:\n%q", got, want)
	}
	var programs []string
	for line := range strings.Lines(string(page)) {
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---") || strings.HasPrefix(line, "| program ") || strings.HasPrefix(line, "| **") {
			continue
		}
		cells := strings.Split(line, "|")
		if len(cells) != 6 {
			t.Errorf("%d columns: %s", len(cells)-2, line)
			continue
		}
		programs = append(programs, strings.TrimSpace(cells[1]))
		checkRow(t, top, strings.TrimSpace(cells[2]), cells[3])
	}
	if !slices.Equal(programs, consumers()) {
		t.Errorf("programs on the page:\n%q\nall there are:\n%q", programs, consumers())
	}
}

// consumers are the programs that are known to call the tools or to read their files.
func consumers() []string {
	return []string{
		"`call_modprobe()`", "scripts/depmod.sh, 6.1's", "scripts/depmod.sh, older ones", "scripts/Makefile.modinst", "iptables `xtables_insmod`",
		"modprobe@.service", "kmod-static-nodes.service", "50-depmod.install (kernel-install)", "systemd-udevd, systemd-modules-load, pid 1 (libkmod)", "80-drivers.rules",
		"initramfs-tools", "dracut 059", "dracut-ng", "mkinitcpio", "booster", "mkosi", "Alpine mkinitfs", "nlplug-findfs of mkinitfs (libkmod)", "ReaR", "kdump",
		"an initramfs of gomod alone",
		"DKMS", "weak-modules of RHEL", "weak-modules2 of SUSE", "kernel packages, Debian's", "kernel packages of others, linuxkit", "OpenZFS", "Talos", "akmods",
		"buildroot, Yocto",
		"moby (libnetwork)", "k3s, RKE2", "kube-proxy, kubeadm", "KMM worker", "NVIDIA and Mellanox driver containers", "LXD", "kata-agent", "hcsshim gcstools",
		"libvirt", "NetworkManager", "Ansible modprobe", "Salt kmod", "Puppet kmod", "OpenRC", "cloud-init", "LinuxKit init", "mdev.conf", "wg-quick",
		"ALSA, old modprobe.d", "CIS and STIG audits, lynis", "zutil, libzfs, helpers like intel-ifs's",
	}
}

// checkRow wants of each way to test what it claims: a test that runs real programs, a script with the command lines, or why there is none.
func checkRow(t *testing.T, top, how, where string) {
	t.Helper()
	tests, scripts := named([]byte(where), "`(Test[A-Za-z]+)`"), named([]byte(where), "`(consumer-[a-z0-9-]+)`")
	real := 0
	for _, test := range tests {
		if hasTest(top, test, "test/system", "test/guest", "test/vm", "test/package") {
			real++
		} else if !hasTest(top, test, "test", "internal") {
			t.Errorf("there is no %s", test)
		}
	}
	switch how {
	case "for real":
		if real == 0 {
			t.Errorf("no test runs the program: %s", where)
		}
	case "by its command lines":
		if len(scripts) == 0 {
			t.Errorf("no script has the command lines: %s", where)
		}
	case "not yet":
		if strings.TrimSpace(where) == "" {
			t.Error("it is not said why a program is not tested yet")
		}
	default:
		t.Errorf("%q is no way to test", how)
	}
}

func hasTest(top, test string, folders ...string) bool {
	for _, folder := range folders {
		if exec.Command("grep", "-rqE", `^func `+test+`\(t `, "--include=*_test.go", filepath.Join(top, folder)).Run() == nil {
			return true
		}
	}
	return false
}

// named lists what the page has in the pattern's group, sorted.
func named(page []byte, pattern string) []string {
	var names []string
	for _, match := range regexp.MustCompile(pattern).FindAllSubmatch(page, -1) {
		names = append(names, string(match[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
