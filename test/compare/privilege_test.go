package compare

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"gomod/test/need"
)

// setUID is a root whose gomod has the set-uid bit.
func setUID(t *testing.T) *Root {
	t.Helper()
	root := NewRoot(t)
	root.must(os.Chmod(root.Path("gomod"), 0o755|os.ModeSetuid))
	// The folders above it are the host's, and their modes are none of this test's: who is in a chroot does not pass through them.
	root.must(os.Chmod(root.Dir, 0o755))
	return root
}

// asNobody runs gomod as a user without any rights but what the set-uid bit gives.
func asNobody(t *testing.T, root *Root, env []string, argv ...string) Result {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "/gomod")
	cmd.Args, cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = argv, append([]string{}, env...), "/", &stdout, &stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root.Dir, Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		need.Missing(t, err)
	}
	return Result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// A set-uid copy of the program does not listen to its caller's variables. Nobody should make one; it must not be worse than C kmod's.
func TestSetUIDVariables(t *testing.T) {
	root := setUID(t)
	root.Modules("6.12-cloud", "drivers/net/dummy.ko.xz")
	file := "/lib/modules/" + root.Release + "/kernel/drivers/net/dummy.ko.xz"
	for _, test := range []struct {
		variable string
		argv     []string
	}{
		{"MODPROBE_OPTIONS=--version", []string{"modprobe", "-n", "dummy"}},
		{"MODPROBE_OPTIONS=-C /nowhere -d /nowhere", []string{"modprobe", "-D", "dummy"}},
		{"MODPROBE_MODULE=dummy", []string{"modprobe", "-D", "cmd"}},
		{"GOMOD_MAX_MODULE_SIZE=100", []string{"modinfo", "-F", "name", file}},
		{"GOMOD_EXPLAIN=0", []string{"modprobe", "no-such-module"}},
		{"POSIXLY_CORRECT=1", []string{"modinfo", file, "-F", "name"}},
		{"KMOD_LOG=7", []string{"modprobe", "-n", "dummy"}},
		{"GODEBUG=inittrace=1", []string{"modprobe", "-n", "dummy"}}, // Go's runtime's own
	} {
		without, with := asNobody(t, root, nil, test.argv...), asNobody(t, root, []string{test.variable}, test.argv...)
		if with != without {
			t.Errorf("%s %q:\n%v\nwithout it:\n%v", test.variable, test.argv, with, without)
		}
		// Without the bit it counts, but for C kmod's own: otherwise this test would tell nothing.
		normal := Gomod(t, Call{Root: root.Dir, Argv: test.argv, Env: []string{test.variable}})
		if counts := normal != Gomod(t, Call{Root: root.Dir, Argv: test.argv}); !counts && !slices.Contains([]string{"KMOD_LOG=7", "MODPROBE_MODULE=dummy"}, test.variable) {
			t.Errorf("%s has no effect on %q at all: %v", test.variable, test.argv, normal)
		}
	}
}

// Go's package time opens the file that TZ names, to stamp a line for the system's log: here one that would never open.
func TestSetUIDTimeZone(t *testing.T) {
	root := setUID(t)
	root.must(syscall.Mkfifo(root.Path("fifo"), 0o666))
	log, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: root.Path("dev/log"), Net: "unixgram"})
	root.must(err)
	defer log.Close()
	root.must(os.Chmod(root.Path("dev/log"), 0o666))
	if got := asNobody(t, root, []string{"TZ=/fifo"}, "modprobe", "-s", "nope"); got != (Result{Status: 1}) {
		t.Error(got)
	}
	root.must(log.SetReadDeadline(time.Now().Add(time.Second)))
	record := make([]byte, 1000)
	n, err := log.Read(record)
	root.must(err)
	if !strings.Contains(string(record[:n]), "modprobe: FATAL: Module nope not found") {
		t.Errorf("%q", record[:n])
	}
}

// What a command of a set-uid copy finds around it is none of the caller's.
func TestSetUIDCommand(t *testing.T) {
	root := setUID(t)
	busyboxAt(t, root)
	root.Write("etc/modprobe.d/a.conf", "install cmd busybox env\n")
	got := asNobody(t, root, []string{"LD_PRELOAD=/tmp/x.so", "PATH=/tmp", "IFS=/", "ENV=/tmp/x", "MODPROBE_OPTIONS=-q"}, "modprobe", "cmd")
	if want := []string{"MODPROBE_MODULE=cmd", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "PWD=/"}; !slices.Equal(sortedVariables(got.Stdout), want) {
		t.Errorf("%v, want %q", got, want)
	}
}

