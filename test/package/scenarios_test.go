package packages

import (
	"path/filepath"
	"strings"
	"testing"

	"gomod/test/need"
)

// debians are the roots and the kmod in each.
var debians = []struct{ name, kmod, kept string }{
	{"12", "30", "/usr/bin/kmod.distrib.usr-is-merged"},
	{"13", "34", "/usr/bin/kmod.distrib"},
}

// both runs a test in both, each time in a fresh root, and wants the root to be as before in the end.
func both(t *testing.T, test func(t *testing.T, r *Root, kmod string)) {
	need.System(t)
	for _, debian := range debians {
		t.Run("Debian "+debian.name, func(t *testing.T) {
			r := NewRoot(t, debian.name)
			before := r.State()
			test(t, r, debian.kmod)
			r.Same(before)
			r.IsKmod(debian.kmod)
		})
	}
}

func TestReinstalling(t *testing.T) {
	both(t, func(t *testing.T, r *Root, kmod string) {
		r.Dpkg("-i /mnt/gomod.deb")
		r.IsGomod()
		r.Dpkg("-i /mnt/gomod.deb")
		r.IsGomod()
		r.Dpkg("-r gomod")
		r.IsKmod(kmod)
		r.Dpkg("-i /mnt/gomod.deb")
		r.IsGomod()
		r.Dpkg("-P gomod")
	})
}

// The kept kmod is whole and runs.
func TestKeptKmod(t *testing.T) {
	need.System(t)
	for _, debian := range debians {
		r := NewRoot(t, debian.name)
		r.Dpkg("-i /mnt/gomod.deb")
		// It looks at the name it is called by.
		if answer := r.Must("ln -s " + debian.kept + " /tmp/kmod; /tmp/kmod --version"); !strings.HasPrefix(answer, "kmod version "+debian.kmod) {
			t.Errorf("Debian %s: %s --version said %q", debian.name, debian.kept, answer)
		}
		r.expect(r.Must("dpkg --verify"), "")
	}
}

const newer = "sed -i 's/^Version: .*/&.1/' DEBIAN/control"

func TestUpgrade(t *testing.T) {
	both(t, func(t *testing.T, r *Root, _ string) {
		r.Variant("newer", newer)
		r.Dpkg("-i /mnt/gomod.deb")
		r.Dpkg("-i /mnt/newer.deb")
		r.IsGomod()
		r.Dpkg("-i --force-downgrade /mnt/gomod.deb 2>/dev/null")
		r.IsGomod()
		r.Dpkg("-P gomod")
	})
}

// dpkg calls no prerm for a package that is unpacked only, whatever an older version had done.
func TestUpgradeRemovedHalfWay(t *testing.T) {
	both(t, func(t *testing.T, r *Root, _ string) {
		r.Variant("newer", newer)
		r.Dpkg("-i /mnt/gomod.deb")
		r.Dpkg("--unpack /mnt/newer.deb")
		r.IsGomod()
		r.Dpkg("-P gomod")
	})
}

func TestUnpackedOnly(t *testing.T) {
	both(t, func(t *testing.T, r *Root, kmod string) {
		r.Dpkg("--unpack /mnt/gomod.deb")
		r.expect(r.Must("modprobe --version | head -n 1; lsmod >/dev/null"), map[string]string{"30": "kmod version 30\n", "34": "kmod version 34.2\n"}[kmod])
		r.expect(r.Must("readlink -f /sbin/modprobe"), "/usr/bin/kmod\n")
		r.Dpkg("-P gomod")
	})
}

// A file of another package's ends the unpacking, in a folder that dpkg comes to late.
const clash = "mkdir -p usr/share/zzz && cp DEBIAN/control usr/share/zzz/clash && mkdir -p usr/bin && cp DEBIAN/control usr/bin/dpkg"

func TestFailedInstallation(t *testing.T) {
	both(t, func(t *testing.T, r *Root, _ string) {
		r.Variant("clash", clash)
		r.DpkgFails("-i /mnt/clash.deb", "trying to overwrite '/usr/bin/dpkg'")
		r.expect(r.Must("dpkg --audit"), "")
	})
}

func TestFailedUpgrade(t *testing.T) {
	both(t, func(t *testing.T, r *Root, _ string) {
		r.Variant("clash", newer+" && "+clash)
		r.Dpkg("-i /mnt/gomod.deb")
		installed := r.State()
		r.DpkgFails("-i /mnt/clash.deb", "trying to overwrite '/usr/bin/dpkg'")
		r.IsGomod()
		r.expect(r.Must("dpkg --audit"), "")
		r.sameBut(installed, withoutLinkTimes)
		r.Dpkg("-P gomod")
	})
}

// withoutLinkTimes is for links that postinst makes anew, as it does after an upgrade that failed.
func withoutLinkTimes(line string) string {
	if fields := strings.Fields(line); strings.HasSuffix(line, "gomod\n") && len(fields) == 7 && fields[1] == "l" {
		return fields[0] + " " + fields[6]
	}
	return line
}

func TestFailedConfiguration(t *testing.T) {
	both(t, func(t *testing.T, r *Root, _ string) {
		r.Variant("broken", "echo 'exit 7' >>DEBIAN/postinst")
		r.DpkgFails("-i /mnt/broken.deb", "returned error exit status 7")
		r.IsGomod()
		r.Dpkg("-i /mnt/gomod.deb")
		r.IsGomod()
		r.DpkgFails("-i /mnt/broken.deb", "returned error exit status 7")
		r.Dpkg("-P gomod")
	})
}

