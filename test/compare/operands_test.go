package compare

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gomod/test/need"
)

// TestOddOperands compares operands and values that are empty, folders, or words that libraries take for their own.
func TestOddOperands(t *testing.T) {
	root := NewRoot(t)
	root.Modules("6.12-cloud", "drivers/net/dummy.ko.xz")
	root.Write("lib/modules/$RELEASE/modules.devname", "fuse fuse c10:229\n")
	commands(t, root, `
		insmod /tmp/
		insmod /
		insmod /tmp
		insmod /proc/cmdline/
		insmod /nope/
		insmod __complete
		insmod __complete x
		rmmod __completeNoDesc x
		lsmod __complete
		modinfo __complete dummy
		modprobe __complete dummy
		modprobe -R __complete
		depmod __complete
		modinfo -F '' dummy
		modinfo --field= dummy
		modinfo -F '' -0 dummy
		modinfo -F license --field= dummy
		modinfo --field= -l dummy
		kmod static-nodes -o ''
		kmod static-nodes -o /a/b/../c/n
		kmod static-nodes -o //d//e/./n
	`)
	// C kmod ends that line with "Success".
	call := Call{Root: root.Dir, Argv: []string{"kmod", "static-nodes", "-o", "/a/b/../c/n/x"}}
	check(t, call, &Result{Stderr: "Error: could not create parent directory for /a/b/../c/n/x - Not a directory.\n", Status: 1})
	root.Remove("lib/modules/$RELEASE/modules.dep.bin")
	commands(t, root, `
		modinfo rtnl-link-dummy
		modinfo -F license rtnl-link-dummy
		modinfo -0 rtnl-link-dummy
		modinfo -n rtnl-link-dummy
		modinfo dummy
	`)
}

// TestStaticNodesFIFO wants an error where C kmod waits for ever.
func TestStaticNodesFIFO(t *testing.T) {
	root := NewRoot(t)
	root.must(syscall.Mkfifo(root.Path("lib/modules/$RELEASE/modules.devname"), 0o600))
	start := time.Now()
	got := Gomod(t, Call{Root: root.Dir, Argv: []string{"kmod", "static-nodes"}})
	path := "/lib/modules/" + root.Release + "/modules.devname"
	want := Result{Stderr: "Error: could not open " + path + " - Invalid argument\n  " + path + ": it is a FIFO, not a regular file\n", Status: 1}
	if got != want || time.Since(start) > 10*time.Second {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

// TestSectionsAtZero has a section that begins where the ELF header does.
func TestSectionsAtZero(t *testing.T) {
	source := need.File(t, "build/kernels/6.1/modules/kernel/drivers/net/dummy.ko")
	image, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	little := binary.LittleEndian
	table, names := little.Uint64(image[40:]), int(little.Uint16(image[62:]))
	header := func(i int) []byte { return image[table+uint64(i)*64:] }
	namesTable := image[little.Uint64(header(names)[24:]):]
	for i := range int(little.Uint16(image[60:])) {
		name, _, _ := strings.Cut(string(namesTable[little.Uint32(header(i)):][:20]), "\x00")
		if name == ".modinfo" {
			little.PutUint64(header(i)[24:], 0)
		}
	}
	path := filepath.Join(t.TempDir(), "dummy.ko")
	if err := os.WriteFile(path, image, 0o644); err != nil {
		t.Fatal(err)
	}
	check(t, Call{Argv: []string{"modinfo", path}}, nil)
}