// Commands get the same variables from both tools; MODPROBE_OPTIONS has each option once (D14).
func TestCommandVariables(t *testing.T) {
	root := NewRoot(t)
	busyboxAt(t, root)
	root.Write("etc/modprobe.d/a.conf", "install cmd busybox env\nremove cmd busybox env\n")
	root.Write("other.d/a.conf", "install cmd busybox env\n")
	for _, env := range [][]string{
		{"PATH=/bin"},
		{"PATH=/bin", "HOME=/", "TERM=linux", "A=b", "MODPROBE_MODULE=other"},
		{"PATH=/bin", "MODPROBE_OPTIONS=-q", "LD_LIBRARY_PATH=/x", "EMPTY="},
	} {
		for _, argv := range [][]string{
			{"modprobe", "cmd", "a=b"}, {"modprobe", "-q", "cmd"}, {"modprobe", "-r", "cmd"}, {"modprobe", "-C", "/other.d", "cmd"}, {"modprobe", "-v", "-q", "-a", "cmd"},
		} {
			call := Call{Root: root.Dir, Argv: argv, Env: env}
			want, got := Reference(t, call), Gomod(t, call)
			if w, g := sortedVariables(want.Stdout), sortedVariables(got.Stdout); len(w) == 0 || !slices.Equal(w, g) {
				t.Errorf("%q with %q:\n%q\nC kmod:\n%q", argv, env, g, w)
			}
		}
	}
}

func busyboxAt(t *testing.T, root *Root) {
	t.Helper()
	program, err := exec.LookPath("busybox")
	need.NoError(t, err)
	// As everybody may run it, whatever the umask is.
	root.command("install", "-D", "-m", "755", program, root.Path("bin/busybox"))
	root.must(os.Symlink("busybox", root.Path("bin/sh")))
}

// sortedVariables are the lines that env printed, but those that the shell itself counts with.
func sortedVariables(printed string) []string {
	lines := strings.Split(strings.TrimSpace(printed), "\n")
	lines = slices.DeleteFunc(lines, func(line string) bool {
		return line == "" || strings.HasPrefix(line, "SHLVL=") || strings.HasPrefix(line, "_=") || strings.HasPrefix(line, "OLDPWD=")
	})
	for i, line := range lines {
		if options, found := strings.CutPrefix(line, "MODPROBE_OPTIONS="); found {
			var once []string
			for word := range strings.FieldsSeq(options) {
				if !slices.Contains(once, word) {
					once = append(once, word)
				}
			}
			lines[i] = "MODPROBE_OPTIONS=" + strings.Join(once, " ")
		}
	}
	slices.Sort(lines)
	return lines
}

// A name with a slash is no path that leaves the tree, /sys/module or the folder of anything.
func TestNamesWithSlashes(t *testing.T) {
	root := NewRoot(t)
	root.Modules("6.12-cloud", "drivers/net/dummy.ko.xz")
	root.command("cp", root.Path("lib/modules/$RELEASE/kernel/drivers/net/dummy.ko.xz"), root.Path("outside.ko.xz"))
	root.Write("sys/outside/initstate", "live\n")
	root.Write("sys/outside/refcnt", "0\n")
	root.Write("etc/modprobe.d/a.conf", "alias up ../../../outside\nsoftdep dummy pre: ../outside\noptions ../outside a=b\n")
	commands(t, root, `
		modprobe ../outside
		modprobe -D ../outside
		modprobe ../../../outside.ko.xz
		modprobe -D ../../../outside.ko.xz
		modprobe -n -v up
		modprobe -D up
		modprobe -R up
		modprobe -R ../outside
		modprobe -D dummy
		modprobe -r ../outside
		rmmod ../outside
		rmmod -f ../../../outside
		rmmod ../../outside
		modinfo ../outside
		modinfo -n ../../../outside
		modinfo -F name up
		modinfo -n kernel/drivers/net/dummy
		modinfo -m ../outside
	`)
}
