package hostile

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"gomod/test/confine"
	"gomod/test/need"
)

// sample is how many trees `make test` breaks; GOMOD_TEST_HOSTILE is another number, GOMOD_HOSTILE_SEED that of the first.
const sample = 12

func TestHostileTrees(t *testing.T) {
	// This program must stay smaller than what it measures.
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(64 << 20))
	source := newSource(t)
	trees, first, workers := sample, 1, 1
	if number := os.Getenv("GOMOD_TEST_HOSTILE"); number != "" {
		trees, workers = atoi(t, number), runtime.NumCPU()
	}
	if number := os.Getenv("GOMOD_HOSTILE_SEED"); number != "" {
		first = atoi(t, number)
		if os.Getenv("GOMOD_TEST_HOSTILE") == "" {
			trees = 1
		}
	}
	release := machineRelease(t)
	var next, failures atomic.Int64
	var running sync.WaitGroup
	runners := make([]Runner, workers)
	for i := range runners {
		root := filepath.Join(folder(t), "tree")
		runners[i].Program = build(t, root)
		running.Go(func() {
			// The thread ends with the goroutine: its rights must not be another's.
			runtime.LockOSThread()
			if err := confine.WithoutModules(); err != nil {
				t.Error(err)
				return
			}
			for n := int(next.Add(1)); n <= trees && failures.Load() < 20; n = int(next.Add(1)) {
				if !one(t, &runners[i], source, root, release, uint64(first+n-1)) {
					failures.Add(1)
				}
				if n%500 == 0 {
					t.Logf("%d trees", n)
				}
			}
		})
	}
	running.Wait()
	var all Runner
	for _, r := range runners {
		all.Trees, all.Runs, all.Failed = all.Trees+r.Trees, all.Runs+r.Runs, all.Failed+r.Failed
		all.Memory, all.CPU = max(all.Memory, r.Memory), max(all.CPU, r.CPU)
	}
	t.Logf("compared: %d broken trees, %d runs, %d of them refused with status 1; at most %d MiB of memory and %s of CPU", all.Trees, all.Runs, all.Failed, all.Memory>>20, all.CPU)
}

// one breaks a tree and lets every tool at it.
func one(t *testing.T, r *Runner, source *Source, root, release string, seed uint64) (good bool) {
	tree, err := NewTree(source, root, release, seed)
	defer tree.Remove()
	if err != nil {
		t.Errorf("GOMOD_HOSTILE_SEED=%d: %v; %q", seed, err, tree.Done)
		return false
	}
	r.Trees++
	var problems []string
	run := func(argv ...string) { problems = append(problems, r.Run(tree, argv...)...) }
	file := touched(tree)
	path := filepath.Join(tree.Dir, file)
	name := strings.Split(filepath.Base(file), ".ko")[0]
	alias := some(tree, "pci:v00008086d000010D3sv00008086sd0000A01Fbc02sc00i00", "fs-ext4", "symbol:llc_add_pack", "usb:v0BDAp8771d0200dcE0dsc01dp01icE0isc01ip01in00", tree.word())
	alias = strings.ReplaceAll(alias, "\x00", "")
	calls := func(n int, calls ...[]string) {
		for _, call := range tree.Perm(len(calls))[:n] {
			run(calls[call]...)
		}
	}
	run("modinfo", path)
	calls(7, // with the indexes as they are found
		[]string{"insmod", path},
		[]string{"modprobe", "-D", "--", name},
		[]string{"modprobe", "-n", "-v", "--", name},
		[]string{"modprobe", "-r", "-n", "-v", "--", name},
		[]string{"modprobe", "-r", "-D", "--", name},
		[]string{"modprobe", "-D", "--json", "--", name},
		[]string{"gomod", "tree", "--all"},
		[]string{"modprobe", "-R", "--", alias},
		[]string{"modprobe", "-n", "-v", "-a", "-b", "--", "ext4", alias, "dummy"},
		[]string{"modprobe", "-c"},
		[]string{"modprobe", "-c", "--json"},
		[]string{"gomod", "why", "--json", "--", "ext4", alias},
		[]string{"gomod", "why", path},
		[]string{"gomod", "tree", "ext4", "bridge"},
		[]string{"modinfo", "ext4", "--", alias},
		[]string{"kmod", "static-nodes"},
	)
	tree.before = tree.Outputs()
	run(some(tree, []string{"depmod"}, []string{"depmod", "-A"}, []string{"depmod", "-v"}, []string{"depmod", "-e", "-E", "/dev/null"})...)
	calls(4, // and as depmod makes them
		[]string{"depmod"},
		[]string{"modprobe", "-D", "--", name},
		[]string{"modprobe", "-r", "-D", "--", name},
		[]string{"modprobe", "-D", "-a", "--", alias, "snd-hda-codec-hdmi"},
		[]string{"modinfo", "--json", "--", name},
		[]string{"gomod", "why", "--", name},
		[]string{"gomod", "tree", "--json", "--", name},
		[]string{"gomod", "tree", "--all", "--json"},
		[]string{"depmod", "-n"},
	)
	problems = append(problems, tree.CheckVictim()...)
	if len(problems) > 0 {
		t.Errorf("GOMOD_HOSTILE_SEED=%d: %q\n%s", seed, tree.Done, strings.Join(problems, "\n"))
	}
	return len(problems) == 0
}

// touched is one of the modules that were broken, or a sound one.
func touched(tree *Tree) string {
	if len(tree.Touched) > 0 {
		return some(tree, tree.Touched...)
	}
	return some(tree, tree.source.Modules()...)
}

func newSource(t *testing.T) *Source {
	t.Helper()
	base := folder(t)
	source, err := NewSource(need.File(t, "build/kernels/6.1/modules"), filepath.Join(base, "lib/modules/1.0"))
	if err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(need.File(t, "bin/gomod"), "depmod", "-b", base, "1.0").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, said)
	}
	if err := source.Scan(); err != nil {
		t.Fatal(err)
	}
	if err := source.MakeBombs(folder(t)); err != nil {
		t.Fatal(err)
	}
	if n := len(source.Modules()); n < 60 {
		t.Fatalf("only %d modules", n)
	}
	return source
}

// folder is one in memory, where there is such, for thousands of trees are laid down.
func folder(t *testing.T) string {
	t.Helper()
	parent := "/dev/shm"
	if unix.Access(parent, unix.W_OK) != nil {
		parent = ""
	}
	dir, err := os.MkdirTemp(parent, "gomod-hostile-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// build makes a gomod whose folders are those of the trees at root.
func build(t *testing.T, root string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "gomod")
	flags := "-s -w -X main.moduleDirectory=" + root + "/lib/modules -X main.sysconfDirectory=" + root + "/etc -X main.distconfDirectory=" + root + "/usr/lib"
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", flags, "-o", program, "./cmd/gomod")
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, said)
	}
	return program
}

func machineRelease(t *testing.T) string {
	t.Helper()
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		t.Fatal(err)
	}
	return unix.ByteSliceToString(name.Release[:])
}

func atoi(t *testing.T, digits string) int {
	t.Helper()
	n, err := strconv.Atoi(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
