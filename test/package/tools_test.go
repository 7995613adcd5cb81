package packages

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gomod/test/need"
)

// names are all by which kmod's tools are called, on a system with a merged /usr.
var names = []string{
	"/bin/kmod", "/bin/lsmod", "/sbin/depmod", "/sbin/insmod", "/sbin/lsmod", "/sbin/modinfo", "/sbin/modprobe", "/sbin/rmmod",
	"/usr/bin/kmod", "/usr/bin/lsmod", "/usr/sbin/depmod", "/usr/sbin/insmod", "/usr/sbin/lsmod", "/usr/sbin/modinfo", "/usr/sbin/modprobe",
	"/usr/sbin/rmmod",
}

// ask has every tool say where it lies and which version it is. kmod 30's lsmod cannot.
var ask = "for name in " + strings.Join(names, " ") + `; do
	echo "$name is $(readlink -f $name)"
	case $name in *lsmod) ;; *) $name --version ;; esac
done`

// IsGomod asks the tools in the root who they are, and compares with the program that the package was made of.
func (r *Root) IsGomod() {
	r.t.Helper()
	program := filepath.Join(need.Top(r.t), "build/packages/amd64/bin/gomod")
	var want strings.Builder
	for _, name := range names {
		want.WriteString(name + " is /usr/bin/gomod\n")
		if tool := filepath.Base(name); tool != "lsmod" {
			want.WriteString(version(r.t, program, tool))
		}
	}
	want.WriteString(version(r.t, program, "gomod") + version(r.t, program, "lsmod"))
	want.WriteString(sum(r.t, program))
	want.WriteString("Module                  Size  Used by\n")
	r.expect(r.Must(ask+"; gomod --version; /sbin/lsmod --version; sha256sum </usr/bin/gomod; /sbin/lsmod"), want.String())
}

// IsKmod asks them when they are to be kmod's again, and compares with that kmod where test/setup.sh has unpacked it.
func (r *Root) IsKmod(version string) {
	r.t.Helper()
	out, err := exec.Command(filepath.Join(need.Top(r.t), "build/kmod"+version, "run"), "modprobe", "--version").Output()
	must(r.t, err)
	var want strings.Builder
	for _, name := range names {
		want.WriteString(name + " is /usr/bin/kmod\n")
		if filepath.Base(name) != "lsmod" {
			want.Write(out)
		}
	}
	r.expect(r.Must(ask+"; dpkg --verify kmod; ls /usr/bin /usr/sbin | grep -e distrib -e gomod || true"), want.String())
}

func version(t testing.TB, program, tool string) string {
	t.Helper()
	out, err := (&exec.Cmd{Path: program, Args: []string{tool, "--version"}}).Output()
	must(t, err)
	return string(out)
}

func sum(t testing.TB, path string) string {
	t.Helper()
	file, err := os.Open(path)
	must(t, err)
	defer file.Close()
	cmd := exec.Command("sha256sum")
	cmd.Stdin = file
	out, err := cmd.Output()
	must(t, err)
	return string(out)
}

func (r *Root) expect(got, want string) {
	r.t.Helper()
	if got != want {
		r.t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// usual is what dpkg says of itself when all goes well.
var usual = regexp.MustCompile(`^(Selecting previously unselected package gomod\.` +
	`|\(Reading database \.\.\. .*` +
	`|Preparing to unpack /mnt/[a-z]+\.deb \.\.\.` +
	`|Unpacking gomod \([^ ]+\)( over \([^ ]+\))? \.\.\.` +
	`|Setting up gomod \([^ ]+\) \.\.\.` +
	`|Removing gomod \([^ ]+\) \.\.\.` +
	`|Purging configuration files for gomod \([^ ]+\) \.\.\.)$`)

// Dpkg is Must for dpkg with the arguments, and takes no word of a maintainer script.
func (r *Root) Dpkg(arguments string) {
	r.t.Helper()
	for line := range strings.Lines(r.Must("dpkg " + arguments)) {
		if !usual.MatchString(strings.TrimSuffix(line, "\n")) {
			r.t.Errorf("dpkg %s said %q", arguments, line)
		}
	}
}

// DpkgFails runs dpkg where it has to fail, with this in what it says.
func (r *Root) DpkgFails(arguments, because string) {
	r.t.Helper()
	result := r.Run("dpkg " + arguments)
	if result.Status == 0 || !strings.Contains(result.Stderr, because) {
		r.t.Fatalf("dpkg %s was to fail with %q\nstatus %d\n%s%s", arguments, because, result.Status, result.Stdout, result.Stderr)
	}
}

// Variant makes /mnt/NAME.deb of gomod's package, with changes that a shell script makes in the unpacked folder.
func (r *Root) Variant(name, changes string) {
	r.t.Helper()
	dir := filepath.Join(r.t.TempDir(), name)
	script := `set -e; dpkg-deb -R "$SHARED/gomod.deb" "$DIR"; cd "$DIR"; ` + changes + `; dpkg-deb -Znone -b "$DIR" "$SHARED/$NAME.deb"`
	cmd := exec.Command("sh", "-c", script)
	cmd.Env = append(os.Environ(), "SHARED="+r.Shared, "DIR="+dir, "NAME="+name)
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("%v: %s", err, out)
	}
}

// share puts a file where the root finds it, as /mnt/NAME.
func (r *Root) share(path, name string) string {
	r.t.Helper()
	data, err := os.ReadFile(path)
	must(r.t, err)
	must(r.t, os.WriteFile(filepath.Join(r.Shared, name), data, 0o644))
	return "/mnt/" + name
}

func run(t testing.TB, name string, arguments ...string) string {
	t.Helper()
	out, err := exec.Command(name, arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v: %s", name, arguments, err, out)
	}
	return string(out)
}
