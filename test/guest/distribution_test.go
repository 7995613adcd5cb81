//go:build guest

package guest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The distribution's own modules, each after what it needs, and away again in the opposite order.
func TestDistributionModules(t *testing.T) {
	leaveAsFound(t)
	k := &kit{t: t, tools: gomod}
	dir := tree(t)
	files := insertionOrder(t, dir, Distribution())
	if len(files) < 30 {
		t.Fatalf("only %d modules: %v", len(files), files)
	}
	for _, file := range files {
		ok(t, k.run("insmod", filepath.Join(dir, file)))
		if name := moduleName(file); sysModule(t, name, "initstate") != "live" {
			t.Errorf("%s is not live", name)
		}
	}
	if c, g := (&kit{t: t, tools: ckmod}).run("lsmod"), k.run("lsmod"); true {
		same(t, c, g)
		checkEqual(t, parseLsmod(t, g.stdout), procModules(t))
	}
	for _, file := range slices.Backward(files) {
		ok(t, k.run("rmmod", moduleName(file)))
	}
	t.Logf("%d modules, suffix %s", len(files), filepath.Ext(files[0]))
}

// insertionOrder lists the files of the modules and of all they need, none before what it needs. A line of modules.dep has
// what is needed most at its end. Modules without a line are built in.
func insertionOrder(t *testing.T, dir string, names []string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "modules.dep"))
	if err != nil {
		t.Fatal(err)
	}
	lines := make(map[string][]string)
	for line := range strings.Lines(string(text)) {
		files := strings.Fields(strings.Replace(line, ":", "", 1))
		lines[moduleName(files[0])] = files
	}
	var order []string
	for _, name := range names {
		for _, file := range slices.Backward(lines[strings.ReplaceAll(name, "-", "_")]) {
			if !slices.Contains(order, file) {
				order = append(order, file)
			}
		}
	}
	return order
}
