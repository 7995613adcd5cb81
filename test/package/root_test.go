// Package packages installs gomod's packages in real Debian roots, and removes them again.
package packages

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"gomod/test/need"
)

// Root is a Debian that test/setup.sh made by debootstrap, with an overlay that takes what is written. Inside, Shared is /mnt.
type Root struct {
	t                           testing.TB
	lower, upper, work, mounted string
	Shared                      string
}

// Result is what a script in a root gave.
type Result struct {
	Stdout, Stderr string
	Status         int
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// NewRoot gives a fresh Debian 12 or 13, with gomod's package as /mnt/gomod.deb.
func NewRoot(t testing.TB, debian string) *Root {
	t.Helper()
	if testing.Short() {
		t.Skip("it installs packages in a Debian") // in CI too
	}
	lower := filepath.Join(need.Top(t), "build/roots", debian)
	if _, err := os.Stat(filepath.Join(lower, ".complete")); err != nil {
		need.Missing(t, "build/roots/"+debian+" is missing: run test/setup.sh root"+debian)
	}
	if os.Getuid() != 0 {
		need.Missing(t, "installing packages needs root's rights")
	}
	dir := memory(t)
	r := &Root{
		t: t, lower: lower,
		upper: filepath.Join(dir, "upper"), work: filepath.Join(dir, "work"), mounted: filepath.Join(dir, "root"),
		Shared: filepath.Join(dir, "shared"),
	}
	for _, dir := range []string{r.upper, r.work, r.mounted, r.Shared} {
		must(t, os.Mkdir(dir, 0o755))
	}
	// An empty list of modules: a kernel without support for modules has none at all.
	must(t, os.Mkdir(filepath.Join(r.Shared, "proc"), 0o755))
	must(t, os.WriteFile(filepath.Join(r.Shared, "proc/modules"), nil, 0o444))
	r.share(packageFile(t, "deb"), "gomod.deb")
	return r
}

// memory gives a folder that is not on a disk, if there is one: dpkg flushes every file, which is most of what it takes elsewhere.
func memory(t testing.TB) string {
	t.Helper()
	if info, err := os.Stat("/dev/shm"); err != nil || !info.IsDir() {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp("/dev/shm", "gomod-root-")
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	return dir
}

// packageFile is the only package of a format for this machine that make packages has left.
func packageFile(t testing.TB, format string) string {
	t.Helper()
	pattern := map[string]string{"deb": "gomod_*_amd64.deb", "rpm": "gomod-*.x86_64.rpm", "apk": "gomod_*_x86_64.apk"}[format]
	found, err := filepath.Glob(filepath.Join(need.Top(t), "build/packages", pattern))
	must(t, err)
	if len(found) != 1 {
		need.Missing(t, "one package is wanted as build/packages/"+pattern+": run make packages")
	}
	return found[0]
}

// inside mounts the overlay where only this call and its children see it.
const inside = `
mount -t overlay overlay -o lowerdir="$LOWER",upperdir="$UPPER",workdir="$WORK" "$MOUNTED"
mount --bind "$SHARED/proc" "$MOUNTED/proc"
mount --bind "$SHARED" "$MOUNTED/mnt"
exec chroot "$MOUNTED" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive /usr/bin/sh -ec "$SCRIPT"`

// Run runs a shell script as root of the root.
func (r *Root) Run(script string) Result {
	r.t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("unshare", "--mount", "sh", "-ec", inside)
	cmd.Env = append(os.Environ(), "LOWER="+r.lower, "UPPER="+r.upper, "WORK="+r.work, "MOUNTED="+r.mounted, "SHARED="+r.Shared, "SCRIPT="+script)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	return Result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// Must is Run for a script that ends with 0 and complains of nothing; it gives what was printed.
func (r *Root) Must(script string) string {
	r.t.Helper()
	result := r.Run(script)
	if result.Status != 0 || result.Stderr != "" {
		r.t.Fatalf("%s\nstatus %d\n%s%s", script, result.Status, result.Stdout, result.Stderr)
	}
	return result.Stdout
}

// state lists all that is in a root: every path with type, mode, owner, link target, and for files size, time and checksum. Of dpkg it
// has what dpkg says, since its own files carry its history.
const state = `
cd /
kept() {
    find . -xdev \( -path ./proc -o -path ./mnt -o -path ./var/lib/dpkg -o -path ./var/log/dpkg.log -o -path ./tmp \) -prune -o "$@"
}
kept -type d -printf '%p %y %m %U:%G\n'
kept ! -type d -printf '%p %y %m %U:%G %s %T@ %l\n'
kept -type f -print0 | xargs -0 sha256sum
echo "diversions:"; dpkg-divert --list
echo "packages:"; dpkg-query -W -f '${Package} ${Version} ${Status}\n' | grep -v '^gomod .* deinstall ok config-files$'
echo "files of packages:"; ls /var/lib/dpkg/info | grep -v '^gomod\.'
echo "altered files:"; dpkg --verify
echo "unfinished:"; dpkg --audit`

// State gives each line of the state once, sorted.
func (r *Root) State() map[string]bool {
	r.t.Helper()
	lines := map[string]bool{}
	for line := range strings.Lines(r.Must(state)) {
		lines[line] = true
	}
	return lines
}

// Same fails when the root is not in the state that was.
func (r *Root) Same(before map[string]bool) {
	r.t.Helper()
	r.sameBut(before, func(line string) string { return line })
}

// sameBut is Same for lines as view gives them.
func (r *Root) sameBut(before map[string]bool, view func(line string) string) {
	r.t.Helper()
	viewed := func(state map[string]bool) map[string]bool {
		lines := map[string]bool{}
		for line := range state {
			lines[view(line)] = true
		}
		return lines
	}
	before, after := viewed(before), viewed(r.State())
	var changes []string
	for line := range before {
		if !after[line] {
			changes = append(changes, "- "+line)
		}
	}
	for line := range after {
		if !before[line] {
			changes = append(changes, "+ "+line)
		}
	}
	sort.Slice(changes, func(i, j int) bool { return changes[i][2:] < changes[j][2:] })
	if len(changes) > 0 {
		r.t.Fatalf("the root is not as it was:\n%s", strings.Join(changes, ""))
	}
}
