//go:build guest

package guest

import (
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"gomod/internal/kofile"
	"gomod/test/modules"
)

// needs lists the files that have to be loaded before a module of testdata/modules.
func needs(file string) []string {
	switch file {
	case "gm_a.ko":
		return []string{"gm_c.ko", "gm_b.ko"}
	case "gm_b.ko":
		return []string{"gm_c.ko"}
	}
	return nil
}

// deviations lists the variants with which gomod does something else than C kmod, and what its first message is; none where it
// loads the module.
func deviations() map[string]string {
	return map[string]string{
		// The kernel cannot read it, so insmod does (D4). C kmod leaves it to the kernel.
		"gm_c-crc64.ko.xz": "",
		"gm_c-bcj.ko.xz":   "",
		// Not only zstd frames with a content size (D21).
		"gm_c-nosize.ko.zst": "",
		// Debian builds kmod 34.2 without zlib (D22).
		"gm_a.ko.gz":        "",
		"gm_b.ko.gz":        "",
		"gm_c.ko.gz":        "",
		"gz-named-plain.ko": "",
		"bad.ko.gz":         "insmod: ERROR: could not insert module /modules/variants/bad.ko.gz: Invalid parameters",
		"truncated.ko.gz":   "insmod: ERROR: could not insert module /modules/variants/truncated.ko.gz: Invalid parameters",
	}
}

// isBomb is true of what expands to more than the virtual machine's memory.
func isBomb(v modules.Variant) bool { return strings.HasPrefix(v.Name, "bomb") }

// Broken and oddly packed files: what the kernel takes is loaded, what it refuses is refused with C kmod's words.
func TestVariants(t *testing.T) {
	for _, v := range modules.Variants() {
		if _, deviates := deviations()[v.Name]; deviates || isBomb(v) {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Log(v.Wrong)
			both(t, func(t *testing.T, k *kit) { insertVariant(t, k, v) })
		})
	}
}

// insertVariant loads a variant, if that can be done, and removes it.
func insertVariant(t *testing.T, k *kit, v modules.Variant) result {
	t.Helper()
	before := needs(v.Origin)
	for _, file := range before {
		ok(t, k.run("insmod", ours(file)))
	}
	r := k.run("insmod", variant(v.Name))
	name := moduleName(v.Origin)
	if isLoaded(t, name) != (r.status == 0) {
		t.Errorf("%s loaded: %t after\n%s", name, isLoaded(t, name), r)
	}
	if r.status == 0 {
		ok(t, k.run("rmmod", name))
	} else if r.status != 1 || !strings.HasPrefix(r.stderr, "insmod: ERROR: ") {
		t.Errorf("exit status 1 and a message expected:\n%s", r)
	}
	for _, file := range slices.Backward(before) {
		ok(t, k.run("rmmod", moduleName(file)))
	}
	return r
}

func TestDeviatingVariants(t *testing.T) {
	tested := 0
	for _, v := range modules.Variants() {
		message, deviates := deviations()[v.Name]
		if !deviates {
			continue
		}
		tested++
		t.Run(v.Name, func(t *testing.T) {
			t.Log(v.Wrong)
			leaveAsFound(t)
			r := insertVariant(t, &kit{t: t, tools: gomod}, v)
			if message == "" {
				ok(t, r)
			} else {
				refused(t, r, message)
			}
		})
	}
	if tested != len(deviations()) {
		t.Errorf("%d of %d deviations are variants", tested, len(deviations()))
	}
}

// Whatever it is packed with, the whole chain can be loaded: this kernel decompresses one format or none, the others are
// decompressed by insmod.
func TestCompressedChain(t *testing.T) {
	for _, suffix := range []string{"gz", "xz", "zst"} {
		t.Run(suffix, func(t *testing.T) {
			leaveAsFound(t)
			k := &kit{t: t, tools: gomod}
			for _, name := range []string{"gm_c", "gm_b", "gm_a"} {
				ok(t, k.run("insmod", variant(name+".ko."+suffix)))
			}
			ok(t, k.run("rmmod", "gm_a", "gm_b", "gm_c"))
		})
	}
}

