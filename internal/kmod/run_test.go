package kmod

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestInsertRechecks(t *testing.T) {
	w := newWorld(t, chain, "install c first\ninstall b second\ninstall a third\n")
	w.commands["first"] = func() error { w.loaded("b", "0"); return nil }
	plan := w.planner.Insertion(w.only("a"), InsertRequest{})
	if err := w.runner().Insert(plan, InsertRequest{}); err != nil {
		t.Error(err)
	}
	w.check("b is there by the time", "take c by first required", "shell MODPROBE_MODULE=c first", "take a by third required wanted", "shell MODPROBE_MODULE=a third")
	if err := w.runner().Insert(w.planner.Insertion(w.only("b"), InsertRequest{}), InsertRequest{FirstTime: true}); !errors.Is(err, syscall.EEXIST) {
		t.Error(err)
	}
	w.check("loaded")
}

func TestInsertFailures(t *testing.T) {
	w := newWorld(t, chain, "install c fails\nsoftdep d pre: c\n")
	w.commands["fails"] = func() error { return &ExitError{Status: 3} }
	run := func(name string, request InsertRequest, dry bool) error {
		runner := w.runner()
		runner.DryRun = dry
		return runner.Insert(w.planner.Insertion(w.only(name), request), request)
	}
	var command *CommandError
	if err := run("a", InsertRequest{}, false); !errors.As(err, &command) || !errors.Is(err, syscall.EINVAL) || command.Name != "c" {
		t.Error(err)
	}
	w.check("a required module", "take c by fails required", "shell MODPROBE_MODULE=c fails", "failed c: install command 'fails' of module c: retcode 3")
	if err := run("d", InsertRequest{}, false); !errors.Is(err, syscall.ENOENT) {
		t.Error(err)
	}
	w.check("a soft one, and a file that is not there", "take c by fails", "shell MODPROBE_MODULE=c fails", "failed c: install command 'fails' of module c: retcode 3",
		"take d required wanted", "failed d: stat lib/d.ko: no such file or directory")
	if err := run("d", InsertRequest{}, true); err != nil {
		t.Error(err)
	}
	w.check("dry run", "take c by fails", "take d required wanted")
	w.loaded("d", "0")
	if err := run("d", InsertRequest{Depends: true}, true); err != nil {
		t.Error(err)
	}
	w.check("loaded ones are listed", "take c by fails", "take d required wanted")
}

func TestWorldWritable(t *testing.T) {
	w := newWorld(t, chain, "")
	conf := filepath.Join(w.root, "b.conf")
	w.write("b.conf", "install d evil\nremove d evil\n")
	if err := os.Chmod(conf, 0o666); err != nil {
		t.Fatal(err)
	}
	w.reload(conf)
	for _, dry := range []bool{false, true} {
		runner := w.runner()
		runner.DryRun = dry
		err := runner.Insert(w.planner.Insertion(w.only("d"), InsertRequest{}), InsertRequest{})
		var writable *WritableError
		if !errors.As(err, &writable) || !errors.Is(err, syscall.EPERM) || writable.Command.Line != 1 {
			t.Error(err)
		}
		if err := runner.Remove(w.only("d"), RemoveRequest{}); !errors.As(err, &writable) || writable.Command.Line != 2 {
			t.Error(err)
		}
	}
	for _, text := range w.done {
		if text == "shell MODPROBE_MODULE=d evil" {
			t.Error("it was run")
		}
	}
}

// Options of a file that anyone may write are no part of a command; where the command takes none of them in, it is run.
func TestWritableOptions(t *testing.T) {
	w := newWorld(t, chain, "")
	folder := filepath.Join(w.root, "d")
	w.write("d/a.conf", "install d run $CMDLINE_OPTS\nremove d bye $CMDLINE_OPTS\ninstall e run\nalias al d\ninstall c run $CMDLINE_OPTS\n")
	w.write("d/b.conf", "options al x=1\noptions e x=1\n")
	if err := os.Chmod(filepath.Join(folder, "b.conf"), 0o666); err != nil {
		t.Fatal(err)
	}
	w.reload(folder)
	insert := func(name string) error {
		return w.runner().Insert(w.planner.Insertion(w.only(name), InsertRequest{Parameters: "y=2"}), InsertRequest{})
	}
	var writable *WritableError
	if err := insert("al"); !errors.As(err, &writable) || writable.Command.Line != 1 || writable.Refusal.Where.Line != 1 || !writable.Refusal.OfOptions {
		t.Error(err)
	}
	for _, name := range []string{"d", "e", "c"} { // the options are for an alias; taken in by nobody; of other modules
		if err := insert(name); err != nil {
			t.Error(err)
		}
	}
	w.loaded("d", "0")
	if err := w.runner().Remove(w.only("al"), RemoveRequest{}); err != nil { // it takes none in
		t.Error(err)
	}
	w.done = slices.DeleteFunc(w.done, func(text string) bool { return !strings.HasPrefix(text, "shell ") })
	w.check("run", "shell MODPROBE_MODULE=d run y=2", "shell MODPROBE_MODULE=e run", "shell MODPROBE_MODULE=c run y=2", "shell MODPROBE_MODULE=d bye ")
}

