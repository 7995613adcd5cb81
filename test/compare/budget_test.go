package compare

import (
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"gomod/internal/cli"
	"gomod/internal/kernel"
	"gomod/internal/kmod"
	"gomod/internal/sysfs"
	"gomod/test/need"
)

// The budgets are counts and not times, which no test can rely on; `make bench` has the times. A change that needs more has to
// say here why it is worth it. The race detector allocates for itself: under it the runs are judged by it alone, depmod's of a whole kernel
// among them, which the unit tests do not have.

// TestBudgetSize is the size of the stripped program in bytes.
func TestBudgetSize(t *testing.T) {
	const most = 4_500_000
	info, err := os.Stat(need.File(t, "bin/gomod"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes of %d", info.Size(), most)
	if info.Size() > most {
		t.Error("too large")
	}
}

// TestBudgetModprobe is what a look-up of ext4 allocates, which is what modprobe does for each of the hundreds of names of a boot.
func TestBudgetModprobe(t *testing.T) {
	const mostBytes, mostObjects = 72_000, 300
	base := need.File(t, "build/kernels/6.12")
	bytes, objects := allocated(t, "modprobe", "-d", base, "-S", releaseOf(t, base), "-D", "ext4")
	t.Logf("%d bytes of %d, %d objects of %d", bytes, mostBytes, objects, mostObjects)
	if !need.RaceDetector && (bytes > mostBytes || objects > mostObjects) {
		t.Error("too many")
	}
}

// TestBudgetDepmod is what depmod allocates for each module, all eleven files with it, on two CPUs.
func TestBudgetDepmod(t *testing.T) {
	const mostBytes, mostObjects = 13_000, 45
	base := need.File(t, "build/kernels/6.1")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	bytes, objects := allocated(t, "depmod", "-b", base, "-o", t.TempDir(), releaseOf(t, base))
	modules := strings.Count(readFolder(t, base+"/lib/modules/"+releaseOf(t, base))["modules.dep"], "\n")
	t.Logf("%d modules: each %d bytes of %d, %d objects of %d", modules, bytes/modules, mostBytes, objects/modules, mostObjects)
	if modules < 4000 {
		t.Error("not the whole kernel")
	}
	if !need.RaceDetector && (bytes/modules > mostBytes || objects/modules > mostObjects) {
		t.Error("too many")
	}
}

// allocated runs a tool in this process.
func allocated(t *testing.T, argv ...string) (bytes, objects int) {
	t.Helper()
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var before, after runtime.MemStats
	env := &cli.Env{
		Args: argv, Stdout: io.Discard, Stderr: os.Stderr, LookupEnv: func(string) (string, bool) { return "", false }, Getwd: os.Getwd,
		Terminal: no, StderrTerminal: no, StderrClosed: no,
		Kernel: kernel.Host{}, Sysfs: sysfs.New(t.TempDir()), Shell: kmod.SystemShell{}, Clock: kmod.SystemClock{},
		ModuleDirectory: "/lib/modules", SysconfDirectory: "/etc", DistconfDirectory: "/usr/lib",
	}
	runtime.ReadMemStats(&before)
	status := cli.Run(env)
	runtime.ReadMemStats(&after)
	if status != 0 {
		t.Fatalf("%q: status %d", argv, status)
	}
	return int(after.TotalAlloc - before.TotalAlloc), int(after.Mallocs - before.Mallocs)
}

func no() bool { return false }

// releaseOf is the release of a kernel in build/kernels.
func releaseOf(t *testing.T, base string) string {
	t.Helper()
	text, err := os.ReadFile(base + "/release")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}
