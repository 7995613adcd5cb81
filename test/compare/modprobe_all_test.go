package compare

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gomod/internal/glob"
	"gomod/internal/modname"
	"gomod/test/need"
)

// everyKernel are the trees whose every module and alias is compared.
var everyKernel = []string{"6.1", "6.12"}

// distributionTree is a distribution kernel's module folder, and the options that make modprobe use it.
type distributionTree struct {
	t        *testing.T
	dir      string
	options  []string
	compared int
}

func newDistributionTree(t *testing.T, kernel, config string) *distributionTree {
	t.Helper()
	root := need.File(t, "build/kernels/"+kernel)
	release, err := os.ReadFile(filepath.Join(root, "release"))
	if err != nil {
		t.Fatal(err)
	}
	return &distributionTree{t: t, dir: filepath.Join(root, "modules"), options: []string{"-d", root, "-S", strings.TrimSpace(string(release)), "-C", config}}
}

// lines are those of a text file in the folder, without comments.
func (x *distributionTree) lines(name string) []string {
	x.t.Helper()
	file, err := os.Open(filepath.Join(x.dir, name))
	if err != nil {
		x.t.Fatal(err)
	}
	defer file.Close()
	var lines []string
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		if !strings.HasPrefix(scanner.Text(), "#") {
			lines = append(lines, scanner.Text())
		}
	}
	return lines
}

// names are the names of all modules, as in their files.
func (x *distributionTree) names() []string {
	var names []string
	for _, line := range x.lines("modules.dep") {
		path, _, _ := strings.Cut(line, ":")
		name, _, _ := strings.Cut(filepath.Base(path), ".")
		names = append(names, name)
	}
	return names
}

// aliases are texts that the patterns of a file such as modules.alias match, one for each.
func (x *distributionTree) aliases(name string) []string {
	var texts []string
	for _, line := range x.lines(name) {
		pattern := line[strings.IndexByte(line, ' ')+1 : strings.LastIndexByte(line, ' ')]
		text := instance(pattern)
		normalPattern, err := modname.Alias(pattern)
		normalText, textErr := modname.Alias(text)
		if err != nil || textErr != nil || !glob.Match(normalPattern, normalText) {
			x.t.Errorf("%q is no instance of the pattern %q", text, pattern)
		}
		texts = append(texts, text)
	}
	return texts
}

// instance is a text that a pattern matches.
func instance(pattern string) string {
	var text strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			text.WriteString("0A")
		case '?':
			text.WriteByte('7')
		case '[':
			text.WriteByte(pattern[i+1])
			i += strings.IndexByte(pattern[i:], ']')
		default:
			text.WriteByte(c)
		}
	}
	return text.String()
}

// compare gives operands to both tools, as many to a call as a command line holds, and reports those that differ.
func (x *distributionTree) compare(operands []string, options ...string) {
	x.t.Helper()
	for _, chunk := range chunks(operands) {
		if want, got := x.run(chunk, options); got != want {
			for _, operand := range x.differing(chunk, options) {
				want, got := x.run([]string{operand}, options)
				x.t.Errorf("modprobe %v %v %q:\n got %.600v\nwant %.600v", x.options, options, operand, got, want)
			}
		}
		x.compared += len(chunk)
		if x.t.Failed() {
			return
		}
	}
}

// single gives each operand to a call of its own.
func (x *distributionTree) single(operands []string, options ...string) {
	x.t.Helper()
	for _, operand := range operands {
		if want, got := x.run([]string{operand}, options); got != want {
			x.t.Errorf("modprobe %v %v %q:\n got %.600v\nwant %.600v", x.options, options, operand, got, want)
		}
		x.compared++
	}
}

func (x *distributionTree) run(operands, options []string) (want, got Result) {
	x.t.Helper()
	argv := append(append(append([]string{"modprobe"}, x.options...), options...), "--")
	call := Call{Argv: append(argv, operands...)}
	return Want(Reference(x.t, call), "modprobe"), WithoutExplanations(Gomod(x.t, call))
}

// differing halves a list until it knows which of its operands differ by themselves.
func (x *distributionTree) differing(operands, options []string) []string {
	if want, got := x.run(operands, options); got == want {
		return nil
	}
	if len(operands) == 1 {
		return operands
	}
	half := len(operands) / 2
	return append(x.differing(operands[:half], options), x.differing(operands[half:], options)...)
}

// chunks splits operands so that each part fits into the arguments of a program.
func chunks(operands []string) [][]string {
	const most = 1 << 20
	var parts [][]string
	start, size := 0, 0
	for i, operand := range operands {
		if size += len(operand) + 1 + 8; size > most {
			parts = append(parts, operands[start:i])
			start, size = i, len(operand)+9
		}
	}
	return append(parts, operands[start:])
}

