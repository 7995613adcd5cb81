//go:build guest

package guest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// Operands that are no modules.
func TestInsmodOperands(t *testing.T) {
	t.Chdir("/modules")
	both(t, func(t *testing.T, k *kit) {
		refused(t, k.run("insmod"), "insmod: ERROR: missing filename.")
		refused(t, k.run("insmod", "-"), "insmod: ERROR: this tool does not support loading from stdin!")
		refused(t, k.run("insmod", "/nowhere.ko"), "insmod: ERROR: could not load module /nowhere.ko: No such file or directory")
		refused(t, k.run("insmod", ""), "insmod: ERROR: could not load module : No such file or directory")
		k.run("insmod", "/modules/gm_c.ko/")
		k.run("insmod", "/modules")
		k.run("insmod", "/dev/null")
		k.run("insmod", "/dev/zero")
		k.run("insmod", "/"+strings.Repeat("x", 5000))
		refused(t, k.run("insmod", "--nope"), "/sbin/insmod: unrecognized option '--nope'")
		ok(t, k.run("insmod", "gm_c.ko"))
		ok(t, k.run("insmod", "./gm_b.ko"))
		ok(t, k.run("insmod", "../modules/gm_a.ko", "--", "start=1"))
		ok(t, k.run("rmmod", "gm_a", "gm_b", "gm_c"))
	})
}

// D30: C kmod would wait for ever.
func TestInsmodFIFO(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo.ko")
	if err := unix.Mkfifo(fifo, 0o644); err != nil {
		t.Fatal(err)
	}
	k := &kit{t: t, tools: gomod}
	r := k.run("insmod", fifo)
	if r.status != 1 || !strings.HasPrefix(r.stderr, "insmod: ERROR: could not ") || !strings.Contains(r.stderr, fifo) {
		t.Errorf("exit status 1 and a message that names the operand expected:\n%s", r)
	}
}

// A symbolic link is as good as the file, and the file's name is of no importance.
func TestInsmodByAnotherName(t *testing.T) {
	dir := t.TempDir()
	link, copied := filepath.Join(dir, "link"), filepath.Join(dir, "no suffix")
	if err := os.Symlink(ours("gm_c.ko"), link); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(ours("gm_b.ko"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, content, 0o644); err != nil {
		t.Fatal(err)
	}
	both(t, func(t *testing.T, k *kit) {
		ok(t, k.run("insmod", link))
		ok(t, k.run("insmod", copied))
		ok(t, k.run("rmmod", "gm_b", "gm_c"))
	})
}

// D23: without explanations gomod's messages are C kmod's to the byte.
func TestNoExplanations(t *testing.T) {
	t.Setenv("GOMOD_EXPLAIN", "0")
	leaveAsFound(t)
	for _, args := range [][]string{
		{"insmod", "/nowhere.ko"},
		{"insmod", ours("gm_a.ko")},
		{"insmod", ours("gm_fail.ko"), "err=19"},
		{"insmod", ours("gm_params.ko"), "a_int=x"},
		{"insmod", variant("bad-vermagic.ko")},
		{"insmod", variant("truncated.ko")},
		{"insmod", variant("bad.ko.zst")},
		{"rmmod", "gm_c", "nosuch"},
	} {
		c := (&kit{t: t, tools: ckmod}).run(args[0], args[1:]...)
		g := (&kit{t: t, tools: gomod}).run(args[0], args[1:]...)
		if c != g {
			t.Errorf("C kmod:\n%s\ngomod:\n%s", c, g)
		}
	}
}
