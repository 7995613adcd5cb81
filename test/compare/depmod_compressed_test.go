package compare

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"gomod/internal/index"
	"gomod/internal/kofile"
	testmodules "gomod/test/modules"
	"gomod/test/need"
)

// TestDepmodCompressed has the same modules plain and compressed: the same content under the changed paths. The reference
// is built without zlib, so for .gz its answer for the plain modules stands.
func TestDepmodCompressed(t *testing.T) {
	source := need.File(t, "build/kernels/6.12-cloud/modules")
	every := 8
	if os.Getenv("GOMOD_TEST_ALL") != "" {
		every = 1
	}
	trees := map[string]*tree{}
	for _, suffix := range []string{"", ".gz", ".xz", ".zst", "mixed"} {
		trees[suffix] = newTree(t)
		for _, name := range []string{"modules.order", "modules.builtin", "modules.builtin.modinfo"} {
			data, err := os.ReadFile(filepath.Join(source, name))
			if err != nil {
				t.Fatal(err)
			}
			trees[suffix].write(name, string(data))
		}
	}
	count := 0
	err := filepath.WalkDir(source+"/kernel", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if count++; count%every != 0 {
			return nil
		}
		name := "kernel" + strings.TrimSuffix(strings.TrimPrefix(path, source+"/kernel"), ".xz")
		plain := decompressed(t, path)
		packed := map[string]string{"": string(plain), ".gz": gzipped(t, plain), ".xz": readFile(t, path), ".zst": zstded(t, plain)}
		for suffix, data := range packed {
			trees[suffix].write(name+suffix, data)
		}
		suffix := []string{"", ".gz", ".xz", ".zst"}[count/every%4]
		trees["mixed"].write(name+suffix, packed[suffix])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	trees[""].same("-v")
	trees[".xz"].same()
	trees[".zst"].same()
	want := trees[""].run(Reference)
	for suffix, tr := range trees {
		got := tr.run(Gomod)
		if got.Status != 0 || got.Stderr != "" {
			t.Error(suffix, got.Result)
		}
		for name := range want.files {
			if plainPaths(t, name, got.files[name]) != plainPaths(t, name, want.files[name]) {
				t.Errorf("%s: %s has another content", suffix, name)
			}
		}
	}
}

// plainPaths is the content of a file as if no module were compressed.
func plainPaths(t testing.TB, name, data string) string {
	plain := strings.NewReplacer(".ko.gz", ".ko", ".ko.xz", ".ko", ".ko.zst", ".ko")
	switch name {
	case "modules.dep":
		return plain.Replace(data)
	case "modules.dep.bin":
		x, err := index.Parse([]byte(data))
		if err != nil {
			t.Error(err)
			return ""
		}
		var all strings.Builder
		err = x.All(func(key []byte, values []index.Value) bool {
			for _, value := range values {
				all.WriteString(string(key) + " " + plain.Replace(value.Text) + "\n")
			}
			return true
		})
		if err != nil {
			t.Error(err)
		}
		return all.String()
	}
	return data
}

func decompressed(t testing.TB, path string) []byte {
	t.Helper()
	file, err := kofile.Open(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	data, err := file.All()
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(data)
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func gzipped(t testing.TB, data []byte) string {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func zstded(t testing.TB, data []byte) string {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return string(w.EncodeAll(data, nil))
}

// TestDepmodBadModules has modules that cannot be read. Each costs one message that names it; C kmod says some things more
// than once without a name, which are left out here.
func TestDepmodBadModules(t *testing.T) {
	variants := filepath.Join(testmodules.Require(t, need.Top(t), "6.1"), testmodules.VariantFolder)
	entries, err := os.ReadDir(variants)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		switch {
		case strings.Contains(e.Name(), "bomb"): // takes C kmod seconds and gigabytes
		case strings.Contains(e.Name(), "nosize"): // D21
		case e.Name() == "lying-names.ko": // C kmod fails an assertion
		case strings.HasSuffix(e.Name(), ".gz"), e.Name() == "gz-named-plain.ko": // the reference has no zlib
		default:
			tr := newTree(t)
			chain(tr)
			out, err := exec.Command("cp", filepath.Join(variants, e.Name()), tr.path(e.Name())).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			tr.deviates(func(o *outcome) {
				var kept strings.Builder
				for line := range strings.Lines(o.Stderr) {
					if !strings.HasPrefix(line, "depmod: ERROR: zstd:") && !strings.HasPrefix(line, "depmod: ERROR: xz:") {
						kept.WriteString(line)
					}
				}
				o.Stderr = kept.String()
			})
		}
	}
}
