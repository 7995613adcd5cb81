package packages

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gomod/test/need"
)

// A shell that runs a maintainer script is killed before each of the commands that change something, one after the other. Before and after,
// modprobe runs, and what was interrupted can be done again or given up.
func TestInterrupted(t *testing.T) {
	need.System(t)
	for _, debian := range debians {
		base := NewRoot(t, debian.name)
		before := base.State()
		for _, script := range []struct{ name, arguments, before string }{
			{"postinst", "configure", "--unpack /mnt/gomod.deb"},
			{"prerm", "remove", "-i /mnt/gomod.deb"},
		} {
			base := NewRoot(t, debian.name)
			base.Dpkg(script.before)
			for _, afterwards := range []string{"configured", "purged"} {
				t.Run(strings.Join([]string{"Debian", debian.name, script.name, afterwards}, " "), func(t *testing.T) {
					for number := 1; ; number++ {
						// What is done to the later tools is the same.
						if number > 7 && number%10 != 0 {
							continue
						}
						r := base.Copy(t)
						if r.interrupt(script.name, script.arguments, number) {
							if number < 20 {
								t.Errorf("%s ended after %d commands", script.name, number-1)
							}
							break
						}
						r.Must("modprobe --version >/dev/null; /sbin/lsmod >/dev/null; dpkg --verify kmod")
						if afterwards == "configured" {
							r.Must("dpkg --configure -a >/dev/null; sh /var/lib/dpkg/info/gomod.postinst configure")
							r.IsGomod()
						}
						r.Dpkg("-P gomod")
						if afterwards == "purged" {
							r.IsKmod(debian.kmod)
						}
						if number == 1 || number%10 == 0 {
							r.Same(before)
						}
					}
				})
			}
		}
	}
}

// Copy is a root of its own in the same state.
func (r *Root) Copy(t testing.TB) *Root {
	t.Helper()
	c := *r
	c.t = t
	dir := memory(t)
	c.upper, c.work, c.mounted = filepath.Join(dir, "upper"), filepath.Join(dir, "work"), filepath.Join(dir, "root")
	for _, dir := range []string{c.work, c.mounted} {
		must(t, os.Mkdir(dir, 0o755))
	}
	run(t, "cp", "-a", r.upper, c.upper)
	return &c
}

// counted stands for a command and kills the shell that called it when its turn has come.
const counted = `#!/bin/sh
number=$(($(cat /mnt/number) - 1))
echo $number >/mnt/number
[ $number != 0 ] || { kill -9 $PPID; exit 1; }
exec /usr/bin/%s "$@"
`

// interrupt kills a maintainer script before the command of this number, and is true when there were not that many.
func (r *Root) interrupt(script, arguments string, number int) (ended bool) {
	r.t.Helper()
	commands := filepath.Join(r.Shared, "commands")
	must(r.t, os.MkdirAll(commands, 0o755))
	for _, command := range []string{"dpkg-divert", "ln", "mv", "rm"} {
		must(r.t, os.WriteFile(filepath.Join(commands, command), fmt.Appendf(nil, counted, command), 0o755))
	}
	must(r.t, os.WriteFile(filepath.Join(r.Shared, "number"), []byte(strconv.Itoa(number)), 0o644))
	result := r.Run("export DPKG_MAINTSCRIPT_PACKAGE=gomod; PATH=/mnt/commands:$PATH sh /var/lib/dpkg/info/gomod." + script + " " + arguments)
	switch result.Status {
	case 0:
		return true
	case 137:
		return false
	}
	r.t.Fatalf("%s: status %d\n%s%s", script, result.Status, result.Stdout, result.Stderr)
	return true
}
