//go:build guest

package guest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func ours(file string) string { return filepath.Join("/modules", file) }

func variant(file string) string { return filepath.Join("/modules/variants", file) }

// testModules are the modules of testdata/modules that can be loaded and removed, in an order in which each finds what it needs.
func testModules() []string {
	return []string{
		"gm_c.ko", "gm_b.ko", "gm_a.ko", "gm_ns.ko", "gm_params.ko", "gm_text.ko", "gm_alias.ko", "gm_softdep.ko", "gm-dash.ko",
		"gm_device.ko", "gm_devname.ko",
	}
}

func moduleName(file string) string {
	name, _, _ := strings.Cut(filepath.Base(file), ".")
	return strings.ReplaceAll(name, "-", "_")
}

func TestEveryTestModule(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		for _, file := range testModules() {
			name := moduleName(file)
			ok(t, k.run("insmod", ours(file)))
			if state := sysModule(t, name, "initstate"); state != "live" {
				t.Errorf("%s is %q after insmod", name, state)
			}
			if list := ok(t, k.run("lsmod")); !strings.Contains(list.stdout, "\n"+name+" ") {
				t.Errorf("lsmod does not show %s:\n%s", name, list)
			}
		}
		for _, file := range slices.Backward(testModules()) {
			ok(t, k.run("rmmod", moduleName(file)))
			if isLoaded(t, moduleName(file)) {
				t.Errorf("%s is still loaded after rmmod", file)
			}
		}
		if list := ok(t, k.run("lsmod")); list.stdout != "Module                  Size  Used by\n" {
			t.Errorf("lsmod shows modules where there are none:\n%s", list)
		}
	})
}

func TestChain(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		const unknownSymbol = "insmod: ERROR: could not insert module /modules/%: Unknown symbol in module"
		refused(t, k.run("insmod", ours("gm_a.ko")), strings.Replace(unknownSymbol, "%", "gm_a.ko", 1))
		refused(t, k.run("insmod", ours("gm_b.ko")), strings.Replace(unknownSymbol, "%", "gm_b.ko", 1))
		ok(t, k.run("insmod", ours("gm_c.ko")))
		refused(t, k.run("insmod", ours("gm_a.ko")), strings.Replace(unknownSymbol, "%", "gm_a.ko", 1))
		ok(t, k.run("insmod", ours("gm_b.ko")))
		ok(t, k.run("insmod", ours("gm_a.ko"), "start=20"))
		if sum := sysModule(t, "gm_a", "parameters", "sum"); sum != "43" {
			t.Errorf("the chain computed %s, want 43", sum)
		}
		ok(t, k.run("lsmod"))
		refused(t, k.run("rmmod", "gm_c"), "rmmod: ERROR: Module gm_c is in use by: gm_b")
		refused(t, k.run("rmmod", "gm_b"), "rmmod: ERROR: Module gm_b is in use by: gm_a")
		ok(t, k.run("rmmod", "gm_a", "gm_b", "gm_c"))
	})
}

func TestHoldersAreListed(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		for _, file := range []string{"gm_c.ko", "gm_b.ko", "gm_ns.ko"} {
			ok(t, k.run("insmod", ours(file)))
		}
		list := ok(t, k.run("lsmod")).stdout
		if !strings.Contains(list, "  2 gm_b,gm_ns\n") && !strings.Contains(list, "  2 gm_ns,gm_b\n") {
			t.Errorf("gm_c's two holders are not in\n%s", list)
		}
		k.run("rmmod", "gm_c")
		ok(t, k.run("rmmod", "gm_ns", "gm_b", "gm_c"))
	})
}

func TestAlreadyLoaded(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		ok(t, k.run("insmod", ours("gm_c.ko")))
		refused(t, k.run("insmod", ours("gm_c.ko")), "insmod: ERROR: could not insert module /modules/gm_c.ko: File exists")
		ok(t, k.run("rmmod", "gm_c"))
	})
}

// A module's init may fail with any errno; insmod has a text for it.
func TestInitFails(t *testing.T) {
	for _, errno := range []syscall.Errno{
		syscall.ENODEV, syscall.EIO, syscall.EBUSY, syscall.ENOEXEC, syscall.ENOENT, syscall.ESRCH, syscall.EINVAL,
		syscall.EEXIST, syscall.EPERM, syscall.ENOMEM, syscall.ENOSYS, syscall.EAGAIN, syscall.ETIMEDOUT, syscall.ENOKEY,
		syscall.EKEYREJECTED, syscall.E2BIG, syscall.ENOTSUP,
	} {
		t.Run(errno.Error(), func(t *testing.T) {
			both(t, func(t *testing.T, k *kit) {
				r := k.run("insmod", ours("gm_fail.ko"), "err="+itoa(int(errno)))
				if r.status != 1 || isLoaded(t, "gm_fail") {
					t.Errorf("status 1 and no module expected:\n%s", r)
				}
			})
		})
	}
	t.Run("messages", func(t *testing.T) {
		k := &kit{t: t, tools: gomod}
		const failed = "insmod: ERROR: could not insert module /modules/gm_fail.ko: "
		refused(t, k.run("insmod", ours("gm_fail.ko"), "err=19"), failed+"No such device")
		refused(t, k.run("insmod", ours("gm_fail.ko"), "err=22"), failed+"Invalid parameters")
		refused(t, k.run("insmod", ours("gm_fail.ko"), "err=8"), failed+"Invalid module format")
		refused(t, k.run("insmod", ours("gm_fail.ko"), "err=3"), failed+"Module has wrong symbol version")
		refused(t, k.run("insmod", ours("gm_fail.ko"), "err=2"), failed+"Unknown symbol in module")
	})
	t.Run("not told to fail", func(t *testing.T) {
		both(t, func(t *testing.T, k *kit) {
			ok(t, k.run("insmod", ours("gm_fail.ko"), "err=0"))
			ok(t, k.run("rmmod", "gm_fail"))
		})
	})
}

// Somebody who has the device open keeps the module.
func TestHeldOpen(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		ok(t, k.run("insmod", ours("gm_device.ko")))
		device, err := os.Open("/dev/gm_device")
		if err != nil {
			t.Fatal(err)
		}
		ok(t, k.run("lsmod"))
		refused(t, k.run("rmmod", "gm_device"), "rmmod: ERROR: Module gm_device is in use")
		device.Close()
		ok(t, k.run("rmmod", "gm_device"))
	})
}

// A module without an exit function stays, unless the kernel was built to obey force.
func TestNoExit(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		ok(t, k.run("insmod", ours("gm_noexit.ko")))
		ok(t, k.run("lsmod"))
		if r := k.run("rmmod", "gm_noexit"); r.status != 1 || !isLoaded(t, "gm_noexit") {
			t.Errorf("removed:\n%s", r)
		}
		k.run("rmmod", "-f", "gm_noexit")
	})
}
