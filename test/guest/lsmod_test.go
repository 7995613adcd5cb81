//go:build guest

package guest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestLsmodRefusesOperands(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		refused(t, k.run("lsmod", "gm_c"), "lsmod: ERROR: too many arguments provided.")
		ok(t, k.run("kmod", "list"))
	})
}

// A module is listed while its init runs, and cannot be removed then. What a second insmod gets meanwhile is the kernel's choice.
func TestComing(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		inserting := k.tools.command(t.Context(), "insmod", ours("gm_sleep.ko"), "ms=3000")
		if err := inserting.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool { return state("gm_sleep") == "coming" })
		ok(t, k.run("lsmod"))
		refused(t, k.run("rmmod", "gm_sleep"), "rmmod: ERROR: Module gm_sleep is in use")
		if state("gm_sleep") != "coming" {
			t.Error("init ended too early for this test")
		}
		k.run("insmod", ours("gm_sleep.ko"))
		if err := inserting.Wait(); err != nil {
			t.Errorf("insmod: %v", err)
		}
		ok(t, k.run("lsmod"))
		ok(t, k.run("rmmod", "gm_sleep"))
	})
}

// state is live, coming, going, or empty for a module that is not there.
func state(module string) string {
	content, _ := os.ReadFile("/sys/module/" + module + "/initstate")
	return strings.TrimSpace(string(content))
}

func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited for 20 seconds")
		}
	}
}

// churn loads and unloads a chain in random steps, with random pauses, until it is stopped.
type churn struct {
	// steps counts the beginnings and the ends of steps: it is odd while the kernel's list may be changing.
	steps atomic.Int64
	stop  atomic.Bool
	err   error // for after the end
	ended chan struct{}
}

func startChurn(t *testing.T, modules []string, pause time.Duration) *churn {
	c := &churn{ended: make(chan struct{})}
	t.Cleanup(c.end)
	go func() {
		defer close(c.ended)
		for depth := 0; c.err == nil; {
			up := depth < len(modules) && (depth == 0 || rand.IntN(2) == 0)
			if c.stop.Load() {
				if up = false; depth == 0 {
					return
				}
			}
			c.steps.Add(1)
			if up {
				c.err = insert(ours(modules[depth]))
				depth++
			} else {
				depth--
				c.err = unix.DeleteModule(moduleName(modules[depth]), unix.O_NONBLOCK)
			}
			c.steps.Add(1)
			time.Sleep(rand.N(pause))
		}
	}()
	return c
}

// end unloads what is loaded and waits until that is done.
func (c *churn) end() {
	c.stop.Store(true)
	<-c.ended
}

// lsmod agrees with /proc/modules while modules come and go.
func TestLsmodWhileModulesComeAndGo(t *testing.T) {
	leaveAsFound(t)
	k := &kit{t: t, tools: gomod}
	ok(t, k.run("insmod", ours("gm_params.ko")))
	moving := []string{"gm_c.ko", "gm_b.ko", "gm_a.ko"}
	sizes := sizesOf(t, k, moving)

	// A pause is long enough for lsmod, now and then.
	start := time.Now()
	ok(t, k.run("lsmod"))
	c := startChurn(t, moving, 4*time.Since(start))
	calm, changing := 0, 0
	for deadline := time.Now().Add(8 * time.Second); time.Now().Before(deadline); {
		stepsBefore, before := c.steps.Load(), procModules(t)
		listed := parseLsmod(t, ok(t, k.run("lsmod")).stdout)
		after, stepsAfter := procModules(t), c.steps.Load()
		if stepsBefore == stepsAfter && stepsBefore%2 == 0 {
			calm++
			checkEqual(t, listed, before)
			continue
		}
		changing++
		checkPossible(t, listed, sizes, before, after)
		if stepsAfter-stepsBefore <= 1 { // a single step cannot take a module away and bring it back
			checkComplete(t, listed, before, after)
		}
	}
	c.end()
	if c.err != nil {
		t.Errorf("cannot load and unload: %v", c.err)
	}
	t.Logf("%d steps; lsmod ran %d times while nothing changed and %d times while something did", c.steps.Load()/2, calm, changing)
	if calm < 5 || changing < 5 {
		t.Error("that is too few to say anything")
	}
	ok(t, k.run("rmmod", "gm_params"))
}

// sizesOf loads everything once, and leaves gm_params alone loaded.
func sizesOf(t *testing.T, k *kit, files []string) map[string]int {
	t.Helper()
	for _, file := range files {
		ok(t, k.run("insmod", ours(file)))
	}
	sizes := make(map[string]int)
	for _, r := range procModules(t) {
		sizes[r.name] = r.size
	}
	for _, file := range slices.Backward(files) {
		ok(t, k.run("rmmod", moduleName(file)))
	}
	return sizes
}

// parseLsmod takes lsmod's rows apart, as in
//
//	gm_c                   12288  1 gm_b
func parseLsmod(t *testing.T, stdout string) []row {
	t.Helper()
	header, rows, _ := strings.Cut(stdout, "\n")
	if header != "Module                  Size  Used by" {
		t.Fatalf("lsmod begins with %q", header)
	}
	var parsed []row
	for line := range strings.Lines(rows) {
		r := row{state: "Live"}
		var users string
		if n, err := fmt.Sscan(line, &r.name, &r.size, &r.refcount, &users); n < 3 {
			t.Fatalf("lsmod has the line %q: %v", line, err)
		}
		r.users = userNames(users)
		parsed = append(parsed, r)
	}
	return parsed
}

func checkEqual(t *testing.T, listed, truth []row) {
	t.Helper()
	equal := slices.EqualFunc(listed, truth, func(a, b row) bool {
		slices.Sort(a.users)
		slices.Sort(b.users)
		return a.name == b.name && a.size == b.size && a.refcount == b.refcount && slices.Equal(a.users, b.users)
	})
	if !equal {
		t.Errorf("lsmod says      %v\nthe kernel says %v", listed, truth)
	}
}

// checkPossible holds each row against what can be true of its module at some moment: its size (with what only init needs,
// perhaps), and no more references than one for its own init and one for the module that needs it. The kernel itself says -1 of a
// module that it is just removing.
func checkPossible(t *testing.T, listed []row, sizes map[string]int, before, after []row) {
	t.Helper()
	for _, r := range listed {
		size, known := sizes[r.name]
		if !known || r.size < size || r.size > size+64<<10 || r.refcount < -1 || r.refcount > 2 || len(r.users) > 1 {
			t.Errorf("lsmod says %v; the modules are %v\nbefore %v\nafter %v", r, slices.Sorted(maps.Keys(sizes)), before, after)
		}
	}
}

// checkComplete demands every module that was there before and after.
func checkComplete(t *testing.T, listed, before, after []row) {
	t.Helper()
	for _, r := range before {
		named := func(other row) bool { return other.name == r.name }
		if slices.ContainsFunc(after, named) && !slices.ContainsFunc(listed, named) {
			t.Errorf("%s was loaded all the time but is not in %v\nbefore %v\nafter %v", r.name, listed, before, after)
		}
	}
}
