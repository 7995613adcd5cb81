package compare

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	testmodules "gomod/test/modules"
	"gomod/test/need"
)

// TestDepmodSources has all that can stand in Module.symvers and System.map.
func TestDepmodSources(t *testing.T) {
	tr := newTree(t)
	needs := strings.Fields("a b c d e f g h i j k l m n _b _g __this_module TOC. _GLOBAL_OFFSET_TABLE_ .TOC. ?w ?d")
	crcs := make(map[string]uint64)
	for _, name := range needs {
		crcs[strings.TrimPrefix(name, "?")] = 5
	}
	tr.module("needy.ko", tinyModule{needs: needs, crcs: crcs})
	tr.module("owner.ko", tinyModule{exports: []string{"a", "n"}, crcs: map[string]uint64{"a": 5, "n": 6}})
	for _, symvers := range []string{
		"0x5 a vmlinux x\n0x1zz b vmlinux x\n0x c vmlinux x\n- d vmlinux x\n-1 e vmlinux x\n0x11111111111111111111 f vmlinux x\n 0x5 g vmlinux x\n5 h vmlinux x\n",
		"0X5 i vmlinux\tx\n0x5 j vmlinuxx x\n+5 k vmlinux x\n0x5 l vmlinux\n0x5\tm\tvmlinux\t\t\n0x05 w vmlinux x\n0x5 d vmlinux",
		"0x6 w vmlinux x\n\n\x00\n0x5 a\x00b vmlinux x\n0x5 b vmlinux x\x00\n" + strings.Repeat("x", 20000) + " b vmlinux x\n0x5 c vmlinux x\n",
		strings.Repeat("x", 10237) + "\n" + strings.Repeat("x", 10238) + "\n" + strings.Repeat("x", 10239) + "\n" + strings.Repeat("x", 10240) + "\nx b vmlinux y\n",
		"0x5 b vmlinux x\n0x6 b vmlinux x\n0x5 TOC. vmlinux x\n",
	} {
		tr.write("/symvers", symvers)
		tr.same("-e", "-E", "BASE/symvers")
		tr.same("-e", "-P", "_", "-E", "BASE/symvers")
	}
	for _, systemMap := range []string{
		"0 R __ksymtab_a\n0 R __ksymtab__b x\n\t0 R __ksymtab_c\n0  R __ksymtab_d\n0 ___ksymtab_e f\n0 R ___ksymtab_g\n0 R __ksymtab_gpl_h\n0 R .__ksymtab_i\n0\tR\t__ksymtab_j\n0 R __ksymtab_k\n",
		strings.Repeat("y", 50000) + " R __ksymtab_l\n0 R __ksymtab_m\n  __ksymtab_n\n0 R \n \n\n0 R __ksymtab_\n0 R __ksymtab_b\x00x\n\x00\n0 R __ksymtab_c\r\n0 R __ksymtab_d",
	} {
		tr.write("/map", systemMap)
		tr.same("-e", "-F", "BASE/map")
		tr.same("-e", "-P", "_", "-F", "BASE/map")
	}
}

// TestDepmodUnfit holds D9: what an index cannot hold is left out of it, with a warning; the rest is there, and the texts
// have all.
func TestDepmodUnfit(t *testing.T) {
	tr := newTree(t)
	chain(tr)
	want := tr.run(Reference)
	tr.module("extra/d.ko", tinyModule{strings: []string{"sd", "se"}, modinfo: []string{"alias=f\xc3\xbcr"}})
	got := tr.run(Gomod)
	if got.Status != 0 || got.Stderr != `depmod: WARNING: modules.alias.bin: left out: index entry "f`+"ü"+`r": "d": only 7-bit ASCII is supported`+"\n" {
		t.Error(got.Result)
	}
	if !strings.Contains(got.files["modules.alias"], "alias f\xc3\xbcr d\n") {
		t.Errorf("%q", got.files["modules.alias"])
	}
	got.files["modules.alias"], got.Result = want.files["modules.alias"], want.Result
	compareOutcomes(t, nil, got, want)
	tr.module("extra/\xc3\xbc.ko", tinyModule{exports: []string{"s\xff"}})
	if got := tr.run(Gomod); got.Status != 0 || strings.Count(got.Stderr, "\n") != 3 || !strings.Contains(got.files["modules.dep"], "extra/ü.ko:\n") {
		t.Error(got.Result)
	}
}

