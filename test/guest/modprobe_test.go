//go:build guest

package guest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// configure writes a file of /etc/modprobe.d for the time of a test.
func configure(t *testing.T, content string) {
	t.Helper()
	folder := "/etc/modprobe.d"
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "test.conf"), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
}

// loadedNow adds the list of the loaded modules to the record.
func (k *kit) loadedNow() {
	k.t.Helper()
	k.note("loaded", strings.Join(loaded(k.t), " "))
}

// All that a module needs is loaded before it; what is left after its removal is what C kmod leaves.
func TestModprobeChain(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		ok(t, k.run("modprobe", "gm_a"))
		k.loadedNow()
		ok(t, k.run("modprobe", "gm_a"))
		k.run("modprobe", "--first-time", "gm_a")
		k.run("modprobe", "-r", "gm_b")
		ok(t, k.run("modprobe", "-rv", "gm_a"))
		k.loadedNow()
		ok(t, k.run("modprobe", "-r", "gm_a"))
		k.run("modprobe", "-r", "--first-time", "gm_a")
		ok(t, k.run("modprobe", "-r", "gm_c"))
		ok(t, k.run("modprobe", "-v", "gm-a", "start=4"))
		k.note("parameter", sysModule(t, "gm_a", "parameters/start"))
		k.run("modprobe", "-r", "--remove-holders", "gm_c")
		k.loadedNow()
		// C kmod 34.2 wants to remove gm_b with what gm_a needed, and then once more.
		k.run("modprobe", "-rv", "--remove-holders", "gm_b")
		k.run("modprobe", "-ra", "gm_c", "gm_nope", "gm_b")
		k.loadedNow()
	})
}

// severalSoftdepLines tells which modules have more than one line in modules.softdep. C kmod obeys only one of them (D6).
func severalSoftdepLines(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(tree(t), "modules.softdep"))
	if err != nil {
		t.Fatal(err)
	}
	seen, several := make(map[string]bool), make(map[string]bool)
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if words[0] == "softdep" {
			several[words[1]] = seen[words[1]]
			seen[words[1]] = true
		}
	}
	return several
}

// Every distribution module with all it needs, in one call, and away again.
func TestModprobeDistribution(t *testing.T) {
	several := severalSoftdepLines(t)
	names := slices.DeleteFunc(Distribution(), func(name string) bool { return several[name] })
	if len(names) < len(Distribution())-1 {
		t.Errorf("D6 leaves only %v to be compared", names)
	}
	both(t, func(t *testing.T, k *kit) {
		ok(t, k.run("modprobe", append([]string{"-av"}, names...)...))
		k.loadedNow()
		ok(t, k.run("lsmod"))
		k.run("modprobe", append([]string{"-rav"}, names...)...)
		k.loadedNow()
		unloadAll(t, k)
		k.loadedNow()
	})
}

// Options come from the file, from the alias that was asked for, and last from the command line.
func TestModprobeOptions(t *testing.T) {
	configure(t, "options gm_params a_int=7 a_charp=\"two words\"\nalias gm-by-alias gm_params\noptions gm_by_alias a_bool=1\n")
	both(t, func(t *testing.T, k *kit) {
		parameters := func() {
			for _, name := range []string{"a_int", "a_charp", "a_bool", "ints"} {
				k.note(name, sysModule(t, "gm_params", "parameters", name))
			}
			ok(t, k.run("modprobe", "-r", "gm_params"))
		}
		ok(t, k.run("modprobe", "-v", "gm_params"))
		parameters()
		ok(t, k.run("modprobe", "-v", "gm-by-alias"))
		parameters()
		ok(t, k.run("modprobe", "-v", "gm_params", "a_int=8", "a_charp=three more words", "ints=1,2"))
		parameters()
		k.run("modprobe", "gm_params", "nonsense=1")
		sysRemove(t, k, "gm_params")
		k.run("modprobe", "gm_params", "a_int=many")
	})
}

// sysRemove removes a module that the kernel may have loaded in spite of what it was given.
func sysRemove(t *testing.T, k *kit, name string) {
	t.Helper()
	if isLoaded(t, name) {
		ok(t, k.run("rmmod", name))
	}
}

// Commands run in place of the kernel's calls.
func TestModprobeCommands(t *testing.T) {
	configure(t, `install gm_a echo "name $MODPROBE_MODULE options $CMDLINE_OPTS"; /sbin/modprobe --ignore-install gm_a $CMDLINE_OPTS && echo done
remove gm_a echo "removing $MODPROBE_MODULE"; /sbin/modprobe -r --ignore-remove gm_a
options gm_a start=5
install gm_text /bin/false
install gm_params exit 3
remove gm_c exit 4
`)
	bothAsSbin(t, func(t *testing.T, k *kit) {
		k.run("modprobe", "gm_a", "sum=1")
		k.loadedNow()
		k.run("modprobe", "-v", "-r", "gm_a")
		k.loadedNow()
		k.run("modprobe", "gm_text")
		k.run("modprobe", "-v", "gm_params")
		k.run("modprobe", "-r", "gm_c")
		k.run("modprobe", "-r", "-i", "gm_c")
		k.loadedNow()
	})
}

