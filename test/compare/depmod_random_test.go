package compare

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	testmodules "gomod/test/modules"
	"gomod/test/need"
)

// TestDepmodRandom compares trees of modules that have, need and say anything, without ties.
func TestDepmodRandom(t *testing.T) {
	trees := 40
	if os.Getenv("GOMOD_TEST_ALL") != "" {
		trees = 1000
	}
	for seed := range trees {
		random := randomTree{rand.New(rand.NewPCG(1, uint64(seed))), newTree(t), make(map[string]int)}
		random.fill()
		args := [][]string{{}, {"-w"}, {"-e", "-F", "BASE/map"}, {"-e", "-E", "BASE/symvers"}, {"-P", "s"}, {"-P", "_", "-e", "-F", "BASE/map"}}[random.IntN(6)]
		random.same(args...)
		random.same(append(args, "-n", "-v")...)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

type randomTree struct {
	*rand.Rand
	*tree
	// owners has the number of the last module that has a symbol.
	owners map[string]int
}

func (r *randomTree) pick(words string) string {
	list := strings.Fields(words)
	return list[r.IntN(len(list))]
}

func (r *randomTree) symbol() string {
	return r.pick(".dot _under sun " + strings.Repeat("x", 70) + " s" + fmt.Sprint(r.IntN(40)))
}

func (r *randomTree) fill() {
	var paths []string
	taken := make(map[string]bool)
	exports := make([][]string, r.IntN(25))
	for i := range exports {
		name := r.pick("x foo ext4 snd q") + r.pick("- _ . 1") + r.pick("a bb z9 "+strings.Repeat("long", 20))
		if normal := strings.ReplaceAll(strings.Split(name, ".")[0], "-", "_"); taken[normal] {
			exports = exports[:i]
			break
		} else {
			taken[normal] = true
		}
		paths = append(paths, r.pick("./ kernel/ kernel/a/ kernel/a-b/ updates/ .h/")+name+".ko")
		paths[i] = strings.TrimPrefix(paths[i], "./")
		for range r.IntN(4) {
			symbol := r.symbol()
			if !slices.Contains(exports[i], symbol) {
				exports[i] = append(exports[i], symbol)
				r.owners[symbol] = i
			}
		}
	}
	for i, path := range paths {
		r.module(path, r.randomModule(i, exports))
	}
	r.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
	r.write("modules.order", strings.Join(append(paths[:r.IntN(len(paths)+1)], ""), "\n"))
	r.write("modules.builtin", "kernel/"+r.pick("a b-c zz x.y")+".ko\n")
	r.write("modules.builtin.modinfo", "a.alias="+r.pick("x* y x-z")+"\x00b.alias="+r.pick("x* y x-z")+"\x00a.alias="+r.pick("x* y")+"\x00")
	var systemMap, symvers strings.Builder
	for range 20 {
		fmt.Fprintf(&systemMap, "0 T __ksymtab_%s\n", r.symbol())
		fmt.Fprintf(&symvers, "0x%x\t%s\tvmlinux\tEXPORT\n", r.IntN(3), r.symbol())
	}
	r.write("/map", systemMap.String())
	r.write("/symvers", symvers.String())
}

// randomModule needs only what no module from it on has, so that there is no cycle whatever the order is.
func (r *randomTree) randomModule(i int, exports [][]string) tinyModule {
	m := tinyModule{exports: exports[i], crcs: make(map[string]uint64)}
	for range r.IntN(8) {
		need := r.symbol()
		if slices.ContainsFunc(exports[i:], func(later []string) bool { return slices.Contains(later, need) }) {
			continue
		}
		if len(need) < 56 && r.IntN(2) == 0 {
			m.crcs[need] = uint64(r.IntN(3))
		}
		m.needs = append(m.needs, r.pick("? . "+strings.Repeat("- ", 6))+need)
		m.needs[len(m.needs)-1] = strings.TrimPrefix(m.needs[len(m.needs)-1], "-")
	}
	for range r.IntN(6) {
		m.modinfo = append(m.modinfo, r.pick("alias= softdep= weakdep= alias=devname: license=")+
			r.pick("pci:v1* usb:v*p[0-9]* a-b char-major-10-200 x[ of:N*T*C* pre:x "+strings.Repeat("z", r.IntN(9)+1)))
	}
	if r.IntN(3) == 0 {
		m.strings = []string{"k" + fmt.Sprint(i), "sx"}
	}
	return m
}

// TestDepmodTestModules has modules that a compiler made, in a tree with duplicates and externals.
func TestDepmodTestModules(t *testing.T) {
	for _, kernel := range []string{"6.1", "6.12"} {
		built := testmodules.Require(t, need.Top(t), kernel)
		files, err := filepath.Glob(built + "/*.ko")
		if err != nil || len(files) < 10 {
			t.Fatal(err, files)
		}
		tr := newTree(t)
		for i, file := range files {
			folders := [][]string{{"kernel/"}, {"updates/", "kernel/"}, {"/external/"}, {"/external/", "extra/"}}[i%4]
			for _, folder := range folders {
				tr.write(folder+filepath.Base(file), readFile(t, file))
			}
		}
		tr.write("modules.order", "kernel/"+filepath.Base(files[4])+"\nupdates/"+filepath.Base(files[1])+"\n")
		tr.write("/map", "0 T __ksymtab__printk\n0 T __ksymtab_module_layout\n")
		for _, conf := range []string{"", "external * " + tr.path("/external") + "\n", "search external updates\nexternal * " + tr.path("/external") + "\noverride gm_b * kernel\n"} {
			tr.conf = conf
			tr.same()
			tr.same("-e", "-F", "BASE/map", "-v", "-n")
			tr.same("-e", "-E", built+"/Module.symvers")
		}
	}
}
