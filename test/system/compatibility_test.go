package system

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What docs/compatibility.md says is tested, is: each test and script that it names is there, and each script of a consumer is named.
func TestCompatibilityPage(t *testing.T) {
	top := projectTop(t)
	page, err := os.ReadFile(filepath.Join(top, "docs/compatibility.md"))
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob(filepath.Join(top, "testdata/script/consumer-*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, script := range scripts {
		want = append(want, strings.TrimSuffix(filepath.Base(script), ".txtar"))
	}
	if got := named(page, "`(consumer-[a-z0-9-]+)`"); !slices.Equal(got, want) {
		t.Errorf("scripts on the page:\n%q\nscripts:\n%q", got, want)
	}
	for _, test := range named(page, "`(Test[A-Za-z]+)`") {
		if found := exec.Command("grep", "-rqE", `^func `+test+`\(t `, "--include=*_test.go", filepath.Join(top, "test"), filepath.Join(top, "internal")); found.Run() != nil {
			t.Errorf("there is no %s", test)
		}
	}
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		if len(cells) != 6 || strings.HasPrefix(line, "|---") || strings.HasPrefix(line, "| program ") || strings.HasPrefix(line, "| **") {
			continue
		}
		if how := strings.TrimSpace(cells[2]); !slices.Contains([]string{"for real", "by its command lines", "not yet"}, how) {
			t.Errorf("%q is no way to test: %s", how, line)
		}
	}
}

// named lists what the page has in the pattern's group, sorted.
func named(page []byte, pattern string) []string {
	var names []string
	for _, match := range regexp.MustCompile(pattern).FindAllSubmatch(page, -1) {
		names = append(names, string(match[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
