package depmod

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// withDeps makes modules m0, m1, ... that need those of these numbers, and counts the users of each.
func withDeps(deps ...[]int32) (r *run, users []int) {
	var paths []string
	for i := range deps {
		paths = append(paths, "m"+strconv.Itoa(i)+".ko")
	}
	r = withModules(paths...)
	users = make([]int, len(deps))
	for i, of := range deps {
		r.modules[i].deps = of
		for _, dep := range of {
			users[dep]++
		}
	}
	return r, users
}

func cyclesOf(t *testing.T, deps ...[]int32) ([]string, int) {
	t.Helper()
	r, users := withDeps(deps...)
	var cycle *CycleError
	if err := r.cycles(users); !errors.As(err, &cycle) {
		t.Fatal(err)
	}
	var texts []string
	for _, names := range cycle.Cycles {
		texts = append(texts, strings.Join(names, " "))
	}
	return texts, cycle.Modules
}

func TestCycles(t *testing.T) {
	for _, test := range []struct {
		deps    [][]int32
		want    string
		modules int
	}{
		{[][]int32{{1}, {0}}, "m0 m1 m0", 2},
		{[][]int32{{0}}, "m0 m0", 1},
		{[][]int32{{1}, {2}, {0}, {0}}, "m0 m1 m2 m0", 3},
		{[][]int32{{1}, {0}, {3}, {2}}, "m0 m1 m0|m2 m3 m2", 4},
		// From m0 the walk meets m1 twice, which is not where it began: C kmod would walk on for ever.
		{[][]int32{{1}, {2}, {1}, {0}}, "m1 m2 m1", 2},
	} {
		texts, modules := cyclesOf(t, test.deps...)
		if got := strings.Join(texts, "|"); got != test.want || modules != test.modules {
			t.Errorf("%v: %s, %d modules", test.deps, got, modules)
		}
	}
}

// TestEveryCycleIsOne: in trees that were made at random each cycle that is told is a way along needs that ends where it began, and each module
// that can come back to itself is in one.
func TestEveryCycleIsOne(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		n := 1 + random.IntN(7)
		deps := make([][]int32, n)
		for i := range deps {
			for dep := range int32(n) {
				if random.IntN(4) == 0 {
					deps[i] = append(deps[i], dep)
				}
			}
		}
		told := make(map[string]bool)
		texts, _ := cyclesOf(t, deps...)
		for _, text := range texts {
			names := strings.Fields(text)
			if len(names) < 2 {
				continue // a root that another walk came by is told alone
			}
			if names[0] != names[len(names)-1] {
				t.Errorf("%v: %s", deps, text)
			}
			for i, name := range names[1:] {
				told[name] = true
				from, _ := strconv.Atoi(names[i][1:])
				to, _ := strconv.Atoi(name[1:])
				if !slices.Contains(deps[from], int32(to)) {
					t.Errorf("%v: %s", deps, text)
				}
			}
		}
		for i := range deps {
			if name := "m" + strconv.Itoa(i); reaches(deps, i, i) != told[name] {
				t.Errorf("%v: %s in %q is %v", deps, name, texts, told[name])
			}
		}
	}
}

// reaches tells whether there is a way of at least one step.
func reaches(deps [][]int32, from, to int) bool {
	seen := make([]bool, len(deps))
	pending := []int{from}
	for len(pending) > 0 {
		at := pending[0]
		pending = pending[1:]
		for _, dep := range deps[at] {
			if int(dep) == to {
				return true
			}
			if !seen[dep] {
				seen[dep] = true
				pending = append(pending, int(dep))
			}
		}
	}
	return false
}

func TestOutdated(t *testing.T) {
	dir := t.TempDir()
	var events []Event
	report := func(e Event) { events = append(events, e) }
	write := func(path string, age time.Duration) {
		t.Helper()
		full := filepath.Join(dir, path)
		at := time.Now().Add(-age)
		err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, nil, 0o600), os.Chtimes(full, at, at))
		if err != nil {
			t.Fatal(err)
		}
	}
	if outdated, err := Outdated(dir, report); !outdated || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without modules.dep: %v %v", outdated, err)
	}
	if outdated, err := Outdated(dir+"/none", report); !outdated || err != nil || len(events) != 1 || events[0].Kind != UnopenedFolder {
		t.Errorf("without a folder: %v %v %+v", outdated, err, events)
	}
	write("modules.dep", time.Hour)
	write("kernel/a.ko", 2*time.Hour)
	write("kernel/notes.txt", 0)
	write("build/new.ko", 0)
	if outdated, err := Outdated(dir, report); outdated || err != nil {
		t.Errorf("nothing is newer: %v %v", outdated, err)
	}
	write("kernel/deep/b.ko.xz", time.Minute)
	if outdated, err := Outdated(dir, report); !outdated || err != nil {
		t.Errorf("a newer module: %v %v", outdated, err)
	}
}
