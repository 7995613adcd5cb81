package diag

import (
	"fmt"
	"runtime"
	"testing"

	"gomod/internal/elfinfo"
)

// A module that needs many has the kernel's list of symbols, megabytes in a real kernel, read once for all of them, and learns the same as
// one by one.
func TestSymbolsAreReadOnce(t *testing.T) {
	const modules, buffer = 60, 64 << 10 // what one reading takes
	w := newWorld(t, map[string]string{"proc/kallsyms": "0000 T printk\n0000 D init_task\n0000 t f7\t[x]\n", tree("modules.dep"): ""})
	var files []*Facts
	var want []Cause
	for i := range modules {
		f := module(fmt.Sprint("m", i), "license=GPL")
		f.Needs = []elfinfo.Need{{Name: "printk"}, {Name: fmt.Sprint("f", i)}, {Name: fmt.Sprint("f", i+1), Weak: true}}
		files = append(files, f)
		if causes := w.checkFile(f); i == 0 {
			want = append(want, causes...)
		} else if len(causes) > 0 {
			want = append(want, Dependency{f.Name, f.Path, causes})
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := w.checkFiles(files, files[0])
	runtime.ReadMemStats(&after)
	expect(t, got, want)
	if len(got) != modules-1 {
		t.Errorf("%d causes", len(got))
	}
	each := (after.TotalAlloc - before.TotalAlloc) / modules
	t.Logf("%d bytes for each module", each)
	if each > buffer/2 {
		t.Error("too many")
	}
}
