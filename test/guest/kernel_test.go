//go:build guest

package guest

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// row is a line of /proc/modules, as in
//
//	gm_c 12288 1 gm_b, Live 0xffffffffc0a1d000 (OE)
type row struct {
	name           string
	size, refcount int
	users          []string
	state          string
}

// procModules is what the kernel says of itself.
func procModules(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile("/proc/modules")
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 5 {
			t.Fatalf("/proc/modules has the line %q", line)
		}
		rows = append(rows, row{fields[0], number(t, fields[1]), number(t, fields[2]), userNames(fields[3]), fields[4]})
	}
	return rows
}

// userNames splits the fourth column; `[permanent],` stands for no exit function.
func userNames(column string) []string {
	var names []string
	for name := range strings.SplitSeq(column, ",") {
		if name != "" && name != "-" && !strings.HasPrefix(name, "[") {
			names = append(names, name)
		}
	}
	return names
}

func number(t *testing.T, digits string) int {
	t.Helper()
	n, err := strconv.Atoi(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// loaded lists the names of the loaded modules, sorted.
func loaded(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, r := range procModules(t) {
		names = append(names, r.name)
	}
	slices.Sort(names)
	return names
}

func isLoaded(t *testing.T, name string) bool {
	t.Helper()
	return slices.Contains(loaded(t), name)
}

func sysModule(t *testing.T, elements ...string) string {
	t.Helper()
	content, err := os.ReadFile("/sys/module/" + filepath.Join(elements...))
	if err != nil {
		t.Error(err)
	}
	return strings.TrimSuffix(string(content), "\n")
}

// leaveAsFound fails a test that leaves other modules loaded than it found, and takes away what it left.
func leaveAsFound(t *testing.T) {
	t.Helper()
	before := loaded(t)
	t.Cleanup(func() {
		after := loaded(t)
		if slices.Equal(before, after) {
			return
		}
		t.Errorf("loaded before: %v\nand after: %v", before, after)
		for range after { // each round can free a module that another one needed
			for _, name := range loaded(t) {
				if !slices.Contains(before, name) {
					unix.DeleteModule(name, removeFlags(name))
				}
			}
		}
	})
}

// removeFlags asks for force only where nothing else helps and nothing can go wrong.
func removeFlags(name string) int {
	if name == "gm_noexit" {
		return unix.O_NONBLOCK | unix.O_TRUNC
	}
	return unix.O_NONBLOCK
}

// insert loads a plain module without any tool.
func insert(file string) error { return finit(file, 0) }

// finit gives the errno of finit_module(2).
func finit(file string, flags int) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.FinitModule(int(f.Fd()), "", flags)
}

// one gives the only file that matches.
func one(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) != 1 {
		t.Fatalf("%s matches %v (%v), want one file", pattern, files, err)
	}
	return files[0]
}

// tree is the folder of the distribution's modules.
func tree(t *testing.T) string {
	t.Helper()
	return one(t, "/lib/modules/*")
}