func TestFailedRemoval(t *testing.T) {
	both(t, func(t *testing.T, r *Root, _ string) {
		r.Variant("broken", "echo 'exit 7' >>DEBIAN/prerm")
		r.Dpkg("-i /mnt/broken.deb")
		r.DpkgFails("-r gomod", "returned error exit status 7")
		r.IsGomod()
		r.Must("sed -i 's/^exit 7$//' /var/lib/dpkg/info/gomod.prerm")
		r.Dpkg("-P gomod")
	})
}

// What is called like a kept file, and is none, is not overwritten, nor ever put in kmod's place.
func TestForeignFileInTheWay(t *testing.T) {
	both(t, func(t *testing.T, r *Root, _ string) {
		r.Must("echo mine >/usr/sbin/modprobe.distrib")
		r.DpkgFails("-i /mnt/gomod.deb", "gomod: /usr/sbin/modprobe.distrib is in the way")
		r.expect(r.Must("cat /usr/sbin/modprobe.distrib; [ -x /sbin/modprobe ] && modprobe --version >/dev/null"), "mine\n")
		r.Must("mv /usr/sbin/modprobe.distrib /root/mine")
		r.Dpkg("-i /mnt/gomod.deb")
		r.IsGomod()
		r.Dpkg("-P gomod")
		r.expect(r.Must("cat /root/mine; rm /root/mine"), "mine\n")
	})
}

func TestForeignFileAndRemoval(t *testing.T) {
	need.System(t)
	r := NewRoot(t, "12")
	r.Must("echo mine >/usr/sbin/modprobe.distrib")
	before := r.State()
	r.DpkgFails("-i /mnt/gomod.deb", "is in the way")
	r.Same(before)
}

// What others have diverted is told before anything is changed, and stays theirs.
func TestForeignDiversion(t *testing.T) {
	need.System(t)
	for _, diversion := range []string{
		"--divert /sbin/modprobe.orig --add /sbin/modprobe", "--add /sbin/modprobe", "--add /usr/sbin/rmmod", "--add /usr/share/man/man8/modprobe.8.gz",
	} {
		t.Run(diversion, func(t *testing.T) {
			r := NewRoot(t, "12")
			r.Must("dpkg-divert --local --rename " + diversion)
			before := r.State()
			r.DpkgFails("-i /mnt/gomod.deb", "is diverted already: take that diversion away first")
			r.Same(before)
		})
	}
}

// A container's dpkg leaves out documents.
func TestWithoutDocuments(t *testing.T) {
	both(t, func(t *testing.T, r *Root, _ string) {
		r.Must("printf 'path-exclude=/usr/share/man/*\npath-exclude=/usr/share/bash-completion/*\n' >/etc/dpkg/dpkg.cfg.d/slim")
		r.Dpkg("-i /mnt/gomod.deb")
		r.IsGomod()
		r.Dpkg("-P gomod")
		r.Must("rm /etc/dpkg/dpkg.cfg.d/slim")
	})
}

func TestSeparateUsrIsRefused(t *testing.T) {
	need.System(t)
	r := NewRoot(t, "12")
	r.Must("/usr/bin/rm /bin; /usr/bin/mkdir /bin; /usr/bin/ln -s /usr/bin/sh /usr/bin/ls /bin")
	before := r.State()
	r.DpkgFails("-i /mnt/gomod.deb", "gomod: it needs /bin and /sbin to be links")
	r.Same(before)
}

// Who asks for modprobe without kmod has gomod's; and kmod comes and goes beside it.
func TestWithoutKmod(t *testing.T) {
	need.System(t)
	for _, debian := range debians {
		t.Run("Debian "+debian.name, func(t *testing.T) {
			r := NewRoot(t, debian.name)
			r.Must("dpkg -r initramfs-tools-core kmod >/dev/null")
			without := r.State()
			r.expect(r.Must("ls /sbin/modprobe 2>&1 || true"), "ls: cannot access '/sbin/modprobe': No such file or directory\n")
			r.Dpkg("-i /mnt/gomod.deb")
			r.IsGomod()
			r.Dpkg("-P gomod")
			r.Same(without)
		})
	}
}

// Removing kmod takes nothing of gomod along, and needs no force.
func TestKmodRemovedAndBack(t *testing.T) {
	need.System(t)
	for _, debian := range debians {
		t.Run("Debian "+debian.name, func(t *testing.T) {
			r := NewRoot(t, debian.name)
			r.Must("dpkg -r initramfs-tools-core >/dev/null")
			before := r.State()
			deb := debOf(t, r, "kmod", debian.name)
			r.Dpkg("-i /mnt/gomod.deb")
			r.Must("dpkg -r kmod >/dev/null")
			r.IsGomod()
			r.expect(r.Must("ls /usr/bin /usr/sbin | grep distrib || true"), "")
			r.Must("dpkg -i " + deb + " >/dev/null")
			r.IsGomod()
			r.Must("dpkg -i " + deb + " >/dev/null")
			r.IsGomod()
			r.Dpkg("-P gomod")
			r.Same(before)
			r.IsKmod(debian.kmod)
		})
	}
}

// debOf gives the path in the root of a package that Debian has.
func debOf(t testing.TB, r *Root, name, debian string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(need.Top(t), "build/kmod-debs", debian, name+"_*.deb"))
	must(t, err)
	if len(found) != 1 {
		need.Missing(t, "build/kmod-debs/"+debian+" is missing: run test/setup.sh kmod-debs")
	}
	return r.share(found[0], name+".deb")
}
