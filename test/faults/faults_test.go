package faults

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gomod/test/confine"
	"gomod/test/modules"
	"gomod/test/need"
)

// outcome is what a run gave.
type outcome struct {
	stdout, stderr string
	// logged is what reached the system's log or, where it could not, the console.
	logged string
	status int
	hung   bool
	state  map[string]string
	trace  string
}

const timeLimit = 60 * time.Second

// traced runs a tool in a root under strace, with options of it that say what is to be injected.
func traced(t *testing.T, r *Root, argv []string, trace string, options ...string) outcome {
	t.Helper()
	if err := r.Restore(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "trace")
	strace := []string{"-f", "-q", "-q", "-s", "300", "-o", file, "-e", "trace=" + trace, "-e", "signal=none"}
	// What a filter of strace's own passes on to it, confine's has answered before where it is a module call.
	if trace != "all" && !moduleCall(trace) {
		strace = append(strace, "--seccomp-bpf")
	}
	strace = append(strace, options...)
	// The name is what chooses the tool.
	program := "/gomod"
	if argv[0] != "gomod" {
		program = "/" + argv[0]
		os.Symlink("gomod", r.path(argv[0]))
	}
	ctx, cancel := context.WithTimeout(t.Context(), timeLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "strace", slices.Concat(strace, []string{"chroot", r.Dir, program}, argv[1:])...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "GOMAXPROCS=1"}
	cmd.WaitDelay = time.Second
	// A tool that hangs outlives its tracer, and what it has locked stays locked.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && ctx.Err() == nil {
		t.Fatal(err)
	}
	calls, _ := os.ReadFile(file)
	os.Remove(file)
	return outcome{stdout.String(), stderr.String(), r.Logged(), cmd.ProcessState.ExitCode(), ctx.Err() != nil, r.State(), string(calls)}
}

// tally counts what was done.
type tally struct {
	sync.Mutex
	runs, failed, unharmed, missed, optional, several int
}

func TestFaults(t *testing.T) {
	gomod := need.File(t, "bin/gomod")
	if os.Getuid() != 0 {
		need.Missing(t, "faults are made below a chroot, which needs root's rights")
	}
	if _, err := exec.LookPath("strace"); err != nil {
		need.Missing(t, "strace is missing: run test/setup.sh")
	}
	if said, err := exec.Command("strace", "-o", "/dev/null", "true").CombinedOutput(); err != nil {
		need.Missing(t, "strace does not work here: "+string(said))
	}
	built := modules.Require(t, need.Top(t), "6.1")
	optional := readOptional(t)
	all := os.Getenv("GOMOD_TEST_FAULTS") != ""
	var sum tally
	t.Run("tools", func(t *testing.T) {
		for i, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				if all {
					t.Parallel()
				}
				// The thread ends with the test: its rights must not be another's.
				runtime.LockOSThread()
				if err := confine.ModuleCallsSucceed(); err != nil {
					t.Fatal(err)
				}
				root, err := NewRoot(t.TempDir(), gomod, built)
				if err != nil {
					t.Fatal(err)
				}
				defer root.Close()
				f := &faults{t: t, root: root, argv: c.argv, also: c.also, optional: optional, sum: &sum}
				f.run(all, i)
			})
		}
	})
	t.Logf("compared: %d faults in the calls of %d tools' runs: %d refused, %d without effect, %d with the effect that is written down, "+
		"%d with one of several at a time; %d did not happen", sum.runs, len(cases), sum.failed, sum.unharmed, sum.optional, sum.several, sum.missed)
	if sum.runs == 0 {
		t.Error("nothing was done")
	}
}

// faults are those of one run.
type faults struct {
	t        *testing.T
	root     *Root
	argv     []string
	also     map[string][]string
	optional []allowance
	sum      *tally
	good     outcome
}

// sampleEvery is of how many faults make test makes one.
const sampleEvery = 60

