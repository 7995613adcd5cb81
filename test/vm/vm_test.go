package vm

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gomod/test/arch"
	"gomod/test/guest"
	"gomod/test/modules"
	"gomod/test/need"
)

// limit is the time for one boot, for a busy machine, too: 6.12 with the usual tests takes five minutes of two cores for itself, and more than
// ten where others want them. The guest's tests end a little earlier, and say which one was at work.
const (
	limit      = 30 * time.Minute
	guestLimit = limit - 2*time.Minute
)

// boot is a start of the kernel for some of the tests.
type boot struct{ name, tests, kernel string }

// boots are one for all tests but those of policies, which change the kernel's mind for good, and one for each of these. One kernel is enough
// for a little load; GOMOD_TEST_LOAD=1 is for all of it, see TestLoad. On arm64 make test has only the tests in which the machine can
// make a difference, and where TestLoadTogether runs it has no TestFiftyModprobes, which loads the same modules by as many calls, but one to
// a call, with fewer that need the same and without depmod beside. make test-all has everything there, too.
func boots(kernel Kernel) []boot {
	usual := boot{"usual", "-test.skip '^TestPolicy'", ""}
	all := os.Getenv("GOMOD_TEST_ALL") != ""
	switch {
	case kernel.Arch == arch.ARM64() && !all:
		usual = boot{"sample", "-test.run '" + machineDependent + "'", ""}
	case kernel.Name != loadKernel:
		usual.tests = "-test.skip '^TestPolicy|^TestLoad'"
	case !all:
		usual.tests = "-test.skip '^TestPolicy|^TestFiftyModprobes$'"
	}
	return []boot{
		usual,
		{"signatures enforced", "-test.run ^TestPolicyEnforced", "module.sig_enforce=1 module_blacklist=foo,dummy"},
		{"locked down", "-test.run ^TestPolicyLocked", "lockdown=integrity"},
	}
}

// machineDependent are tests of what is written for one machine (entry point, system calls) or knows its name, its symbols or its
// sections, and one of each tool.
const machineDependent = "^Test(EntrySecure|EntryIgnored|Autoload|ModprobeWithClosedStreams|ModprobeWithoutDevices|Explanations|WhyElsewhere|WatchCalls|" +
	"Chain|ModprobeChain|ParametersLikeC|Unprivileged|DeviatingVariants|ForceOneKind|KernelOnVariants)$"

// Everything in test/guest, in all kernels.
func TestGuest(t *testing.T) {
	top := need.Top(t)
	var kernels []Kernel
	for _, name := range []string{"6.1", "6.12", "6.1-arm64"} {
		kernels = append(kernels, requireMachine(t, top, name))
	}
	gomod, tests := make(map[arch.Arch]string), make(map[arch.Arch]string)
	for _, a := range []arch.Arch{arch.AMD64(), arch.ARM64()} {
		requireReference(t, top, a)
		gomod[a] = compileGomod(t, top, a)
		tests[a] = compile(t, top, a, "test", "-c", "-tags", "guest", "./test/guest")
	}
	for _, kernel := range kernels {
		t.Run(kernel.Name, func(t *testing.T) {
			t.Parallel()
			i := NewInitramfs(kernel)
			i.AddTools(gomod[kernel.Arch])
			i.AddReference(top)
			i.AddConfig()
			i.File("/guest.test", tests[kernel.Arch], 0o755)
			ours := modules.Require(t, top, kernel.Name)
			addAll(t, i, indexedTree(t, gomod[arch.AMD64()], kernel, ours), ours)
			ran, left := make(map[string]bool), boots(kernel)
			for _, boot := range boots(kernel) {
				t.Run(boot.name, func(t *testing.T) {
					t.Log("tests: " + boot.tests)
					if err := i.AddInit(top, "/guest.test -test.v=test2json -test.timeout="+guestLimit.String()+" "+boot.tests); err != nil {
						t.Fatal(err)
					}
					for _, test := range runGuest(t, kernel, boot.kernel, save(t, i), limit) {
						ran[test.name] = true
					}
					left = left[1:]
				})
			}
			if len(left) == 0 { // and not where -run chose some boots, or one failed
				t.Run("left out", func(t *testing.T) { skipOthers(t, tests[arch.Running()], ran) })
			}
		})
	}
}

// skipOthers counts the guest's tests that no boot of a kernel had. The program that lists them is the one for this machine.
func skipOthers(t *testing.T, program string, ran map[string]bool) {
	names, err := exec.Command(program, "-test.list", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.FieldsSeq(string(names)) {
		if !ran[name] {
			t.Run(name, func(t *testing.T) { t.Skip("not in this kernel; see boots") }) // in CI too
		}
	}
}

func addAll(t *testing.T, i *Initramfs, tree *Tree, ours string) {
	t.Helper()
	err := errors.Join(
		i.AddTree(tree),
		i.AddTestModules(ours),
	)
	if err != nil {
		t.Fatal(err)
	}
}

// indexedTree is a tree of the modules that the guest's tests use, as gomod's depmod indexes it: C kmod works on it, too.
func indexedTree(t *testing.T, gomod string, kernel Kernel, ours string) *Tree {
	t.Helper()
	tree, err := NewTree(t.TempDir(), kernel, guest.Distribution(), ours)
	if err != nil {
		t.Fatal(err)
	}
	depmod := exec.Command(gomod, "depmod", "-b", tree.Base(), tree.Release())
	if said, err := depmod.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", depmod, err, said)
	}
	return tree
}

