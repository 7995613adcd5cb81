// Package guest holds the tests that need a real kernel. They run as root inside a virtual machine, which package vm boots, and
// are compiled only with the build tag guest.
//
// The kernel's answers are not ours to know: most tests run the same commands with C kmod and with gomod on the same kernel, and
// demand the same output, messages and exit status.
package guest

// Distribution names the modules of the distribution that the tests load in both kernels, together with all that these need.
// Each can be loaded without its hardware, and can be removed. The first is one that others ask for by way of the kernel's
// crypto interface, so that it is not among what they need.
func Distribution() []string {
	return []string{
		"crc32c_generic",
		"ext4", "btrfs", "xfs", "vfat", "nfs", "overlay", "squashfs", "isofs", "nls_utf8",
		"af_alg", "algif_hash", "dummy", "veth", "bridge", "vxlan", "wireguard", "tun", "macvlan", "8021q", "nf_tables",
		"loop", "dm-crypt", "raid1",
		"virtio_net", "e1000e", "usb-storage", "snd-hda-intel", "i2c-dev", "uinput",
	}
}
