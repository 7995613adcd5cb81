package diag

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gomod/internal/config"
	"gomod/internal/elfinfo"
	"gomod/internal/index/indextest"
	"gomod/internal/kernel"
	"gomod/internal/kernel/kerneltest"
	"gomod/internal/resolve"
	"gomod/internal/sysfs"
)

const release = "6.12.0-test"

// world is a system below a folder.
type world struct {
	*System
	t    *testing.T
	root string
}

// newWorld has files below its root; a module tree comes from the text files that are in lib/modules/6.12.0-test. This process is root's
// unless the files say otherwise.
func newWorld(t *testing.T, files map[string]string) *world {
	t.Helper()
	w := &world{t: t, root: t.TempDir()}
	w.write("kernel/release", release+"\n")
	w.write("proc/self/status", "CapEff:\t000001ffffffffff\nSeccomp:\t0\n")
	w.write("proc/self/uid_map", "         0          0 4294967295\n")
	w.write("proc/modules", "")
	for name, content := range files {
		w.write(name, content)
	}
	tree := filepath.Join(w.root, "lib/modules", release)
	if _, err := os.Stat(tree); err == nil {
		if err := indextest.Write(tree); err != nil {
			t.Fatal(err)
		}
	}
	c := config.Load(config.Sources{Paths: []string{filepath.Join(w.root, "modprobe.d")}})
	w.System = &System{Kernel: kerneltest.New(w.root), Sysfs: sysfs.New(w.root), Tree: resolve.NewTree(tree), Config: c}
	w.Tree.Configure(c)
	return w
}

func (w *world) write(path, content string) {
	w.t.Helper()
	path = filepath.Join(w.root, path)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
		w.t.Fatal(err)
	}
}

// tree is the path of a file of the running kernel's tree below the root.
func tree(file string) string { return "lib/modules/" + release + "/" + file }

// module has fields of .modinfo in lines KEY=VALUE.
func module(name string, modinfo ...string) *Facts {
	f := &Facts{Path: "/m/" + name + ".ko", Name: name, Architecture: amd64(), Type: typeRelocatable}
	for _, line := range modinfo {
		key, value, _ := strings.Cut(line, "=")
		f.Fields = append(f.Fields, elfinfo.Field{Key: key, Value: value})
	}
	return f
}

func amd64() Architecture { return Architecture{Machine: 62, Is64: true} }

// expect compares what pointers lead to, and shows it as text.
func expect(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		g, _ := json.MarshalIndent(got, "", " ")
		w, _ := json.MarshalIndent(want, "", " ")
		t.Errorf("got %T\n%s\nwant %T\n%s", got, g, want, w)
	}
}

// records are what a kernel logged.
func records(texts ...string) []kernel.Record {
	var list []kernel.Record
	for _, text := range texts {
		list = append(list, kernel.Record{Level: 4, Text: text})
	}
	return list
}

// golden is a recorded log.
func golden(t *testing.T, version, name string) []kernel.Record {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../testdata/kmsg", version, name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	var list []kernel.Record
	for line := range strings.Lines(string(text)) {
		r, ok := kernel.ParseRecord(line)
		if !ok {
			t.Fatalf("%s/%s: %q", version, name, line)
		}
		list = append(list, r)
	}
	return list
}
