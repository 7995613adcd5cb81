package elfinfo

import (
	"debug/elf"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gomod/test/need"
)

// debianModules gives the first n plain modules of each kernel that test/setup.sh unpacks: x86 and, big-endian, s390x.
func debianModules(tb testing.TB, n int) []string {
	tb.Helper()
	var all []string
	for _, kernel := range []string{"6.1", "6.1-s390x"} {
		found := 0
		root := filepath.Join("../../build/kernels", kernel, "lib/modules")
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".ko") && found < n {
				all = append(all, path)
				found++
			}
			return err
		})
		if err != nil {
			need.Missing(tb, "no modules: run test/setup.sh kernels: ", err)
		}
	}
	return all
}

// The standard library's ELF reader is the judge here.
func TestDebianModules(t *testing.T) {
	for _, path := range debianModules(t, 100) {
		image, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parse(memory(image))
		if err != nil {
			t.Fatal(path, err)
		}
		want, err := elf.Open(path)
		if err != nil {
			t.Fatal(path, err)
		}
		data, err := want.Section(".modinfo").Data()
		if err != nil {
			t.Fatal(path, err)
		}
		got, err := modinfoText(f.Modinfo())
		if wantText := strings.Trim(strings.ReplaceAll(string(data), "\x00", "\n"), "\n") + "\n"; err != nil || got != wantText {
			t.Errorf("%s: .modinfo is %q, %v, want %q", path, got, err, wantText)
		}
		compareSymbols(t, path, f, want)
		want.Close()
	}
}

func compareSymbols(t *testing.T, path string, f *File, want *elf.File) {
	t.Helper()
	symbols, err := want.Symbols()
	if err != nil {
		t.Fatal(path, err)
	}
	var exports, needs []string
	for _, s := range symbols {
		if name, ok := strings.CutPrefix(s.Name, "__crc_"); ok {
			exports = append(exports, name)
		}
		if s.Section == elf.SHN_UNDEF && s.Name != "" {
			needs = append(needs, s.Name)
		}
	}
	gotExports, err := f.Exports()
	if len(exports) > 0 && err != nil || len(gotExports) != len(exports) {
		t.Fatalf("%s: exports are %v, %v, want %v", path, gotExports, err, exports)
	}
	for i, s := range gotExports {
		if s.Name != exports[i] || s.CRC == 0 || s.CRC == NoCRC {
			t.Errorf("%s: export %d is %v, want %v", path, i, s, exports[i])
		}
	}
	needs = append(needs, "module_layout") // only in __versions
	gotNeeds, err := f.Needs()
	if err != nil || len(gotNeeds) != len(needs) {
		t.Fatalf("%s: needs are %v, %v, want %v", path, gotNeeds, err, needs)
	}
	for i, n := range gotNeeds {
		if n.Name != needs[i] || n.CRC == 0 {
			t.Errorf("%s: need %d is %v, want %v", path, i, n, needs[i])
		}
	}
}

func BenchmarkModule(b *testing.B) {
	var files []memory
	for _, path := range debianModules(b, 300) {
		image, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, image)
	}
	parsed := func() []*File {
		all := make([]*File, len(files))
		for i, image := range files {
			all[i], _ = Parse(image)
		}
		return all
	}
	for name, method := range map[string]func(*File){
		"Parse":       func(*File) {},
		"Modinfo":     func(f *File) { _, _ = f.Modinfo() },
		"Exports":     func(f *File) { _, _ = f.Exports() },
		"ExportNames": func(f *File) { _, _ = f.ExportNames() },
		"Needs":       func(f *File) { _, _ = f.Needs() },
		"BuildID":     func(f *File) { _, _ = f.BuildID() },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				for _, f := range parsed() {
					method(f)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(files)), "ns/module")
		})
	}
}