// TestDepmodMisfits has modules that would forge lines of others in the files, as they do in C kmod's: gomod's are those that C kmod makes
// without that.
func TestDepmodMisfits(t *testing.T) {
	tr := newTree(t)
	chain(tr)
	alias, softdep, weakdep := []string{"alias=char-major-10-3", "alias=fine"}, []string{"softdep=pre: a"}, []string{"weakdep=b"}
	tr.module("extra/d.ko", tinyModule{strings: []string{"sd", "se"}, modinfo: slices.Concat(alias, softdep, weakdep)})
	tr.write("modules.builtin.modinfo", "m.alias=x\x00")
	want := tr.run(Reference)
	long := strings.Repeat("x ", 33<<10)
	tr.module("extra/d.ko", tinyModule{strings: []string{"sd", "s\nalias symbol:y z", "se"}, modinfo: slices.Concat(
		[]string{"alias=devname:x\nloop ../../etc/evil c1:3\nq q", "alias=x\nalias y z"}, alias,
		[]string{"softdep=pre: b\ninstall foo id", "softdep=pre: b \\", "softdep=" + long}, softdep,
		[]string{"weakdep=\ninstall foo id", "weakdep=x\\", "weakdep=" + long}, weakdep)})
	tr.module("kernel/new\nkernel/line.ko", tinyModule{})
	tr.module("kernel/new\nline.ko", tinyModule{})
	tr.write("modules.builtin.modinfo", "m.alias=x\nalias y z\x00m\nalias y z.alias=y\x00m.alias=x\x00")
	got := tr.run(Gomod)
	var warnings strings.Builder
	d, newline, backslash, tooLong := tr.path("extra/d.ko"), ": a newline would begin another line", ": a backslash at the end would join the next line with it", ": it has more than 65536 bytes"
	for _, text := range []string{
		`"` + tr.path("") + `/kernel/new\nkernel/line.ko": left out: path "kernel/new\nkernel/line.ko"` + newline,
		`"` + tr.path("") + `/kernel/new\nline.ko": left out: path "kernel/new\nline.ko"` + newline,
		d + `: left out: symbol "s\nalias symbol:y z"` + newline,
		d + `: left out: alias "devname:x\nloop ../../etc/evil c1:3\nq q"` + newline,
		d + `: left out: alias "x\nalias y z"` + newline,
		d + `: left out: softdep "pre: b\ninstall foo id"` + newline,
		d + `: left out: softdep "pre: b \\"` + backslash,
		d + `: left out: softdep "` + long[:200] + `"...` + tooLong,
		d + `: left out: weakdep "\ninstall foo id"` + newline,
		d + `: left out: weakdep "x\\"` + backslash,
		d + `: left out: weakdep "` + long[:200] + `"...` + tooLong,
		`m: left out: alias "x\nalias y z"` + newline,
		`"m\nalias y z": left out: module "m\nalias y z"` + newline,
	} {
		warnings.WriteString("depmod: WARNING: " + text + "\n")
	}
	want.Stderr = warnings.String()
	compareOutcomes(t, nil, got, want)
	if got := tr.run(Gomod, treeRelease, tr.path("kernel/new\nline.ko"), tr.path("kernel/a.ko")); got.Status != 0 || got.files["modules.dep"] != "kernel/a.ko:\n" {
		t.Error(got)
	}
}

// TestDepmodLoop has links to folders above, which C kmod follows until it has no descriptors left.
func TestDepmodLoop(t *testing.T) {
	tr := newTree(t)
	chain(tr)
	want := tr.run(Reference)
	os.Symlink("..", tr.path("kernel/up"))
	os.Symlink(tr.path("kernel/sub"), tr.path("kernel/sub/self"))
	got := tr.run(Gomod)
	text := "depmod: ERROR: not followed, because it leads back to a directory above: "
	if got.Stderr != text+tr.path("kernel/sub/self")+"\n"+text+tr.path("kernel/up")+"\n" || got.Status != 0 {
		t.Error(got.Result)
	}
	got.Result = want.Result
	compareOutcomes(t, nil, got, want)
}

// TestDepmodManyWays has folders with links to each other, through which more ways lead than anybody could walk.
func TestDepmodManyWays(t *testing.T) {
	tr := newTree(t)
	chain(tr)
	want := tr.run(Reference)
	const folders = 12
	for i := range folders {
		if err := os.MkdirAll(tr.path("kernel/sub"+strconv.Itoa(i)), 0o755); err != nil {
			t.Fatal(err)
		}
		for j := range folders {
			if j != i {
				os.Symlink("../sub"+strconv.Itoa(j), tr.path(fmt.Sprintf("kernel/sub%d/to%d", i, j)))
			}
		}
	}
	got := tr.run(Gomod)
	lines := strings.Split(strings.TrimSuffix(got.Stderr, "\n"), "\n")
	last := lines[len(lines)-1]
	if got.Status != 0 || !strings.HasPrefix(last, "depmod: ERROR: not followed, nor any other link to a directory: there are more than 1000: "+tr.path("kernel/sub")) {
		t.Errorf("status %d, %d lines, at last %s", got.Status, len(lines), last)
	}
	for _, line := range lines[:len(lines)-1] {
		if !strings.HasPrefix(line, "depmod: ERROR: not followed, because it leads back to a directory above: ") {
			t.Error(line)
		}
	}
	got.Result = want.Result
	compareOutcomes(t, nil, got, want)
}

// TestDepmodHostile has modules that would take all memory, and ten thousand aliases.
func TestDepmodHostile(t *testing.T) {
	variants := filepath.Join(testmodules.Require(t, need.Top(t), "6.1"), testmodules.VariantFolder)
	tr := newTree(t)
	chain(tr)
	var aliases []string
	for i := range 10000 {
		aliases = append(aliases, "alias=x"+strings.Repeat("y", i%50)+string(rune('a'+i%26)))
	}
	tr.module("many.ko", tinyModule{modinfo: aliases})
	tr.same()
	for _, name := range []string{"bomb.ko.xz", "bomb.ko.zst", "bomb-sized.ko.zst", "gm_c-nosize.ko.zst", "lying-names.ko"} {
		data, err := os.ReadFile(filepath.Join(variants, name))
		if err != nil {
			t.Fatal(err)
		}
		tr.write(name, string(data))
		result := tr.run(Gomod)
		want := "depmod: ERROR: failed to load symbols from " + tr.path(name) + ": "
		if name == "gm_c-nosize.ko.zst" {
			want = "" // D21
		}
		if !strings.HasPrefix(result.Stderr, want) || strings.Count(result.Stderr, "\n") > 1 || want == "" && result.Stderr != "" || !strings.Contains(result.files["modules.dep"], "\nmany.ko:\n") {
			t.Errorf("%s: %v", name, result.Result)
		}
		tr.remove(name)
	}
}
