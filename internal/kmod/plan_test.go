package kmod

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gomod/internal/resolve"
)

const chain = "a.ko: b.ko c.ko\nb.ko: c.ko\nc.ko:\nd.ko:\ne.ko:\n"

func TestInsertionSteps(t *testing.T) {
	for _, test := range []struct {
		what, config, want string
		name               string
		request            InsertRequest
	}{
		{"dependencies, the deepest first", "", "c required, b required, a [p=1] required wanted", "a", InsertRequest{Parameters: "p=1"}},
		{"options", "options a x\noptions c  y \n", "c [ y  ] required, b required, a [x p] required wanted", "a", InsertRequest{Parameters: "p"}},
		{"options of an alias", "alias al d\noptions al x\noptions d y\n", "d [x y ] required wanted", "al", InsertRequest{}},
		{"soft dependencies around each", "softdep c pre: d post: e\n", "d, c required, e, b required, a required wanted", "a", InsertRequest{}},
		{"a shared one comes again, a soft one once", "softdep c pre: d\nsoftdep a pre: b\n",
			"d, c required, b required, c required, b required, a required wanted", "a", InsertRequest{}},
		{"unknown soft dependencies are left out", "softdep d pre: nobody post: x1\n", "d required wanted", "d", InsertRequest{}},
		{"cycle", "softdep d pre: e\nsoftdep e pre: d post: e\n", "e, d required wanted", "d", InsertRequest{}},
		{"command with soft dependencies", "install d cmd\nsoftdep d pre: e\n", "e, d by cmd required wanted", "d", InsertRequest{}},
		{"-i", "install d cmd\nsoftdep d pre: e\n", "d required wanted", "d", InsertRequest{IgnoreCommands: true}},
		{"-i is for the module itself only", "install c cmd\ninstall a no\n", "c by cmd required, b required, a required wanted", "a", InsertRequest{IgnoreCommands: true}},
		{"-D -i of a dependency with soft ones", "install c cmd\nsoftdep c pre: d\n", "d, c required, b required, a required wanted", "a",
			InsertRequest{IgnoreCommands: true, Depends: true}},
		{"-i stays with a module that comes again", "install a cmd\nsoftdep c pre: a\n",
			"c required, b required, a required wanted", "a", InsertRequest{IgnoreCommands: true}},
		{"command by pattern, and by the line that found it", "install x* one\ninstall xy two\n", "xy by two required wanted", "xy", InsertRequest{}},
		{"no file", "alias al nobody\n", "nobody without a file required wanted", "al", InsertRequest{}},
	} {
		w := newWorld(t, chain, test.config)
		plan := w.planner.Insertion(w.only(test.name), test.request)
		if got := stepTexts(plan); got != test.want || plan.Outcome != Proceed || plan.Problems != nil {
			t.Errorf("%s: %s %v %v, want %s", test.what, got, plan.Outcome, plan.Problems, test.want)
		}
	}
}

func TestRunningCommand(t *testing.T) {
	w := newWorld(t, chain, "install d cmd\nremove d bye\ninstall e cmd\n")
	w.planner.Running = "d"
	if got := stepTexts(w.planner.Insertion(w.only("d"), InsertRequest{})); got != "d required wanted" {
		t.Error(got)
	}
	if got := stepTexts(w.planner.Insertion(w.only("e"), InsertRequest{})); got != "e by cmd required wanted" {
		t.Error(got)
	}
	if removal := w.planner.Removal(w.only("d"), RemoveRequest{}); removal.Command != nil {
		t.Error(removal.Command)
	}
}

func TestOutcomes(t *testing.T) {
	w := newWorld(t, chain, "blacklist d\nalias al d\n")
	outcome := func(name string, request InsertRequest) Outcome {
		return w.planner.Insertion(w.only(name), request).Outcome
	}
	if plan := w.planner.Insertion(w.only("al"), InsertRequest{}); plan.Outcome != Blacklisted || plan.Where.Line != 1 {
		t.Errorf("by alias: %+v", plan)
	}
	if outcome("d", InsertRequest{}) != Proceed || outcome("d", InsertRequest{Blacklist: true}) != Blacklisted {
		t.Error("by name")
	}
	w.loaded("d", "0")
	if outcome("al", InsertRequest{}) != Present || outcome("d", InsertRequest{Depends: true}) != Proceed {
		t.Error("loaded")
	}
	w.write("sys/module/d/initstate", "coming\n")
	if outcome("d", InsertRequest{}) != Proceed {
		t.Error("coming counts as loaded")
	}
	w.write("sys/module/d/initstate", "odd\n")
	if plan := w.planner.Insertion(w.only("d"), InsertRequest{}); plan.Outcome != Proceed || len(plan.Problems) != 1 {
		t.Errorf("odd state: %+v", plan)
	}
}

func TestPlanProblems(t *testing.T) {
	w := newWorld(t, chain, "softdep d pre: x[ e\nsoftdep e pre: a\n")
	plan := w.planner.Insertion(w.only("d"), InsertRequest{})
	var dependency *DependencyError
	if len(plan.Problems) != 1 || !errors.As(plan.Problems[0], &dependency) || dependency.Name != "x[" {
		t.Errorf("problems: %v", plan.Problems)
	}
	if got := stepTexts(plan); got != "c, b, a, e, d required wanted" {
		t.Error(got)
	}
	module, err := w.planner.Tree.OfFile("/other/c.ko")
	if err != nil {
		t.Fatal(err)
	}
	w = newWorld(t, chain, "softdep c pre: a\n")
	plan = w.planner.Insertion(module, InsertRequest{})
	var conflict *PathConflictError
	if len(plan.Problems) != 1 || !errors.As(plan.Problems[0], &conflict) || conflict.Old != "/other/c.ko" || stepTexts(plan) != "a, c required wanted" {
		t.Errorf("conflict: %v, %s", plan.Problems, stepTexts(plan))
	}
}

// TestPlanIsBounded has soft dependencies of each module on all others, and hard ones on all before.
func TestPlanIsBounded(t *testing.T) {
	const count = 60
	var dep, conf strings.Builder
	for i := range count {
		fmt.Fprintf(&dep, "m%d.ko:", i)
		fmt.Fprintf(&conf, "softdep m%d pre:", i)
		for j := range count {
			if j < i {
				fmt.Fprintf(&dep, " m%d.ko", j)
			}
			fmt.Fprintf(&conf, " m%d", j)
		}
		dep.WriteString("\n")
		conf.WriteString("\n")
	}
	w := newWorld(t, dep.String(), conf.String())
	start := time.Now()
	plan := w.planner.Insertion(w.only("m59"), InsertRequest{})
	if plan.Len() > count*count || time.Since(start) > 20*time.Second {
		t.Errorf("%d steps in %v", plan.Len(), time.Since(start))
	}
}

func TestAliasesAreModulesOfTheirOwn(t *testing.T) {
	w := newWorld(t, chain, "alias al d\nsoftdep d pre: al\n")
	if got := stepTexts(w.planner.Insertion(w.only("d"), InsertRequest{})); got != "d, d required wanted" {
		t.Error(got)
	}
	if module := w.only("al"); module.Step != resolve.StepConfigAlias || module.Alias != "al" {
		t.Errorf("%+v", module)
	}
}
