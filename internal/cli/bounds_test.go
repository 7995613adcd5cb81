package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gomod/internal/index/indextest"
	"gomod/internal/kernel/kerneltest"
	"gomod/internal/kmod"
	"gomod/internal/sysfs"
)

// runIn runs a tool in a world of a modules.dep and a file of modprobe.d.
func runIn(t *testing.T, dep, conf string, argv ...string) (stdout, stderr string, status int) {
	t.Helper()
	root := t.TempDir()
	dir, d := filepath.Join(root, "lib/modules/1.0"), filepath.Join(root, "etc/modprobe.d")
	err := errors.Join(os.MkdirAll(dir, 0o755), os.MkdirAll(d, 0o755), os.MkdirAll(filepath.Join(root, "proc"), 0o755), os.MkdirAll(filepath.Join(root, "kernel"), 0o755))
	err = errors.Join(err, os.WriteFile(filepath.Join(dir, "modules.dep"), []byte(dep), 0o644), os.WriteFile(filepath.Join(d, "a.conf"), []byte(conf), 0o644),
		os.WriteFile(filepath.Join(root, "proc/cmdline"), nil, 0o644), os.WriteFile(filepath.Join(root, "proc/kallsyms"), []byte("0000 D init_task\n"), 0o644),
		os.WriteFile(filepath.Join(root, "kernel/release"), []byte("1.0\n"), 0o644), indextest.Write(dir))
	if err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	no := func() bool { return false }
	status = Run(&Env{
		Args: argv, Stdout: &out, Stderr: &said, LookupEnv: func(string) (string, bool) { return "", false }, Getwd: os.Getwd,
		Terminal: no, StderrTerminal: no, StderrClosed: no, Shell: kmod.SystemShell{}, Clock: &loggedClock{file: filepath.Join(root, "clock")},
		ConfigRoot: root, Kernel: kerneltest.New(root), Sysfs: sysfs.New(root), ModuleDirectory: filepath.Join(root, "lib/modules"),
		SysconfDirectory: "/etc", DistconfDirectory: "/usr/lib",
	})
	return out.String(), said.String(), status
}

// A document is in memory until it is written: one of a million steps would be a GiB.
func TestDocumentIsBounded(t *testing.T) {
	const modules = 700
	var dep, conf strings.Builder
	dep.WriteString("h.ko:\n")
	conf.WriteString("softdep h pre:")
	for i := range modules {
		fmt.Fprintf(&dep, "m%d.ko:", i)
		for j := i - 1; j >= 0; j-- {
			fmt.Fprintf(&dep, " m%d.ko", j)
		}
		dep.WriteString("\n")
		fmt.Fprintf(&conf, " m%d", i)
	}
	stdout, stderr, status := runIn(t, dep.String(), conf.String()+"\n", "modprobe", "-S", "1.0", "-D", "--json", "h")
	full := "': the steps would be more than the 50000 of a JSON document: do without --json, or give fewer modules at a time\n"
	if want := "modprobe: ERROR: could not insert 'h" + full; status != 1 || stderr != want {
		t.Errorf("status %d, %s", status, stderr)
	}
	if !json.Valid([]byte(stdout)) || !strings.Contains(stdout, `"excessive"`) || len(stdout) > 1000 {
		t.Errorf("%d bytes: %.1000s", len(stdout), stdout)
	}
	stdout, stderr, status = runIn(t, dep.String(), conf.String()+"\n", "modprobe", "-S", "1.0", "-D", "h")
	if lines := strings.Count(stdout, "\n"); lines != modules*(modules+1)/2+1 || stderr != "" || status != 0 {
		t.Errorf("%d lines, %s, status %d", lines, stderr, status)
	}
	// It is said of the module for which there is no room, and not of those that have some.
	stdout, stderr, status = runIn(t, dep.String(), conf.String()+"\n", "modprobe", "-S", "1.0", "-D", "--json", "-a", "m3", "h", "m699", "h", "m4")
	if want := strings.Repeat("modprobe: ERROR: could not insert 'h"+full, 2); status != 1 || stderr != want {
		t.Errorf("status %d, %s", status, stderr)
	}
	if steps := strings.Count(stdout, `"planned"`); !json.Valid([]byte(stdout)) || steps != 4+700+5 {
		t.Errorf("%d steps: %.1000s", steps, stdout)
	}
}