// joinedSoftdeps is a file with one softdep line for each module for which modules.softdep has several: gomod obeys all of
// them, C kmod the first alone (D6). Given it, both obey all.
func joinedSoftdeps(t *testing.T, kernel string) string {
	t.Helper()
	pre, post := make(map[string]string), make(map[string]string)
	var order []string
	for _, line := range newDistributionTree(t, kernel, "").lines("modules.softdep") {
		words := strings.Fields(line)
		name, list := words[1], map[string]string(nil)
		if _, known := pre[name]; !known {
			order = append(order, name)
			pre[name], post[name] = "", ""
		}
		for _, word := range words[2:] {
			switch {
			case word == "pre:":
				list = pre
			case word == "post:":
				list = post
			case list != nil && !strings.Contains(list[name]+" ", " "+word+" "):
				list[name] += " " + word
			}
		}
	}
	var text strings.Builder
	for _, name := range order {
		fmt.Fprintf(&text, "softdep %s pre:%s post:%s\n", name, pre[name], post[name])
	}
	file := filepath.Join(t.TempDir(), "joined.conf")
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestModprobeOfEverything compares, for every module and for an instance of every alias of two kernels, what -R, -D and -n -v
// print, in calls with thousands of operands.
func TestModprobeOfEverything(t *testing.T) {
	for _, kernel := range everyKernel {
		t.Run(kernel, func(t *testing.T) {
			t.Parallel()
			x := newDistributionTree(t, kernel, joinedSoftdeps(t, kernel))
			names, aliases, symbols := x.names(), x.aliases("modules.alias"), x.aliases("modules.symbols")
			for _, operands := range [][]string{names, aliases, symbols} {
				for _, options := range [][]string{{"-aR"}, {"-aD"}, {"-anv"}} {
					x.compare(operands, options...)
				}
			}
			t.Logf("%d modules, %d aliases and %d symbols: %d results compared", len(names), len(aliases), len(symbols), x.compared)
			x.compared = 0
			x.single(sample(names, 150), "-R")
			x.single(sample(names, 300), "-D")
			x.single(sample(names, 150), "-nv")
			x.single(sample(aliases, 300), "-D")
			x.single(sample(symbols, 100), "-D")
			t.Logf("%d calls with one operand compared", x.compared)
		})
	}
}

// TestModprobeSoftdepLines counts what D6 changes: without joinedSoftdeps just those modules differ that have, or need a module
// that has, several softdep lines.
func TestModprobeSoftdepLines(t *testing.T) {
	for _, kernel := range everyKernel {
		t.Run(kernel, func(t *testing.T) {
			t.Parallel()
			x, joined := newDistributionTree(t, kernel, "/dev/null"), newDistributionTree(t, kernel, joinedSoftdeps(t, kernel))
			names := x.names()
			differing := x.differing(names, []string{"-aD"})
			for _, name := range differing {
				_, got := x.run([]string{name}, []string{"-aD"})
				if want, _ := joined.run([]string{name}, []string{"-aD"}); got != want {
					t.Errorf("modprobe -D %s: got %v\nwant %v", name, got, want)
				}
			}
			t.Logf("%d modules compared, %d differ by D6: %v", len(names), len(differing), differing)
		})
	}
}

// TestModprobeFlags compares all combinations of -a, -q, -b and -i on 500 modules and aliases with a configuration in which
// each of the options matters.
func TestModprobeFlags(t *testing.T) {
	for _, kernel := range everyKernel {
		t.Run(kernel, func(t *testing.T) {
			t.Parallel()
			joined := joinedSoftdeps(t, kernel)
			x := newDistributionTree(t, kernel, joined)
			operands := append(fixed(x.names(), 300), fixed(x.aliases("modules.alias"), 200)...)
			x.options = append(x.options, "-C", flagsConfig(t, x, operands))
			calls := 0
			for set := range 16 {
				options := []string{"-" + letters(set, "aqbi") + "D"}
				if set&1 != 0 {
					x.compare(append(operands[:len(operands):len(operands)], "nosuchmodule"), options...)
					x.compare(operands, "-"+letters(set, "aqbi")+"nv")
				}
				before := x.compared
				x.single(sample(operands, 25), options...)
				calls += x.compared - before
			}
			t.Logf("16 combinations on %d operands: %d results compared, %d of them in calls of their own", len(operands), x.compared, calls)
		})
	}
}

func letters(set int, all string) string {
	var chosen string
	for i := range len(all) {
		if set&(1<<i) != 0 {
			chosen += all[i : i+1]
		}
	}
	return chosen
}

// fixed takes count of a list, evenly spread.
func fixed(list []string, count int) []string {
	var taken []string
	for i := range count {
		taken = append(taken, list[i*len(list)/count])
	}
	return taken
}

// flagsConfig blacklists some modules, has install commands for some, and soft dependencies and options for others. No module
// has both an install command and soft dependencies, of which gomod obeys both (D5).
func flagsConfig(t *testing.T, x *distributionTree, operands []string) string {
	t.Helper()
	soft := make(map[string]bool)
	for _, line := range x.lines("modules.softdep") {
		soft[strings.Fields(line)[1]] = true
	}
	var text strings.Builder
	lines := x.lines("modules.dep")
	for i, name := range x.names() {
		name = strings.ReplaceAll(name, "-", "_")
		_, deps, _ := strings.Cut(lines[i], ": ")
		first, _, several := strings.Cut(deps, " ")
		if i%3 == 0 {
			fmt.Fprintf(&text, "blacklist %s\n", name)
		}
		if i%5 == 0 {
			fmt.Fprintf(&text, "options %s number=%d\n", name, i)
		}
		switch {
		case soft[name]:
		case several && i%2 == 0:
			dep, _, _ := strings.Cut(filepath.Base(first), ".")
			fmt.Fprintf(&text, "softdep %s pre: %s\n", name, dep)
		case i%7 == 0:
			fmt.Fprintf(&text, "install %s /bin/false %d\n", name, i)
		case i%11 == 0:
			fmt.Fprintf(&text, "softdep %s pre: %s post: %s\n", name, operands[i%300], operands[(i+1)%300])
		}
	}
	file := filepath.Join(t.TempDir(), "flags.conf")
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}
