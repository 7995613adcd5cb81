//go:build guest

package guest

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// nobody runs a tool without any privilege.
func (k *kit) nobody(tool string, args ...string) result {
	k.t.Helper()
	command := k.tools.command(k.t.Context(), tool, args...)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	r := finish(k.t, command)
	k.results = append(k.results, r)
	return r
}

func TestUnprivileged(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.ko")
	content, err := os.ReadFile(ours("gm_c.ko"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(secret, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(secret), 0o755); err != nil {
		t.Fatal(err)
	}
	both(t, func(t *testing.T, k *kit) {
		refused(t, k.nobody("insmod", ours("gm_b.ko")), "insmod: ERROR: could not insert module /modules/gm_b.ko: Operation not permitted")
		refused(t, k.nobody("insmod", variant("gm_c.ko.xz")), "insmod: ERROR: could not insert module /modules/variants/gm_c.ko.xz: Operation not permitted")
		refused(t, k.nobody("insmod", variant("gm_c.ko.zst")), "insmod: ERROR: could not insert module /modules/variants/gm_c.ko.zst: Operation not permitted")
		if r := k.nobody("insmod", secret); r.status != 1 {
			t.Errorf("an unreadable file was loaded:\n%s", r)
		}
		ok(t, k.run("insmod", ours("gm_c.ko")))
		ok(t, k.nobody("lsmod"))
		ok(t, k.nobody("modinfo", "-F", "description", ours("gm_c.ko")))
		k.nobody("modinfo", secret)
		k.nobody("insmod", ours("gm_c.ko"))
		refused(t, k.nobody("rmmod", "gm_c"), "rmmod: ERROR: could not remove 'gm_c': Operation not permitted")
		k.nobody("rmmod", "-f", "gm_c")
		ok(t, k.run("rmmod", "gm_c"))
	})
}