// The modules that are removed in many operands are steps of one document, too.
func TestDocumentOfRemovalsIsBounded(t *testing.T) {
	const modules, operands = 13, 40
	var dep, conf strings.Builder
	for i := range modules + 3 {
		fmt.Fprintf(&dep, "m%d.ko:\n", i)
		if i < modules {
			fmt.Fprintf(&conf, "softdep m%d pre: m%d m%d post: m%d\n", i, i+1, i+2, i+3)
		}
	}
	argv := []string{"modprobe", "-S", "1.0", "-r", "-D", "--json", "-a"}
	for range operands {
		argv = append(argv, "m0")
	}
	stdout, stderr, status := runIn(t, dep.String(), conf.String(), argv...)
	full := "modprobe: ERROR: could not remove 'm0': the steps would be more than the 50000 of a JSON document: do without --json, or give fewer modules at a time\n"
	steps, refused := strings.Count(stdout, `"planned"`), strings.Count(stderr, full)
	if each := steps / (operands - refused); status != 1 || refused == 0 || steps <= mostSteps || steps > mostSteps+each || stderr != strings.Repeat(full, refused) {
		t.Errorf("%d steps, %d of %d refused, status %d, %.1000s", steps, refused, operands, status, stderr)
	}
}

// A module whose soft dependencies lead too far keeps none that is named behind it from its turn.
func TestExcessiveOperand(t *testing.T) {
	const modules = 300
	var dep, conf strings.Builder
	dep.WriteString("good.ko:\n")
	for i := range modules {
		fmt.Fprintf(&dep, "m%d.ko:\n", i)
		fmt.Fprintf(&conf, "alias x* m%d\nsoftdep m%d pre:", i, i)
		for j := range modules {
			fmt.Fprintf(&conf, " x%d", j)
		}
		conf.WriteString("\n")
	}
	want := "modprobe: ERROR: could not insert 'm0': " + tooManyModules + "\n"
	stdout, stderr, status := runIn(t, dep.String(), conf.String(), "modprobe", "-S", "1.0", "-D", "-a", "m0", "good", "m0", "good")
	if strings.Count(stdout, "\n") != 2 || strings.Count(stdout, "/good.ko ") != 2 || stderr != want+want || status != 1 {
		t.Errorf("%s, %s, status %d", stdout, stderr, status)
	}
	conf.Reset()
	for i := range 40 {
		fmt.Fprintf(&conf, "softdep m%d pre: m%d m%d post: m%d\n", i, i+1, i+2, i+3)
	}
	want = "modprobe: ERROR: could not remove 'm0': " + tooManyModules + "\n"
	stdout, stderr, status = runIn(t, dep.String(), conf.String(), "modprobe", "-S", "1.0", "-r", "-D", "-a", "m0", "good", "m0", "good")
	if stdout != "rmmod good\nrmmod good\n" || stderr != want+want || status != 1 {
		t.Errorf("%s, %s, status %d", stdout, stderr, status)
	}
}

// A chain of soft dependencies goes on at the left once it has gone far to the right: the white space grows by the square of its length.
func TestTreeGoesOnAtTheLeft(t *testing.T) {
	const modules = 350
	var dep, conf strings.Builder
	for i := range modules {
		fmt.Fprintf(&dep, "m%03d.ko:\n", i)
		if i > 0 {
			fmt.Fprintf(&conf, "softdep m%03d pre: m%03d\n", i-1, i)
		}
	}
	stdout, stderr, status := runIn(t, dep.String(), conf.String(), "gomod", "tree", "-a", "-S", "1.0", "m000")
	if stderr != "" || status != 0 {
		t.Errorf("%s, status %d", stderr, status)
	}
	shown, begins := make(map[string]bool), 0
	for line := range strings.Lines(stdout) {
		if len(line) > 3*deepest+50 {
			t.Errorf("a line of %d bytes", len(line))
		}
		if strings.HasPrefix(line, "m") {
			begins++
		}
		if !strings.HasSuffix(line, " ...\n") {
			shown[line[strings.Index(line, "m"):][:4]] = true
		}
	}
	if len(shown) != modules || begins != 4 {
		t.Errorf("%d modules in full, %d trees", len(shown), begins)
	}
}