// run makes each call of the tool's fail by each of its errors, one in each run.
func (f *faults) run(all bool, offset int) {
	t := f.t
	// What the runtime does before main, and chroot before that.
	idle := traced(t, f.root, []string{"nothing"}, "all")
	if idle.status != 1 || !strings.HasPrefix(idle.stderr, "nothing: no tool has that name") {
		t.Fatalf("a name that is no tool's: status %d: %s", idle.status, idle.stderr)
	}
	before := counts(beforeMessage(parseTrace(idle.trace)))
	f.good = traced(t, f.root, f.argv, "all")
	if f.good.status != 0 {
		t.Fatalf("%q: status %d: %s", f.argv, f.good.status, f.good.stderr)
	}
	n := offset * 7
	for _, c := range f.candidates(parseTrace(f.good.trace), before) {
		for _, errno := range f.errors(c) {
			if n++; !all && n%sampleEvery != 0 {
				continue
			}
			f.one(c, "error="+errno)
		}
	}
}

// candidates are the calls that the tool makes by itself, not its runtime.
func (f *faults) candidates(calls []call, before map[string]int) (list []call) {
	made := counts(calls)
	// close(2) closes although it fails, but a call that is not made does not: who reads from the pipe, or locks the file again, would wait
	// for ever.
	closed := made["pipe2"] == 0 && made["flock"] < 2
	for _, c := range calls {
		if !c.command() && (c.number <= before[c.name] || runtimeCall(c) || c.name == "close" && !closed) {
			continue
		}
		list = append(list, c)
	}
	return list
}

// errors are what a call of the tool's is given. One that nobody has thought of is a gap in the test.
func (f *faults) errors(c call) []string {
	list, known := errorsOf[c.name]
	if !known && !c.foreign {
		f.t.Errorf("%q: errorsOf has no errors for %s(%s", f.argv, c.name, c.rest)
	}
	if c.name == "openat" && !strings.Contains(c.rest, "O_CREAT") {
		return slices.DeleteFunc(slices.Clone(list), func(errno string) bool { return errno == "ENOSPC" })
	}
	return list
}

// one makes one call fail.
func (f *faults) one(c call, what string) {
	t := f.t
	spec := fmt.Sprintf("%s:%s:when=%d", c.name, what, c.number)
	var only []string
	if c.command() {
		// chroot and the tool were executed before, in a thread of their own: the file tells them apart.
		only = []string{"-P", c.path()}
	}
	got := traced(t, f.root, f.argv, c.name, append([]string{"-e", "inject=" + spec}, only...)...)
	f.sum.Lock()
	defer f.sum.Unlock()
	var hit []string
	for _, line := range injected(got.trace) {
		if strings.Contains(line, c.name+"(") {
			hit = append(hit, line)
		}
	}
	// The runtime's own calls are not in the same place in every run.
	if len(hit) == 0 || slices.ContainsFunc(parseTrace(strings.Join(hit, "\n")), runtimeCall) {
		f.sum.missed++
		return
	}
	f.sum.runs++
	fail := func(format string, args ...any) {
		t.Errorf("%q, %s: %s\n\tat %s\n\tstatus %d, stdout %.300q, stderr %.600q", f.argv, spec, fmt.Sprintf(format, args...), strings.Join(hit, "\n\t   "), got.status, got.stdout, got.stderr)
	}
	same := got.stdout == f.good.stdout && got.logged == f.good.logged && maps.Equal(got.state, f.good.state)
	said := got.stderr != "" || got.logged != ""
	switch {
	case got.hung:
		fail("it hung")
	case strings.Contains(got.stderr, "goroutine ") || strings.Contains(got.stderr, "panic: "):
		fail("it panicked")
	// What kept the message from being written may be the very fault; what gomod why prints is its message.
	case got.status == 1 && !said && !strings.Contains(strings.Join(hit, "\n"), " write(2, ") && !(slices.Contains(f.argv, "why") && got.stdout != ""):
		fail("status 1 without a word")
	case got.status == 1:
		f.sum.failed++
	case got.status != 0:
		fail("its status is neither 0 nor 1")
	case same:
		f.sum.unharmed++
	case f.allowed(hit, said):
		f.sum.optional++
		// Lists without a module are neither the old ones nor the new ones.
		if f.argv[0] == "depmod" {
			for _, problem := range broken(f.root.Release, got.state) {
				fail("%s", problem)
			}
			return
		}
	case len(hit) > 1:
		// Each thread has a call of that number. What one of these may do alone other runs show.
		f.sum.several++
	default:
		fail("it claims success, and did something else: want stdout %.300q", f.good.stdout)
	}
	for _, problem := range f.halfWritten(got) {
		fail("%s", problem)
	}
}

