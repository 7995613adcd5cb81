package kmod

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// longChain is a modules.dep in which each of n modules needs all before it, and a softdep line that asks for all of them.
func longChain(n int) (dep, conf string) {
	var deps, softdep strings.Builder
	deps.WriteString("h.ko:\n")
	softdep.WriteString("softdep h pre:")
	for i := range n {
		fmt.Fprintf(&deps, "m%d.ko:", i)
		for j := i - 1; j >= 0; j-- {
			fmt.Fprintf(&deps, " m%d.ko", j)
		}
		deps.WriteString("\n")
		fmt.Fprintf(&softdep, " m%d", i)
	}
	return deps.String(), softdep.String() + "\n"
}

// A plan of many steps is small: as C kmod has it, each module's turn brings all that it needs again, 1,500 modules a million steps.
func TestLongChainIsSmall(t *testing.T) {
	const modules, mostBytes = 400, 64
	dep, conf := longChain(modules)
	w := newWorld(t, dep, conf)
	before := live()
	plan := w.planner.Insertion(w.only("h"), InsertRequest{})
	each := (live() - before) / plan.Len()
	if want := modules*(modules+1)/2 + 1; plan.Len() != want {
		t.Errorf("%d steps, not %d", plan.Len(), want)
	}
	t.Logf("%d bytes for each step", each)
	if each > mostBytes {
		t.Error("too many")
	}
	runtime.KeepAlive(w)
}

// live are the bytes in use.
func live() int {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

// A dry run asks the kernel once for each module, however often it comes.
func TestDryRunAsksOnce(t *testing.T) {
	dep, conf := longChain(3)
	w := newWorld(t, dep, conf)
	runner := w.runner()
	runner.DryRun = true
	runner.Taking = func(step *Step) { w.did(step.Module.Name); w.loaded("m0", "0") }
	if err := runner.Insert(runner.Insertion(w.only("h"), InsertRequest{}), InsertRequest{}); err != nil {
		t.Error(err)
	}
	w.check("m0 would be seen the second time", "m0", "m0", "m1", "m0", "m1", "m2", "h")
}

// Names that are aliases of all modules, in the softdep line of each of these, would be 27 million dependencies.
func TestTooManySoftdeps(t *testing.T) {
	const modules, mostBytes = 300, 100 << 20
	var conf strings.Builder
	for i := range modules {
		fmt.Fprintf(&conf, "alias x* m%d\nsoftdep m%d pre:", i, i)
		for j := range modules {
			fmt.Fprintf(&conf, " x%d", j)
		}
		conf.WriteString("\n")
	}
	w := newWorld(t, "", conf.String())
	modulesOfX, err := w.planner.Tree.Lookup("x")
	if err != nil || len(modulesOfX) != modules {
		t.Fatal(len(modulesOfX), err)
	}
	before := live()
	plan := w.planner.Insertion(modulesOfX[0], InsertRequest{})
	if grown := live() - before; plan.Outcome != Excessive || plan.Len() != 0 || grown > mostBytes {
		t.Errorf("outcome %d, %d steps, %d bytes", plan.Outcome, plan.Len(), grown)
	}
	var effort *EffortError
	if err := w.runner().Insert(plan, InsertRequest{}); !errors.As(err, &effort) || effort.Name != "m0" {
		t.Error(err)
	}
	w.check("nothing is done")
	runtime.KeepAlive(w)
}

// Names that nothing has are looked up, too, and no more of them than that ends in good time: modules.softdep has room for 600,000.
func TestTooManyNames(t *testing.T) {
	for _, test := range []struct {
		names   int
		outcome Outcome
		mostUp  int
	}{{2000, Proceed, 2000}, {50_000, Excessive, 5000}} {
		var conf strings.Builder
		conf.WriteString("softdep h pre:")
		for i := range test.names {
			fmt.Fprintf(&conf, " n%d", i)
		}
		w := newWorld(t, "h.ko:\n", conf.String()+"\n")
		plan := w.planner.Insertion(w.only("h"), InsertRequest{})
		if lookedUp := len(w.planner.found); plan.Outcome != test.outcome || lookedUp > test.mostUp {
			t.Errorf("%d names: outcome %d, %d looked up", test.names, plan.Outcome, lookedUp)
		}
		// What was cut short is not taken for the whole when the module comes again.
		w.runner().NextOperand()
		if plan := w.planner.Insertion(w.only("h"), InsertRequest{}); plan.Outcome != test.outcome {
			t.Errorf("%d names: outcome %d for the next operand", test.names, plan.Outcome)
		}
	}
}

// deepSoftdeps has two soft dependencies before each module and one after it.
func deepSoftdeps(depth int) (dep, conf string) {
	var deps, lines strings.Builder
	for i := range depth + 3 {
		fmt.Fprintf(&deps, "m%d.ko:\n", i)
		if i < depth {
			fmt.Fprintf(&lines, "softdep m%d pre: m%d m%d post: m%d\n", i, i+1, i+2, i+3)
		}
	}
	return deps.String(), lines.String()
}

func TestDeepSoftdepsInsertedOnce(t *testing.T) {
	dep, conf := deepSoftdeps(40)
	w := newWorld(t, dep, conf)
	if plan := w.planner.Insertion(w.only("m0"), InsertRequest{}); plan.Len() != 43 {
		t.Errorf("%d steps", plan.Len())
	}
}

// Where modules stay in the kernel, each comes again by every way that leads to it: 2 to the 24th of them and more, here.
func TestRemovalsAreBounded(t *testing.T) {
	for _, test := range []struct {
		what, conf string
		refcnt     string // "" for modules that are not loaded
		request    RemoveRequest
		dry        bool
	}{
		{"listed", "", "", RemoveRequest{Depends: true}, true},
		{"removed in a dry run", "", "0", RemoveRequest{}, true},
		{"removed by commands", "remove m* true\n", "", RemoveRequest{}, false},
		{"in use", "", "1", RemoveRequest{}, false},
	} {
		dep, conf := deepSoftdeps(40)
		w := newWorld(t, dep, conf+test.conf)
		for i := range 43 {
			if test.refcnt != "" {
				w.loaded(fmt.Sprint("m", i), test.refcnt)
			}
		}
		runner := w.runner()
		runner.DryRun = test.dry
		most := 1000
		runner.TakingAway = func(RemovalStep) { w.countdown(&most) }
		runner.NotRemoved = func(error) bool { w.countdown(&most); return false }
		var effort *EffortError
		if err := runner.Remove(w.only("m0"), test.request); !errors.As(err, &effort) || effort.Name != "m0" {
			t.Errorf("%s: %v", test.what, err)
		}
		w.check(test.what)
	}
}

// countdown ends a test that has no end.
func (w *world) countdown(left *int) {
	w.t.Helper()
	if *left--; *left < 0 {
		w.t.Fatal("it goes on and on")
	}
}

// What is within the bound comes as often as C kmod has it, see test/compare. Modules that are not there end the way.
func TestRemovalsWithinTheBound(t *testing.T) {
	dep, conf := deepSoftdeps(40)
	w := newWorld(t, dep, conf)
	w.loaded("m0", "0")
	runner := w.runner()
	runner.DryRun = true
	if err := runner.Remove(w.only("m0"), RemoveRequest{}); err != nil {
		t.Error(err)
	}
	w.check("the others are not loaded", "remove m0")
	holders := "sys/module/m39/holders/m0/x"
	w.write(holders, "")
	w.loaded("m39", "0")
	if err := runner.Remove(w.only("m39"), RemoveRequest{Holders: true}); err != nil {
		t.Error(err)
	}
	w.check("a holder", "remove m0", "remove m39")
}