// sumOf adds up the numbers that an expression finds.
func sumOf(t *testing.T, expression, text string) (sum int) {
	t.Helper()
	for _, found := range regexp.MustCompile(expression).FindAllStringSubmatch(text, -1) {
		n, err := strconv.Atoi(found[1])
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	return sum
}

// Of a module that very many lines touch, not all are told; all of what another has is.
func TestLinesOfWhyAreBounded(t *testing.T) {
	const lines = 70_000
	dep, conf := "h.ko:\ng.ko:\n", strings.Repeat("blacklist h\n", lines)+"blacklist g\noptions g a=1\n"
	stdout, stderr, status := runIn(t, dep, conf, "gomod", "why", "h", "g")
	if told, others := strings.Count(stdout, ": blacklist h\n"), sumOf(t, `\n    and (\d+) more lines\n`, stdout); told == 0 || told+others != lines || len(stdout) > 4<<20 {
		t.Errorf("%d lines, %d others, %d bytes", told, others, len(stdout))
	}
	if stderr != "" || status != 0 || strings.Count(stdout, ": blacklist g\n") != 1 || strings.Count(stdout, ": options g a=1\n") != 1 {
		t.Errorf("status %d, %s, the end: %s", status, stderr, stdout[max(0, len(stdout)-1000):])
	}
	stdout, stderr, status = runIn(t, dep, conf, "gomod", "why", "--json", "h", "g", "nosuch")
	told, others := strings.Count(stdout, `"key": "h"`), sumOf(t, `"other_lines": (\d+)`, stdout)
	if told == 0 || told+others != lines || len(stdout) > 4<<20 || !json.Valid([]byte(stdout)) || strings.Count(stdout, `"key": "g"`) != 2 {
		t.Errorf("%d lines, %d others, %d bytes, status %d, %s", told, others, len(stdout), status, stderr)
	}
}

// Of an alias of very many modules not all are told: each would come with the lines of all the others.
func TestWhyIsBounded(t *testing.T) {
	const modules, told = 450, 100
	var dep, conf strings.Builder
	for i := range modules {
		fmt.Fprintf(&dep, "m%d.ko:\n", i)
		fmt.Fprintf(&conf, "alias x* m%d\n", i)
	}
	stdout, stderr, status := runIn(t, dep.String(), conf.String(), "gomod", "why", "xx")
	blocks := strings.Count(stdout, "  configuration\n")
	if stderr != "" || status != 0 || blocks != told || !strings.HasSuffix(stdout, "\nxx stands for 350 more modules\n") {
		t.Errorf("%d modules, %s, status %d", blocks, stderr, status)
	}
	lines := strings.Count(stdout, ": alias x* ")
	others := sumOf(t, `    and (\d+) more lines`, stdout)
	if lines == 0 || lines+others != told*(modules+1) {
		t.Errorf("%d lines, %d others", lines, others)
	}
	stdout, stderr, status = runIn(t, dep.String(), conf.String(), "gomod", "why", "--json", "xx")
	if stderr != "" || status != 0 || !json.Valid([]byte(stdout)) || !strings.Contains(stdout, `"others"`) {
		t.Errorf("%s, status %d", stderr, status)
	}
}

// Of the symbols that broken modules need, those of what a module needs have a bound for all of that together.
func TestWhyKeepsSomeSymbols(t *testing.T) {
	const first, second, kept, least = 10_050, 70, 10_000, 10
	dir, dep := t.TempDir(), "above.ko:"
	for i, count := range []int{second, first} { // the last is looked at first
		var symbols []string
		for j := range count {
			symbols = append(symbols, fmt.Sprint("s", j))
		}
		path := filepath.Join(dir, fmt.Sprint("n", i, ".ko"))
		if err := os.WriteFile(path, minimalModule("license=GPL", symbols), 0o644); err != nil {
			t.Fatal(err)
		}
		dep += " " + path
	}
	stdout, stderr, status := runIn(t, dep+"\n", "", "gomod", "why", "--json", "above")
	if stderr != "" || status != 0 || !json.Valid([]byte(stdout)) {
		t.Errorf("%s, status %d", stderr, status)
	}
	if symbols := strings.Count(stdout, `"providers"`); symbols != kept+least {
		t.Errorf("%d symbols", symbols)
	}
	for _, others := range []int{first - kept, second - least} {
		if !strings.Contains(stdout, fmt.Sprintf(`"others": %d`, others)) {
			t.Errorf("not %d others", others)
		}
	}
}