// -f hides what does not fit from the kernel, which says whether it goes along.
func TestForce(t *testing.T) {
	for _, test := range []struct{ file, option string }{
		{"bad-vermagic.ko", "-f"}, {"bad-vermagic.ko", "--force"}, {"no-vermagic.ko", "-f"}, {"bad-crc.ko", "-f"}, {"truncated.ko", "-f"},
	} {
		t.Run(test.file+" "+test.option, func(t *testing.T) {
			both(t, func(t *testing.T, k *kit) { insertForced(t, k, test.file, test.option) })
		})
	}
}

// Debian's C kmod does not have the options for one kind of misfit.
func TestForceOneKind(t *testing.T) {
	for _, test := range []struct {
		file, option string
		loads        bool
	}{
		{"bad-vermagic.ko", "--force-vermagic", true},
		{"bad-vermagic.ko", "--force-modversion", false},
		{"bad-crc.ko", "--force-vermagic", false},
		{"bad-crc.ko", "--force-modversion", true},
	} {
		t.Run(test.file+" "+test.option, func(t *testing.T) {
			leaveAsFound(t)
			r := insertForced(t, &kit{t: t, tools: gomod}, test.file, test.option)
			if (r.status == 0) != test.loads {
				t.Errorf("it should load: %t\n%s", test.loads, r)
			}
		})
	}
}

func insertForced(t *testing.T, k *kit, file, option string) result {
	t.Helper()
	name := "gm_c"
	if file == "bad-crc.ko" {
		name = "gm_b"
		ok(t, k.run("insmod", ours("gm_c.ko")))
		defer func() { ok(t, k.run("rmmod", "gm_c")) }()
	}
	r := k.run("insmod", option, variant(file))
	if r.status == 0 {
		ok(t, k.run("rmmod", name))
	}
	return r
}

// Files that expand to more than they may are refused, however little memory the machine has.
func TestBombs(t *testing.T) {
	t.Setenv(kofile.LimitVariable, "67108864")
	for _, v := range modules.Variants() {
		if isBomb(v) {
			t.Run(v.Name, func(t *testing.T) {
				leaveAsFound(t)
				k := &kit{t: t, tools: gomod}
				refused(t, k.run("insmod", variant(v.Name)), "insmod: ERROR: could not insert module "+variant(v.Name)+": File too large")
			})
		}
	}
}

// Other tests believe what package modules says that a kernel makes of each file.
func TestKernelOnVariants(t *testing.T) {
	_, err := os.Stat("/sys/module/compression")
	decompresses := err == nil
	for _, v := range modules.Variants() {
		t.Run(v.Name, func(t *testing.T) {
			leaveAsFound(t)
			for _, file := range needs(v.Origin) {
				if err := insert(ours(file)); err != nil {
					t.Fatal(err)
				}
				defer unix.DeleteModule(moduleName(file), unix.O_NONBLOCK)
			}
			want := v.Errno
			compressed := isCompressed(t, variant(v.Name))
			if compressed && !decompresses {
				want = unix.EOPNOTSUPP
			}
			flags := 0
			if compressed {
				flags = unix.MODULE_INIT_COMPRESSED_FILE
			}
			err := finit(variant(v.Name), flags)
			if got, _ := err.(syscall.Errno); got != want {
				t.Errorf("%s: the kernel gives %v, want %v", v.Wrong, err, want)
			}
			if err == nil {
				unix.DeleteModule(moduleName(v.Origin), unix.O_NONBLOCK)
			}
		})
	}
}

func isCompressed(t *testing.T, file string) bool {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, magic := range []string{"\x1f\x8b", "\xfd7zXZ\x00", "\x28\xb5\x2f\xfd"} {
		if strings.HasPrefix(string(content), magic) {
			return true
		}
	}
	return false
}