// runGuest boots, makes subtests of the guest's tests, and gives what became of these.
func runGuest(t *testing.T, kernel Kernel, options, initramfs string, limit time.Duration) []*outcome {
	t.Helper()
	var results strings.Builder
	machine := &Machine{Kernel: kernel, Initramfs: initramfs, Append: options, Limit: limit, Results: func(line string) { results.WriteString(line + "\n") }}
	report, failure := machine.Run(t.Context())
	outcomes, err := readOutcomes(results.String())
	if err != nil {
		t.Fatal(err)
	}
	outcomes.replay(t)
	if failure != nil {
		t.Fatal(failure)
	}
	if report.Status != 0 && !t.Failed() || len(outcomes.subtests) == 0 {
		t.Errorf("exit status %d:\n%s", report.Status, results.String())
	}
	t.Logf("booted in %s", report.Boot.Round(100*time.Millisecond))
	return outcomes.subtests
}

const loadKernel = "6.12"

// TestLoad is the guest's TestLoad tests at full length; make load runs it, on an idle machine in half an hour. GOMOD_TEST_LOAD_ONLY, Cycles or
// Together, is for one of them.
func TestLoad(t *testing.T) {
	if os.Getenv("GOMOD_TEST_LOAD") == "" {
		t.Skip("make load runs it; TestGuest has a short one") // in CI too
	}
	top := need.Top(t)
	kernel := requireMachine(t, top, loadKernel)
	gomod := compileGomod(t, top, kernel.Arch)
	i := NewInitramfs(kernel)
	i.AddTools(gomod)
	i.AddReference(top)
	i.AddConfig()
	i.File("/guest.test", compile(t, top, kernel.Arch, "test", "-c", "-tags", "guest", "./test/guest"), 0o755)
	ours := modules.Require(t, top, kernel.Name)
	addAll(t, i, indexedTree(t, gomod, kernel, ours), ours)
	const long = 4 * time.Hour
	command := "GOMOD_TEST_LOAD=" + os.Getenv("GOMOD_TEST_LOAD") + " /guest.test -test.v=test2json -test.timeout=" + long.String() + " -test.run '^TestLoad" + os.Getenv("GOMOD_TEST_LOAD_ONLY") + "'"
	if err := i.AddInit(top, command); err != nil {
		t.Fatal(err)
	}
	runGuest(t, kernel, "", save(t, i), long)
}

func save(t *testing.T, i *Initramfs) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "initramfs.cpio")
	if err := i.Save(file); err != nil {
		t.Fatal(err)
	}
	return file
}

// The program runs where there is nothing else: no C library, no shell, no /etc, no /lib/modules.
func TestInitramfsAlone(t *testing.T) {
	t.Parallel()
	top := need.Top(t)
	kernel := requireMachine(t, top, "6.12-cloud")
	i := NewInitramfs(kernel)
	i.AddTools(compileGomod(t, top, kernel.Arch))
	i.File("/init", compile(t, top, kernel.Arch, "build", "./test/vm/alone"), 0o755)
	i.Directory("/proc")
	i.Directory("/sys")

	var results strings.Builder
	machine := &Machine{Kernel: kernel, Initramfs: save(t, i), Limit: limit, Results: func(line string) { results.WriteString(line + "\n") }}
	report, err := machine.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const want = "Module                  Size  Used by\n"
	if results.String() != want || report.Status != 0 {
		t.Errorf("exit status %d, results:\n%swant:\n%s", report.Status, results.String(), want)
	}
}

// A guest that dies, hangs or says too little is an error that shows the console's end.
func TestGuestThatFails(t *testing.T) {
	top := need.Top(t)
	kernel := requireMachine(t, top, "6.12-cloud")
	for _, test := range []struct {
		name, command string
		limit         time.Duration
		reason        string
	}{
		{"panics", "echo c >/proc/sysrq-trigger", limit, "the guest's kernel panicked"},
		{"hangs", "sleep 1000", 8 * time.Second, "the guest did not end within 8s"},
		{"switches itself off", "poweroff -f", limit, "the guest stopped before its command ended"},
	} {
		t.Run(test.name, func(t *testing.T) {
			i := NewInitramfs(kernel)
			if err := i.AddInit(top, test.command); err != nil {
				t.Fatal(err)
			}
			machine := &Machine{Kernel: kernel, Initramfs: save(t, i), Limit: test.limit}
			report, err := machine.Run(t.Context())
			if err == nil || !strings.HasPrefix(err.Error(), test.reason+"; the console's last lines:\n") {
				t.Errorf("report %v, error %v; want %q", report, err, test.reason)
			}
		})
	}
}
