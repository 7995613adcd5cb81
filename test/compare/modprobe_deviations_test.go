package compare

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestModprobeDeviations holds what gomod gives where it differs from C kmod on purpose.
func TestModprobeDeviations(t *testing.T) {
	root := newModprobeRoot(t)
	module := func(file string) string {
		return "insmod /lib/modules/" + root.Release + "/kernel/" + file + ".ko.xz \n"
	}
	dummy, xor, raid6, libcrc32c := module("drivers/net/dummy"), module("crypto/xor"), module("lib/raid6/raid6_pq"), module("lib/libcrc32c")
	config := func(text string) { root.Write("etc/modprobe.d/a.conf", text) }

	config("install dummy echo hello\nsoftdep dummy pre: xor\n")
	differs(t, root, "D5", "-D dummy", Result{Stdout: xor + "install echo hello \n"})
	differs(t, root, "D5", "-nv dummy", Result{Stdout: xor + "install echo hello \n"})
	modprobe(t, root, "-Di dummy")
	config("install raid6_pq echo hello\nsoftdep raid6_pq pre: xor\nsoftdep btrfs pre: xor\n")
	differs(t, root, "D5", "-D btrfs", Result{Stdout: xor + "install echo hello \n" + xor + "builtin crc32c_generic\n" + libcrc32c + module("fs/btrfs/btrfs")})
	modprobe(t, root, "-Di btrfs")

	config("")
	differs(t, root, "D6", "-D btrfs", Result{Stdout: raid6 + xor + "builtin crc32c_generic\n" + libcrc32c + "builtin sha256_generic\nbuiltin crc32c_generic\n" +
		module("fs/btrfs/btrfs")})
	config("softdep dummy pre: xor\nsoftdep dummy post: raid6_pq\nsoftdep dummy pre: xor\n")
	differs(t, root, "D6", "-D dummy", Result{Stdout: xor + dummy + raid6})
	root.Write("tmp/d16.conf", "softdep dummy pre: xor post: x y\n")
	differs(t, root, "D16", "-c -S nope -C /tmp/d16.conf", Result{Stdout: "softdep dummy pre: xor post: x y\n" +
		"\n# End of configuration files. Dumping indexes now:\n\n"})

	root.loaded("stray", "0")
	root.Write("proc/modules", "stray 16384 0 - Live 0x0000000000000000\n")
	differs(t, root, "D8", "-rnv stray", Result{Stdout: "rmmod stray\n"})
	differs(t, root, "D8", "-r stray", Result{Stderr: "modprobe: ERROR: could not remove 'stray': Function not implemented\n", Status: 1})
	root.Write("proc/modules", "")
	modprobe(t, root, "-r stray\n-rnv stray")

	config("install dummy kill -9 $$\nremove dummy kill -9 $$\n")
	differs(t, root, "D11", "dummy", Result{Status: 1, Stderr: "modprobe: ERROR: Error running install command 'kill -9 $$' for module dummy: killed by signal 9\n" +
		"modprobe: ERROR: could not insert 'dummy': Invalid argument\n"})
	differs(t, root, "D11", "-r dummy", Result{Status: 1, Stderr: "modprobe: FATAL: Error running remove command for dummy\n"})

	config("  # indented\nsoftdep dummy  pre: xor\n")
	differs(t, root, "D15", "-D dummy", Result{Stdout: xor + dummy})

	root.Write("proc/cmdline", "modprobe.blacklist=raid6-pq,,x")
	differs(t, root, "D17", "-b -D raid6_pq", Result{})
	root.Write("proc/cmdline", "")

	config("bad line\nalias a dummy\n")
	differs(t, root, "D18", "-qD a", Result{Stdout: dummy})

	config("install dummy true $CMDLINE_OPTS\noptions dummy '$CMDLINE_OPTS'\n")
	if got := Gomod(t, Call{Root: root.Dir, Argv: []string{"modprobe", "dummy"}}); got != (Result{}) { // C kmod would never end
		t.Errorf("D24: %v", got)
	}

	raid6Exports := Reference(t, Call{Root: root.Dir, Argv: modprobeWords(root, "--show-exports /lib/modules/$RELEASE/kernel/lib/raid6/raid6_pq.ko.xz")})
	config("alias six raid6-pq\nalias gone nosuch\n")
	differs(t, root, "D25", "--show-exports raid6-pq", raid6Exports)
	differs(t, root, "D25", "--show-exports six", raid6Exports)
	differs(t, root, "D25", "--show-exports gone", Result{Status: 1, Stderr: "modprobe: FATAL: could not get symbols of gone: No such file or directory\n"})
	differs(t, root, "D25", "--show-alias six", Result{Stdout: "raid6_pq\n"})

	config("install dummy echo evil\nremove dummy echo evil\nalias evil dummy\n")
	root.must(os.Chmod(root.Path("etc/modprobe.d/a.conf"), 0o646))
	for _, line := range []string{"dummy", "-n evil", "-q xor evil"} {
		want := Result{Status: 1, Stderr: "modprobe: ERROR: /etc/modprobe.d/a.conf:1: install command of module dummy not run, for anyone may write that file\n" +
			"modprobe: ERROR: could not insert 'dummy': Operation not permitted\n"}
		if strings.HasPrefix(line, "-q") {
			want = Result{Status: 1}
			line = "-q evil"
		}
		differs(t, root, "D28", line, want)
	}
	differs(t, root, "D28", "-r dummy", Result{Status: 1,
		Stderr: "modprobe: ERROR: /etc/modprobe.d/a.conf:2: remove command of module dummy not run, for anyone may write that file\n"})
	modprobe(t, root, "-i -nv dummy\n-D xor")

	config("")
	differs(t, root, "D29", "-r a[", Result{Status: 1, Stderr: "modprobe: ERROR: Module a[ not found: unmatched bracket in its name.\n"})
}

