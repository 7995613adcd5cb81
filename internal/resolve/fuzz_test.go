package resolve

import (
	"reflect"
	"regexp"
	"testing"
)

// FuzzDepLine: a line of modules.dep.bin is the path before its colon and the dependencies behind it, in their order, as an expression finds
// them; those that are not absolute lie in the tree's folder.
func FuzzDepLine(f *testing.F) {
	f.Add("kernel/fs/ext4/ext4.ko: kernel/fs/jbd2/jbd2.ko /extra/crc16.ko")
	f.Add("a.ko:")
	f.Add("/x/a b.ko:c.ko:\t d\u00a0e.ko \r")
	f.Add("no colon")
	line, word := regexp.MustCompile(`(?s)^([^:]*):(.*)$`), regexp.MustCompile(`[^ \t]+`)
	f.Fuzz(func(t *testing.T, text string) {
		want, wanted := Module{Name: "m"}, false
		absolute := func(path string) string {
			if path == "" || path[0] != '/' {
				path = "/tree/" + path
			}
			return path
		}
		if found := line.FindStringSubmatch(text); found != nil {
			want.Path, wanted = absolute(found[1]), true
			for _, dep := range word.FindAllString(found[2], -1) {
				want.Deps = append(want.Deps, absolute(dep))
			}
		}
		got, ok := (&Tree{dir: "/tree"}).ofLine("m", text)
		if ok != wanted || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v %v instead of %+v %v", text, got, ok, want, wanted)
		}
	})
}
