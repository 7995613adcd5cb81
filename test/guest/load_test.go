//go:build guest

package guest

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// load is how much there is to bear: a little in every test, all of it where the host asks for it.
type load struct {
	cycles int
	time   time.Duration
}

// howMuch is all where the host says 1, and so many cycles where it says another number.
func howMuch() load {
	switch cycles, err := strconv.Atoi(os.Getenv("GOMOD_TEST_LOAD")); {
	case err == nil && cycles > 1:
		return load{cycles, 10 * time.Minute}
	case err == nil:
		return load{10000, 10 * time.Minute}
	}
	return load{60, time.Second}
}

// TestLoadCycles loads and removes again and again, now by insmod and rmmod, now by modprobe with what the module needs.
func TestLoadCycles(t *testing.T) {
	leaveAsFound(t)
	before := modulesFile(t)
	k := &kit{t: t, tools: gomod}
	cycle := func(i int) {
		k.results = nil
		if i%2 == 0 {
			ok(t, k.run("insmod", ours("gm_c.ko")))
			ok(t, k.run("rmmod", "gm_c"))
			return
		}
		ok(t, k.run("modprobe", "gm_a"))
		if i%1000 == 1 {
			if names := strings.Join(loaded(t), " "); names != "gm_a gm_b gm_c" {
				t.Errorf("loaded: %s", names)
			}
		}
		ok(t, k.run("modprobe", "-r", "--remove-unused", "gm_a"))
	}
	// The first ones fill the kernel's caches.
	for i := range 10 {
		cycle(i)
	}
	memory, start, cycles := readMemory(t), time.Now(), howMuch().cycles
	for i := range cycles {
		cycle(i)
	}
	took := time.Since(start)
	change := checkMemory(t, memory)
	if after := modulesFile(t); after != before {
		t.Errorf("/proc/modules before:\n%s\nand after:\n%s", before, after)
	}
	t.Logf("compared: %d cycles of load and unload in %s, kernel %s; %s", cycles, took.Round(time.Second), filepath.Base(tree(t)), change)
}

// TestLoadTogether has fifty modprobes at once over sets that need the same modules, again and again, while depmod writes the indexes that
// they read. Then fifty remove at once, and may find a module in use or gone, but nothing else.
func TestLoadTogether(t *testing.T) {
	leaveAsFound(t)
	before := modulesFile(t)
	k := &kit{t: t, tools: gomod}
	// What is found nowhere else is that the sets overlap: all neighbours share two modules.
	names := append(Distribution(), "gm_a", "gm_ns", "gm_softdep", "gm_text")
	set := func(i int) []string {
		return []string{names[i%len(names)], names[(i+1)%len(names)], names[(i+2)%len(names)]}
	}
	counts := func() map[string]int {
		of := make(map[string]int)
		for _, row := range procModules(t) {
			of[row.name] = row.refcount
		}
		return of
	}
	for i := range names {
		ok(t, k.run("modprobe", names[i]))
	}
	want := counts()
	unloadAll(t, k)

	ctx, stop := context.WithCancel(t.Context())
	var indexing sync.WaitGroup
	indexed := 0
	endIndexing := func() {
		stop()
		indexing.Wait()
	}
	t.Cleanup(endIndexing) // where the test ends early: nothing may be reported behind its end
	indexing.Go(func() {
		for ; ctx.Err() == nil; indexed++ {
			// The last one comes to its end, too: other tests read what it leaves.
			if said, err := gomod.command(context.WithoutCancel(ctx), "depmod").CombinedOutput(); err != nil || len(said) > 0 {
				t.Errorf("depmod: %v: %s", err, said)
				return
			}
		}
	})
	memory, start, rounds := readMemory(t), time.Now(), 0
	for ; rounds == 0 || time.Since(start) < howMuch().time && !t.Failed(); rounds++ {
		for _, c := range fifty(t, func(i int) []string { return append([]string{"modprobe", "-a"}, set(i)...) }) {
			if c.err != nil || c.said != "" {
				t.Errorf("%s: %v: %s", c, c.err, c.said)
			}
		}
		if got := counts(); !maps.Equal(got, want) {
			t.Errorf("modules and their users: %v\nby one after the other: %v", got, want)
		}
		for _, c := range fifty(t, func(i int) []string { return append([]string{"modprobe", "-r", "-a"}, set(i)...) }) {
			for line := range strings.Lines(c.said) {
				if !expectedInRace(line) {
					t.Errorf("%s: %v: %s", c, c.err, line)
				}
			}
		}
		unloadAll(t, k)
	}
	took := time.Since(start)
	endIndexing()
	change := checkMemory(t, memory)
	if after := modulesFile(t); after != before {
		t.Errorf("/proc/modules before:\n%s\nand after:\n%s", before, after)
	}
	t.Logf("compared: %d rounds of fifty modprobes at once in %s while depmod ran %d times, kernel %s; %s", rounds, took.Round(time.Second), indexed, filepath.Base(tree(t)), change)
}

// expectedInRace tells of what somebody who removes modules hears when others do so at the same time, in the words that C kmod has.
func expectedInRace(line string) bool {
	return strings.HasPrefix(line, "  ") || strings.Contains(line, " is in use") || strings.Contains(line, "could not remove '") &&
		(strings.HasSuffix(line, ": No such file or directory\n") || strings.HasSuffix(line, ": Resource temporarily unavailable\n") || strings.HasSuffix(line, ": Device or resource busy\n"))
}

// call is a command that ran beside others.
type call struct {
	*exec.Cmd
	said string
	err  error
}

func fifty(t *testing.T, argv func(i int) []string) []call {
	t.Helper()
	var calls [50]call
	var said [50]strings.Builder
	for i := range calls {
		words := argv(i)
		calls[i].Cmd = gomod.command(t.Context(), words[0], words[1:]...)
		calls[i].Stderr = &said[i]
		if err := calls[i].Start(); err != nil {
			t.Fatal(err)
		}
	}
	for i := range calls {
		calls[i].err = calls[i].Wait()
		calls[i].said = said[i].String()
	}
	return calls[:]
}

// modulesFile is /proc/modules as it is.
func modulesFile(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("/proc/modules")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// memory is what the kernel has for itself, in KiB, by the names of /proc/meminfo.
type memory map[string]int

var memoryFields = []string{"Slab", "VmallocUsed", "KernelStack", "Percpu"}

func readMemory(t *testing.T) memory {
	t.Helper()
	// Memory of modules and of processes goes back a while after they went.
	os.WriteFile("/proc/sys/vm/drop_caches", []byte("2\n"), 0)
	time.Sleep(time.Second)
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		t.Fatal(err)
	}
	m := make(memory)
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		for _, name := range memoryFields {
			if fields[0] == name+":" {
				m[name] = number(t, fields[1])
			}
		}
	}
	return m
}

// checkMemory fails a test after which the kernel has more, and gives the change in words. A page for each of ten thousand cycles would be 40 MB.
func checkMemory(t *testing.T, before memory) string {
	t.Helper()
	const most = 8 << 10
	after := readMemory(t)
	var words []string
	for _, name := range memoryFields {
		if after[name] > before[name]+most {
			t.Errorf("%s has grown from %d to %d kB", name, before[name], after[name])
		}
		words = append(words, name+" "+itoa(before[name])+" to "+itoa(after[name])+" kB")
	}
	return strings.Join(words, ", ")
}
