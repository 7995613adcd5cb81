package kmod

import (
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
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
	var before, after syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	for _, module := range modules[:50] {
		if plan := runner.Insertion(module, InsertRequest{}); plan.Len() < n {
			t.Fatalf("%d steps", plan.Len())
		}
	}
	syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	const most = 2 * time.Second // without the memory of what was looked up: 5 s, and growing by the square
	if took := time.Duration(after.Utime.Nano() - before.Utime.Nano()); took > most {
		t.Errorf("%s of CPU", took)
	} else {
		t.Logf("%s of CPU", took)
	}
}