// Softdeps before and after, in both directions; weakdeps not at all.
func TestModprobeSoftdeps(t *testing.T) {
	configure(t, "softdep gm_params pre: gm-dash gm_nope gm_b post: gm_text gm-plain-alias\n")
	both(t, func(t *testing.T, k *kit) {
		ok(t, k.run("modprobe", "-v", "gm_params"))
		k.loadedNow()
		k.run("modprobe", "-rv", "gm_params")
		k.loadedNow()
		unloadAll(t, k)
		k.run("modprobe", "-v", "-i", "gm_params")
		k.run("modprobe", "-rv", "-i", "gm_params")
		k.run("modprobe", "-v", "-i", "gm_softdep")
		k.run("modprobe", "-rv", "-i", "gm_softdep")
		k.loadedNow()
	})
}

// D6: of a module with two softdep lines both count.
func TestModprobeSoftdepLines(t *testing.T) {
	leaveAsFound(t)
	k := &kit{t: t, tools: gomod}
	ok(t, k.run("modprobe", "gm_softdep"))
	if got, want := strings.Join(loaded(t), " "), "gm_alias gm_b gm_c gm_dash gm_softdep gm_text"; got != want {
		t.Errorf("%s instead of %s", got, want)
	}
	ok(t, k.run("modprobe", "-r", "gm_softdep"))
	if left := loaded(t); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
}

func TestModprobeBlacklist(t *testing.T) {
	configure(t, "blacklist gm-text\nblacklist gm_alias\nblacklist gm_c\n")
	both(t, func(t *testing.T, k *kit) {
		ok(t, k.run("modprobe", "-b", "gm_text"))
		ok(t, k.run("modprobe", "gm-plain-alias"))
		k.loadedNow()
		ok(t, k.run("modprobe", "-v", "gm_text"))
		ok(t, k.run("modprobe", "-vb", "gm_b"))
		k.loadedNow()
		ok(t, k.run("modprobe", "-rva", "gm_text", "gm_b", "gm_c"))
	})
}

// What the kernel refuses is told with C kmod's words.
func TestModprobeRefusals(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		k.run("modprobe", "gm_missing")
		k.run("modprobe", "gm_nons")
		k.run("modprobe", "-v", "gm_fail", "err=19")
		k.run("modprobe", "-q", "gm_fail", "err=22")
		k.run("modprobe", "-a", "gm_nope", "gm_text", "gm_fail")
		k.run("modprobe", "-s", "gm_nope")
		k.run("modprobe", "-q", "gm_nope")
		k.run("modprobe", "a[")
		k.run("modprobe", firstBuiltin(t))
		k.run("modprobe", "--first-time", firstBuiltin(t))
		k.run("modprobe", "-r", firstBuiltin(t))
		k.run("modprobe", "-r", "printk")
		unloadAll(t, k)
	})
}

// A module that is in use stays, unless it is free in time.
func TestModprobeBusy(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		ok(t, k.run("modprobe", "gm_device"))
		device, err := os.Open("/dev/gm_device")
		if err != nil {
			t.Fatal(err)
		}
		defer device.Close()
		k.run("modprobe", "-r", "gm_device")
		if k.tools == gomod {
			// C kmod 34.2 ends without a word, or does not end at all.
			notInTime := &kit{t: t, tools: gomod}
			waited := notInTime.run("modprobe", "-r", "-w", "50", "gm_device")
			refused(t, waited, "modprobe: ERROR: could not remove 'gm_device': Resource temporarily unavailable")
		}
		removing := k.tools.command(t.Context(), "modprobe", "-r", "-w", "20000", "gm_device")
		if err := removing.Start(); err != nil {
			t.Fatal(err)
		}
		device.Close()
		if err := removing.Wait(); err != nil {
			t.Errorf("-w: %v", err)
		}
		k.loadedNow()
	})
}

// Paths are loaded as they are, with what modules.dep says of their name.
func TestModprobePaths(t *testing.T) {
	t.Chdir("/modules")
	both(t, func(t *testing.T, k *kit) {
		ok(t, k.run("modprobe", "-v", "/modules/gm_a.ko", "start=2"))
		k.loadedNow()
		ok(t, k.run("modprobe", "-ra", "gm_a", "gm_c"))
		ok(t, k.run("modprobe", "./gm_text.ko"))
		ok(t, k.run("modprobe", "-r", "gm_text"))
		k.run("modprobe", "gm_text.ko")
		k.run("modprobe", "../modules/gm_text.ko")
		k.run("modprobe", "./nothing.ko")
		k.run("modprobe", "-r", "./gm_text.ko")
		k.loadedNow()
	})
}

// Force reaches the kernel as flags, or as an image without what the kernel would check.
func TestModprobeForce(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		for _, options := range [][]string{nil, {"-f"}, {"--force-vermagic"}, {"--force-modversion"}} {
			for _, variant := range []string{"bad-vermagic.ko", "bad-crc.ko"} {
				k.run("modprobe", append(options, "/modules/variants/"+variant)...)
				k.loadedNow()
				unloadAll(t, k)
			}
		}
	})
}

// D7: what a module needed goes with it if nothing else needs it.
func TestModprobeRemoveUnused(t *testing.T) {
	leaveAsFound(t)
	k := &kit{t: t, tools: gomod}
	ok(t, k.run("modprobe", "gm_a"))
	ok(t, k.run("modprobe", "-r", "--remove-unused", "gm_a"))
	if left := loaded(t); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
	for _, module := range Distribution() {
		ok(t, k.run("modprobe", module))
	}
	for _, module := range slices.Backward(Distribution()) {
		k.run("modprobe", "-r", "--remove-unused", module)
	}
	for _, r := range procModules(t) {
		if r.refcount == 0 {
			t.Errorf("nothing needs %s any more, and it is still there", r.name)
		}
	}
	unloadAll(t, k)
}
