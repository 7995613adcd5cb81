package compare

import (
	"fmt"
	"strings"
	"testing"
)

// deepSoftdeps are modules that only remove commands make known, each with soft dependencies on the three behind it.
func deepSoftdeps(depth int, command string) string {
	var lines strings.Builder
	for i := range depth + 3 {
		fmt.Fprintf(&lines, "remove m%d %s\n", i, command)
		if i < depth {
			fmt.Fprintf(&lines, "softdep m%d pre: m%d m%d post: m%d\n", i, i+1, i+2, i+3)
		}
	}
	return lines.String()
}

// TestModprobeDeepSoftdeps has each module come again by every way that leads to it, as C kmod has it, until there are so many ways that
// C kmod would print lines for years.
func TestModprobeDeepSoftdeps(t *testing.T) {
	root := newModprobeRoot(t)
	config := func(depth int, command string) { root.Write("etc/modprobe.d/a.conf", deepSoftdeps(depth, command)) }
	for depth := range 11 {
		config(depth, "true")
		modprobe(t, root, "-r -n -v m0\n-r -D m0\n-n -v m0\n-D m0\n-r -n -v -i m0")
	}
	config(6, "echo $MODPROBE_MODULE")
	modprobe(t, root, "-r m0")
	config(40, "echo ran")
	refused := Result{Status: 1, Stderr: "modprobe: ERROR: could not remove 'm0': its soft dependencies lead through too many modules: see softdep in modprobe.d(5)\n"}
	for _, line := range []string{"-r m0", "-r -n -v m0", "-r -D m0", "-r -a m0"} {
		if got := Gomod(t, Call{Root: root.Dir, Argv: modprobeWords(root, line)}); got != refused {
			t.Errorf("modprobe %s: %v", line, got)
		}
	}
	modprobe(t, root, "-n -v m0\n-D m0")
}
