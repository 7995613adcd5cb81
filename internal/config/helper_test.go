package config

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// tree makes a root from the contents of its files; "-> x" makes a link to x, in which ROOT is the root's path, and a path
// that ends in a slash is an empty folder.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for path, content := range files {
		full := filepath.Join(root, path)
		var err error
		if strings.HasSuffix(path, "/") {
			err = os.MkdirAll(full, 0o755)
		} else if err = os.MkdirAll(filepath.Dir(full), 0o755); err == nil {
			if target, link := strings.CutPrefix(content, "-> "); link {
				err = os.Symlink(strings.ReplaceAll(target, "ROOT", root), full)
			} else {
				err = os.WriteFile(full, []byte(content), 0o644)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// parsed is the configuration that one file a.conf gives.
func parsed(text string) *Config {
	var c Config
	c.parse(source{path: "a.conf", name: "a.conf"}, text, new(taken))
	return &c
}

// printed are the lines of `modprobe -c`, as they can be read again: an entry without text needs a second blank.
func printed(c *Config) []string {
	var out []string
	for e := range c.Entries() {
		line := e.Command + " " + e.Key
		switch {
		case e.Command == "blacklist":
		case e.Text == "":
			line += "  "
		default:
			line += " " + e.Text
		}
		out = append(out, line)
	}
	return out
}

func complaints(c *Config) []string {
	var out []string
	for _, p := range c.Problems {
		out = append(out, p.Error())
	}
	return out
}

// expect compares what was read with lines of `modprobe -c` and with messages, either of which may be empty.
func expect(t *testing.T, c *Config, lines, problems []string) {
	t.Helper()
	if got := printed(c); !slices.Equal(got, lines) {
		t.Errorf("entries\n got %q\nwant %q", got, lines)
	}
	if got := complaints(c); !slices.Equal(got, problems) {
		t.Errorf("problems\n got %q\nwant %q", got, problems)
	}
}

func equal(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
}
