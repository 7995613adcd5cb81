//go:build guest

package guest

import (
	"context"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// kit is one toolset at work, with a record of what it did.
type kit struct {
	t       *testing.T
	tools   toolset
	results []result
}

// run runs a tool by its name.
func (k *kit) run(tool string, args ...string) result {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(k.t.Context(), 60*time.Second)
	defer cancel()
	r := finish(k.t, k.tools.command(ctx, tool, args...))
	k.results = append(k.results, r)
	return r
}

// note adds to the record something that commands brought about.
func (k *kit) note(what, value string) {
	k.results = append(k.results, result{command: what, stdout: value + "\n"})
}

// both plays a scenario with C kmod and then with gomod, from the same state of the kernel, and demands the same of every command
// and note.
func both(t *testing.T, scenario func(t *testing.T, k *kit)) {
	t.Helper()
	leaveAsFound(t)
	c, g := play(t, ckmod, scenario), play(t, gomod, scenario)
	if len(c) != len(g) {
		t.Fatalf("%d commands with C kmod, %d with gomod", len(c), len(g))
	}
	for i := range c {
		same(t, c[i], g[i])
	}
}

func play(t *testing.T, tools toolset, scenario func(t *testing.T, k *kit)) []result {
	t.Helper()
	k := &kit{tools: tools}
	t.Run(tools.String(), func(t *testing.T) {
		k.t = t
		scenario(t, k)
	})
	return k.results
}

// bothAsSbin is both for scenarios in which something else calls the tools: those of the toolset at work stand in /sbin.
func bothAsSbin(t *testing.T, scenario func(t *testing.T, k *kit)) {
	t.Helper()
	both(t, func(t *testing.T, k *kit) {
		t.Helper()
		if k.tools != gomod {
			if err := unix.Mount(string(k.tools), string(gomod), "", unix.MS_BIND, ""); err != nil {
				t.Fatal(err)
			}
			defer unix.Unmount(string(gomod), 0)
		}
		scenario(t, k)
	})
}
