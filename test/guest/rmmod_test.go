//go:build guest

package guest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRmmodRefuses(t *testing.T) {
	builtin := firstBuiltin(t)
	both(t, func(t *testing.T, k *kit) {
		refused(t, k.run("rmmod"), "rmmod: ERROR: missing module name.")
		refused(t, k.run("rmmod", builtin), "rmmod: ERROR: Module "+builtin+" is builtin.")
		refused(t, k.run("rmmod", "gm_c"), "rmmod: ERROR: Module gm_c is not currently loaded")
		refused(t, k.run("rmmod", "-f", "gm_c"), "rmmod: ERROR: could not remove 'gm_c': No such file or directory")
		k.run("rmmod", "")
		k.run("rmmod", "printk")
		k.run("rmmod", "/nowhere/gm_c.ko")
		k.run("rmmod", "..")
		k.run("rmmod", strings.Repeat("x", 300))
		k.run("rmmod", "gm_c", "gm_b")
		k.run("rmmod", "--nope")
	})
}

func firstBuiltin(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(tree(t), "modules.builtin"))
	if err != nil {
		t.Fatal(err)
	}
	file, _, _ := strings.Cut(string(text), "\n")
	return moduleName(file)
}

// The operand may be a name, with dashes or without, or the file.
func TestRmmodOperands(t *testing.T) {
	t.Chdir("/modules")
	both(t, func(t *testing.T, k *kit) {
		for _, operand := range []string{
			"gm_dash", "gm-dash", "gm-dash.ko", "/modules/gm-dash.ko", "./gm-dash.ko", "gm_dash.what.ever", "/modules/variants/../gm-dash.ko",
		} {
			ok(t, k.run("insmod", "gm-dash.ko"))
			ok(t, k.run("rmmod", operand))
		}
	})
}

// Every operand is tried; one that fails makes the exit status 1.
func TestRmmodGoesOn(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		ok(t, k.run("insmod", ours("gm_c.ko")))
		ok(t, k.run("insmod", ours("gm_text.ko")))
		if r := k.run("rmmod", "nosuch", "gm_c", "nosuch", "gm_text"); r.status != 1 || isLoaded(t, "gm_c") || isLoaded(t, "gm_text") {
			t.Errorf("both modules should be gone, and the exit status 1:\n%s", r)
		}
	})
}

func TestRmmodForce(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		ok(t, k.run("insmod", ours("gm_c.ko")))
		ok(t, k.run("rmmod", "-f", "gm_c"))
		for _, file := range []string{"gm_c.ko", "gm_b.ko"} {
			ok(t, k.run("insmod", ours(file)))
		}
		// The kernel keeps a module that another one needs, forced or not.
		refused(t, k.run("rmmod", "--force", "gm_c"), "rmmod: ERROR: could not remove 'gm_c': Resource temporarily unavailable")
		ok(t, k.run("rmmod", "gm_b", "gm_c"))
	})
}