// TestModprobeCommands has commands that print and call modprobe. C kmod keeps its own lines back until it ends when they go
// into a pipe; gomod prints each before the command runs.
func TestModprobeCommands(t *testing.T) {
	root := newModprobeRoot(t)
	root.Write("etc/modprobe.d/a.conf", `install one echo "one [$MODPROBE_MODULE] [$MODPROBE_OPTIONS] [$CMDLINE_OPTS]"; $TOOLS/modprobe two c=d
install two echo "two [$MODPROBE_MODULE] [$MODPROBE_OPTIONS] [$CMDLINE_OPTS]"; $TOOLS/modprobe -i raid6_pq; $TOOLS/modprobe nothing
remove one echo "remove [$MODPROBE_MODULE] [$MODPROBE_OPTIONS]"; $TOOLS/modprobe -r two
remove two echo "remove two [$MODPROBE_MODULE] [$MODPROBE_OPTIONS]"
options one x="1 2"
install xor echo err >&2; exit 9
softdep dummy pre: two
install raid6_pq echo never
alias legacy ask
install ask $TOOLS/modprobe --ignore-install dummy $CMDLINE_OPTS && { $TOOLS/modprobe --quiet --use-blacklist xor ; }
`)
	for _, line := range []string{
		"one", "-v one", "-q one", "-vq one", "one y=z", "-C /etc/modprobe.d one", "-vC /etc/modprobe.d one y", "-r one", "-rv one", "-rq one", "xor", "-v xor",
		"-a one xor", "dummy", "-v dummy", "legacy n=1", "-v ask",
	} {
		want, got := both(t, Call{Root: root.Dir, Argv: modprobeWords(root, line)})
		want.Stdout, got.Stdout = sorted(undoubled(want.Stdout)), sorted(got.Stdout)
		want.Stderr, got.Stderr = withoutInfo(want.Stderr), withoutInfo(got.Stderr)
		if got != want {
			t.Errorf("modprobe %s:\n got %v\nwant %v", line, got, want)
		}
	}
	// D14: the variable is the same at every level.
	got := Gomod(t, Call{Root: root.Dir, Argv: []string{"modprobe", "-vC", "/etc/modprobe.d/a.conf", "one"}, Env: []string{"TOOLS=/ours", "MODPROBE_OPTIONS=-v  -b"}})
	if count := strings.Count(got.Stdout, "[-v  -b -C /etc/modprobe.d/a.conf]"); count != 2 {
		t.Errorf("D14: %v", got)
	}
}

// undoubled makes [X X] to [X]: with C kmod MODPROBE_OPTIONS grows from level to level (D14).
func undoubled(text string) string {
	parts := strings.SplitAfter(text, "]")
	for i, part := range parts {
		before, inside, found := strings.Cut(strings.TrimSuffix(part, "]"), "[-")
		half := len(inside) / 2
		if found && len(inside)%2 == 0 && half > 1 && inside[:half-1] == inside[half+1:] && inside[half-1:half+1] == " -" {
			parts[i] = before + "[-" + inside[:half-1] + "]"
		}
	}
	return strings.Join(parts, "")
}

// withoutInfo drops the messages of -vv, which a -v that came twice brings about, too.
func withoutInfo(text string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "modprobe: INFO: ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func sorted(text string) string {
	lines := strings.SplitAfter(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func TestModprobeVariable(t *testing.T) {
	root := newModprobeRoot(t)
	for _, variable := range []string{"-v", "-n", "-nv", "-q", "-x", "--s", "-n -v", "-R", "'-R'", "-C /nope", "-S nope", "-C", "--", "xor", "-b -i"} {
		modprobe(t, root, "dummy\n-v dummy\nnope\n-D raid6_pq", "MODPROBE_OPTIONS="+variable)
	}
	for _, variable := range []string{"", " ", "-R  ", " -R", "-R\t", "'-R' ", "\"-R\" ''"} {
		got := Gomod(t, Call{Root: root.Dir, Argv: []string{"modprobe", "-R", "dummy"}, Env: []string{"MODPROBE_OPTIONS=" + variable}})
		want := Result{Stdout: "dummy\n"}
		if strings.HasSuffix(variable, "''") {
			want = Result{Status: 1, Stderr: "modprobe: FATAL: Module  not found in directory /lib/modules/" + root.Release + "\n"}
		}
		if got := WithoutExplanations(got); got != want {
			t.Errorf("D14: MODPROBE_OPTIONS=%q: %v", variable, got)
		}
	}
}