func TestSubstitutedOnce(t *testing.T) {
	w := newWorld(t, chain, "install d run [$CMDLINE_OPTS] [$CMDLINE_OPTS]\noptions d '$CMDLINE_OPTS'\n")
	request := InsertRequest{Parameters: "x"}
	if err := w.runner().Insert(w.planner.Insertion(w.only("d"), request), request); err != nil {
		t.Error(err)
	}
	w.check("D24", "take d by run [$CMDLINE_OPTS] [$CMDLINE_OPTS] ['$CMDLINE_OPTS' x] required wanted",
		"shell MODPROBE_MODULE=d run ['$CMDLINE_OPTS' x] ['$CMDLINE_OPTS' x]")
}

func TestRemoveOrder(t *testing.T) {
	w := newWorld(t, chain, "softdep a pre: d post: e\nremove d bye $CMDLINE_OPTS.\n")
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		w.loaded(name, "0")
	}
	w.write("sys/module/c/refcnt", "1\n")
	runner := w.runner()
	runner.DryRun = true
	if err := runner.Remove(w.only("a"), RemoveRequest{}); err != nil {
		t.Error(err)
	}
	w.check("post, itself, dependencies, pre", "remove e", "remove a", "remove b", "remove d bye .")
	w.write("sys/module/a/refcnt", "1\n")
	var obstacle *RemovalError
	if err := runner.Remove(w.only("a"), RemoveRequest{}); !errors.As(err, &obstacle) || obstacle.Obstacle != InUse {
		t.Error(err)
	}
	w.check("in use", "remove e", "stays: module a is not to be removed")
	if err := runner.Remove(w.only("a"), RemoveRequest{IgnoreCommands: true, Wait: time.Second}); err != nil {
		t.Error(err)
	}
	w.check("waiting does not look", "remove a", "remove b")
}

func TestRemoveStops(t *testing.T) {
	w := newWorld(t, chain, "softdep d pre: e post: a\n")
	for _, name := range []string{"a", "d", "e"} {
		w.loaded(name, "1")
	}
	runner := w.runner()
	runner.NotRemoved = func(error) bool { return true }
	if err := runner.Remove(w.only("d"), RemoveRequest{}); err == nil || !runner.Stopped() {
		t.Error("went on after a fatal message")
	}
	w.check("nothing more")
}

func TestWaiting(t *testing.T) {
	w := newWorld(t, chain, "")
	w.loaded("d", "0")
	w.write("proc/modules", "d 4096 0 - Live 0x0\n")
	w.write("kernel/errno", "delete_module d EAGAIN\n")
	if err := w.runner().Remove(w.only("d"), RemoveRequest{Wait: 7 * time.Millisecond}); !errors.Is(err, syscall.EAGAIN) {
		t.Error(err)
	}
	w.check("deadline", "remove d", "sleep 2ms", "sleep 4ms", "sleep 1ms", "stays: could not unload d (delete_module): resource temporarily unavailable")
}

func TestRemoveVanished(t *testing.T) {
	w := newWorld(t, chain, "")
	w.loaded("d", "0")
	if err := w.runner().Remove(w.only("d"), RemoveRequest{}); !errors.Is(err, syscall.ENOENT) {
		t.Error(err)
	}
	w.check("gone", "remove d", "stays: could not unload d (delete_module): no such file or directory")
	if _, loaded := w.planner.Loaded("d"); loaded {
		t.Error("a folder alone is no module")
	}
	w.write("proc/modules", "stray 4096 0 - Live 0x0\n")
	if module, loaded := w.planner.Loaded("stray"); !loaded || module.Name != "stray" {
		t.Error(module)
	}
}
