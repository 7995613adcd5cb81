package vm

import "gomod/test/arch"

// board is the machine that QEMU emulates for an architecture, with two serial ports: the console and the results.
type board struct {
	emulator []string
	console  string
	// results is the minor number of the port.
	results uint32
}

func boardOf(a arch.Arch) board {
	if a == arch.ARM64() {
		// The board has one port of its own; a card's is ttyS0. With the architecture's own algorithm half of the time goes into
		// pointer authentication.
		return board{[]string{"qemu-system-aarch64", "-machine", "virt", "-cpu", "max,pauth-impdef=on",
			"-serial", "stdio", "-chardev", "file,id=results,path=/dev/fd/3", "-device", "pci-serial,chardev=results"}, "ttyAMA0", 64}
	}
	return board{[]string{"qemu-system-x86_64", "-cpu", "max", "-serial", "stdio", "-serial", "file:/dev/fd/3"}, "ttyS0", 65}
}
