package diag

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
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
		if causes := w.checkFile(f, ""); i == 0 {
			want = append(want, causes...)
		} else if len(causes) > 0 {
			want = append(want, Dependency{f.Name, f.Path, causes})
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := w.checkFiles(files, files[0], "")
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

// A module whose batch is full has the list read no more often than one that needs a module less.
func TestSymbolsAreNotReadForNothing(t *testing.T) {
	const buffer = 64 << 10 // what one reading takes
	allocated := func(needs int) int {
		dep := "m.ko:"
		for i := range needs {
			dep += fmt.Sprintf(" m%d.ko", i)
		}
		w := newWorld(t, map[string]string{"proc/kallsyms": "0000 D init_task\n", tree("modules.dep"): dep + "\n"})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		causes := w.checkWithNeeds(module("m"), "")
		runtime.ReadMemStats(&after)
		if len(causes) != needs { // none has a file
			t.Errorf("%d causes instead of %d", len(causes), needs)
		}
		return int(after.TotalAlloc - before.TotalAlloc)
	}
	one, less := allocated(mostAtATime-1), allocated(mostAtATime-2)
	t.Logf("%d bytes, %d for a module less", one, less)
	if one > less+buffer/2 {
		t.Error("too many")
	}
}

// The facts of so many modules that are held at once take little memory, whatever the modules have: 60 of 200,000 symbols were 1.5 GB.
func TestBatches(t *testing.T) {
	small, needs, fields, texts := module("small"), module("needs"), module("fields"), module("texts", "a="+strings.Repeat("x", 6<<20))
	needs.Needs = make([]elfinfo.Need, 200_000)
	fields.Fields = make([]elfinfo.Field, 200_000)
	for _, test := range []struct {
		one   *Facts
		count int
		want  []int
	}{
		{small, 0, nil}, {small, 1, []int{1}}, {small, 63, []int{63}}, {small, 64, []int{64}}, {small, 65, []int{64, 1}}, {small, 128, []int{64, 64}},
		{needs, 8, []int{3, 3, 2}}, {fields, 8, []int{3, 3, 2}}, {texts, 8, []int{3, 3, 2}},
	} {
		var got []int
		for batch := range batches(slices.Values(slices.Repeat([]*Facts{test.one}, test.count))) {
			got = append(got, len(batch))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%d times %s: %d instead of %d", test.count, test.one.Name, got, test.want)
		}
	}
}