// halfWritten looks for files that are neither as they were nor as they were to become, and for what was left behind.
func (f *faults) halfWritten(got outcome) (problems []string) {
	for name, content := range got.state {
		old, wasThere := f.root.state[name]
		wanted, isMade := f.good.state[name]
		if !(isMade && content == wanted) && !(wasThere && content == old) && !slices.Contains(f.also[name], content) {
			problems = append(problems, fmt.Sprintf("%s is neither old nor new: %.100q", name, content))
		}
	}
	for name := range f.root.state {
		_, there := got.state[name]
		if _, stays := f.good.state[name]; !there && stays {
			problems = append(problems, name+" is gone")
		}
	}
	return problems
}

// allowance is a call whose failure may change what a tool does, and why that is right. A silent one needs no message.
type allowance struct {
	tool   string
	call   *regexp.Regexp
	silent bool
}

func (f *faults) allowed(hit []string, said bool) bool {
	for _, line := range hit {
		if !slices.ContainsFunc(f.optional, func(a allowance) bool {
			return strings.HasPrefix(strings.Join(f.argv, " ")+" ", a.tool+" ") && a.call.MatchString(line) && (a.silent || said)
		}) {
			return false
		}
	}
	return true
}

// readOptional reads lines such as
//
//	depmod | said | openat\(.*\.ko | C kmod tells of a module that it cannot read, and goes on
func readOptional(t *testing.T) []allowance {
	t.Helper()
	text, err := os.ReadFile("testdata/optional.txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []allowance
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, " | ")
		if len(fields) != 4 || fields[1] != "said" && fields[1] != "silent" || fields[3] == "" {
			t.Fatalf("optional.txt: %q", line)
		}
		list = append(list, allowance{fields[0], regexp.MustCompile(fields[2]), fields[1] == "silent"})
	}
	return list
}

// A list that was cut anywhere, or an index of another state, is seen.
func TestBroken(t *testing.T) {
	root, err := NewRoot(t.TempDir(), need.File(t, "bin/gomod"), modules.Require(t, need.Top(t), "6.1"))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if problems := broken(root.Release, root.state); len(problems) > 0 {
		t.Fatal(problems)
	}
	folder := "lib/modules/" + root.Release + "/"
	cut := func(name string, end int) bool {
		state := maps.Clone(root.state)
		state[folder+name] = state[folder+name][:end]
		return len(broken(root.Release, state)) > 0
	}
	for _, name := range []string{"modules.dep", "modules.alias", "modules.symbols", "modules.softdep", "modules.devname"} {
		content := root.state[folder+name]
		_, indexed := root.state[folder+name+".bin"]
		for end := range len(content) {
			// Fewer lines of what has no index may be all that there are.
			if whole := end == 0 || content[end-1] == '\n'; !cut(name, end) && (indexed || !whole) {
				t.Errorf("%s cut to %d of %d bytes is not seen", name, end, len(content))
			}
		}
	}
	for _, name := range []string{"modules.dep.bin", "modules.alias.bin", "modules.symbols.bin", "modules.builtin.bin", "modules.builtin.alias.bin"} {
		for end := range len(root.state[folder+name]) {
			if !cut(name, end) && !(end == 0 && strings.HasPrefix(name, "modules.builtin")) {
				t.Errorf("%s cut to %d of %d bytes is not seen", name, end, len(root.state[folder+name]))
			}
		}
	}
}
