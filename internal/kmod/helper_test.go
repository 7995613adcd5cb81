package kmod

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gomod/internal/config"
	"gomod/internal/index/indextest"
	"gomod/internal/kernel/kerneltest"
	"gomod/internal/resolve"
	"gomod/internal/sysfs"
)

// world is a module folder without module files, a configuration and a kernel, which tests can look into.
type world struct {
	t       *testing.T
	root    string
	planner *Planner
	// done are the steps taken, commands and messages, in order.
	done []string
	// commands are what the shell does for a command; others succeed.
	commands map[string]func() error
	now      time.Time
}

// newWorld has the modules of a modules.dep, one per line, and the lines of a file of modprobe.d.
func newWorld(t *testing.T, dep, conf string) *world {
	t.Helper()
	w := &world{t: t, root: t.TempDir(), commands: make(map[string]func() error)}
	w.write("lib/modules.dep", dep)
	w.write("a.conf", conf)
	w.write("proc/modules", "")
	dir := filepath.Join(w.root, "lib")
	if err := indextest.Write(dir); err != nil {
		t.Fatal(err)
	}
	c := config.Load(config.Sources{Paths: []string{filepath.Join(w.root, "a.conf")}})
	tree := resolve.NewTree(dir)
	tree.Configure(c)
	w.planner = &Planner{Host: &Host{Kernel: kerneltest.New(w.root), Sysfs: sysfs.New(w.root)}, Tree: tree, Config: c}
	return w
}

func (w *world) write(path, content string) {
	w.t.Helper()
	path = filepath.Join(w.root, path)
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err = errors.Join(err, os.WriteFile(path, []byte(content), 0o644)); err != nil {
		w.t.Fatal(err)
	}
}

// loaded makes a module look loaded.
func (w *world) loaded(name, refcnt string) {
	w.write("sys/module/"+name+"/initstate", "live\n")
	w.write("sys/module/"+name+"/refcnt", refcnt+"\n")
}

func (w *world) only(name string) resolve.Module {
	w.t.Helper()
	modules, err := w.planner.Tree.Lookup(name)
	if err != nil || len(modules) != 1 {
		w.t.Fatalf("Lookup(%q) = %+v %v", name, modules, err)
	}
	return modules[0]
}

func (w *world) runner() *Runner {
	return &Runner{
		Planner:    w.planner,
		Shell:      w,
		Clock:      w,
		Taking:     func(step *Step) { w.did("take " + stepText(step)) },
		TakingAway: func(step RemovalStep) { w.did(strings.TrimSpace("remove " + step.Name + " " + step.Command)) },
		Failed:     func(step *Step, err error) { w.did("failed " + step.Module.Name + ": " + err.Error()) },
		NotRemoved: func(err error) bool { w.did("stays: " + err.Error()); return false },
		Problem:    func(err error) { w.did("problem: " + err.Error()) },
	}
}

func (w *world) did(text string) { w.done = append(w.done, strings.ReplaceAll(text, w.root+"/", "")) }

// Run implements Shell.
func (w *world) Run(command string, variables []string) error {
	w.did("shell " + strings.Join(variables, " ") + " " + command)
	if do := w.commands[command]; do != nil {
		return do()
	}
	return nil
}

// Now implements Clock.
func (w *world) Now() time.Time { return w.now }

// Sleep implements Clock.
func (w *world) Sleep(d time.Duration) { w.now = w.now.Add(d); w.did("sleep " + d.String()) }

// check compares what was done since the last check.
func (w *world) check(what string, want ...string) {
	w.t.Helper()
	if got := strings.Join(w.done, "\n"); got != strings.Join(want, "\n") {
		w.t.Errorf("%s:\n%s\nwant:\n%s", what, got, strings.Join(want, "\n"))
	}
	w.done = nil
}

func stepText(step *Step) string {
	text := step.Module.Name
	switch step.Action {
	case RunCommand:
		text += " by " + step.Command.Command
	case PartOfKernel:
		text += " built in"
	case NoFile:
		text += " without a file"
	}
	if step.Parameters != "" {
		text += " [" + step.Parameters + "]"
	}
	if step.Required {
		text += " required"
	}
	if step.Wanted {
		text += " wanted"
	}
	return text
}

func stepTexts(plan *Plan) string {
	var texts []string
	for step := range plan.Steps() {
		texts = append(texts, stepText(step))
	}
	return strings.Join(texts, ", ")
}

// reload takes another file of modprobe.d for the configuration.
func (w *world) reload(conf string) {
	w.planner.Config = config.Load(config.Sources{Paths: []string{conf}})
	w.planner.Tree.Configure(w.planner.Config)
}
