package packages

import (
	"path/filepath"
	"strings"
	"testing"

	"gomod/test/need"
)

// Debian 12's kmod becomes Debian 13's, which has its files in other folders, while gomod is installed. After gomod's removal the root is
// the same as one that never had it.
func TestKmodUpgrade(t *testing.T) {
	need.System(t)
	upgrade := func(r *Root) {
		found, err := filepath.Glob(filepath.Join(need.Top(t), "build/kmod-debs/13/*.deb"))
		must(t, err)
		if len(found) == 0 {
			need.Missing(t, "build/kmod-debs/13 is missing: run test/setup.sh kmod-debs")
		}
		files := ""
		for _, deb := range found {
			files += " " + r.share(deb, filepath.Base(deb))
		}
		if result := r.Run("apt-get -y -o Dpkg::Use-Pty=0 -o APT::Sandbox::User=root install" + files); result.Status != 0 {
			t.Fatalf("status %d\n%s%s", result.Status, result.Stdout, result.Stderr)
		}
	}
	downgrade := func(r *Root) {
		r.Must("dpkg -i --force-downgrade --force-depends " + debOf(t, r, "kmod", "12") + " >/dev/null 2>&1")
	}

	never := NewRoot(t, "12")
	upgrade(never)
	never.IsKmod("34")

	r := NewRoot(t, "12")
	r.Dpkg("-i /mnt/gomod.deb")
	upgrade(r)
	r.IsGomod()
	r.expect(r.Must("ls /usr/bin /usr/sbin | grep distrib"), keptNames13)
	r.expect(r.Must("dpkg --verify"), "")
	r.Dpkg("-i /mnt/gomod.deb")
	r.IsGomod()
	r.Dpkg("-P gomod")
	r.IsKmod("34")
	r.sameBut(never.State(), historyOf)

	// And back: the names change the other way round.
	downgrade(never)
	r.Dpkg("-i /mnt/gomod.deb")
	downgrade(r)
	r.IsGomod()
	r.Dpkg("-P gomod")
	r.IsKmod("30")
	r.sameBut(never.State(), historyOf)
}

const keptNames13 = "kmod.distrib\nlsmod.distrib\ndepmod.distrib\ninsmod.distrib\nlsmod.distrib\nmodinfo.distrib\nmodprobe.distrib\nrmmod.distrib\n"

// historyOf makes the same of two roots in which the same was done at different times: it leaves out logs, caches and the times of files.
func historyOf(line string) string {
	fields := strings.Fields(line)
	for _, history := range []string{"./var/log/", "./var/cache/", "./var/lib/apt/"} {
		if strings.HasPrefix(line, history) || len(fields) == 2 && strings.HasPrefix(fields[1], history) {
			return ""
		}
	}
	if len(fields) > 5 && strings.HasPrefix(line, "./") {
		return strings.Join(append(fields[:5], fields[6:]...), " ") + "\n"
	}
	return line
}
