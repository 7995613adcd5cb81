package kmod

import (
	"strconv"
	"strings"
	"testing"
)

// A module of many aliases, each of which leads to all of them again by soft dependencies, is planned for each in little time: 100 kB of
// modprobe.d once took 13 s.
func TestManyAliases(t *testing.T) {
	const n = 300
	var conf strings.Builder
	for i := range n {
		conf.WriteString("alias x* m" + strconv.Itoa(i) + "\nsoftdep m" + strconv.Itoa(i) + " pre: x" + strconv.Itoa(i) + "\n")
	}
	w := newWorld(t, "", conf.String())
	runner := w.runner()
	modules, err := runner.Tree.Lookup("xx")
	if err != nil || len(modules) != n {
		t.Fatal(len(modules), err)
	}
	next := 0
	objects := testing.AllocsPerRun(50, func() {
		if plan := runner.Insertion(modules[next], InsertRequest{}); plan.Len() < n {
			t.Fatalf("%d steps", plan.Len())
		}
		next++
	}) / n
	t.Logf("%.1f objects for each module of a plan", objects)
	const most = 3 // 1.1, and 8 to 29 without the memory of what was looked up
	if objects > most {
		t.Error("too many")
	}
}
