package modules

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gomod/test/need"
)

// The names in testdata/modules/Kbuild.
func moduleNames() []string {
	return []string{
		"gm-dash", "gm_a", "gm_alias", "gm_b", "gm_c", "gm_device", "gm_devname", "gm_fail", "gm_missing", "gm_noexit",
		"gm_nons", "gm_ns", "gm_params", "gm_sleep", "gm_softdep", "gm_text",
	}
}

func TestBuild(t *testing.T) {
	forEachKernel(t, func(t *testing.T, kernel, folder string) {
		files, err := filepath.Glob(filepath.Join(folder, "*.ko"))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, file := range files {
			names = append(names, strings.TrimSuffix(filepath.Base(file), ".ko"))
		}
		if !slices.Equal(names, moduleNames()) {
			t.Errorf("modules %q", names)
		}
		stamp := filepath.Join(folder, stampName)
		before := modified(t, stamp)
		Require(t, top, kernel)
		if after := modified(t, stamp); after != before {
			t.Errorf("built again without a reason: %v, %v", before, after)
		}
	})
}

func modified(t *testing.T, file string) string {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime().String()
}

func TestVermagicIsThatOfTheDistribution(t *testing.T) {
	forEachKernel(t, func(t *testing.T, kernel, folder string) {
		theirs := modinfo(t, distributionModule(t, kernel))["vermagic"]
		if len(theirs) != 1 {
			t.Fatalf("the distribution's module has the vermagics %q", theirs)
		}
		for _, name := range moduleNames() {
			if ours := modinfo(t, read(t, folder, name+".ko"))["vermagic"]; !slices.Equal(ours, theirs) {
				t.Errorf("%s has %q, the distribution %q", name, ours, theirs)
			}
		}
	})
}

// distributionModule gives the bytes of any module that came with the kernel.
func distributionModule(t *testing.T, kernel string) []byte {
	t.Helper()
	var found string
	root := filepath.Join(top, "build", "kernels", kernel, "modules") + "/kernel"
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.Contains(entry.Name(), ".ko") {
			found, err = path, fs.SkipAll
		}
		return err
	})
	if err != nil {
		need.Missing(t, err, ": run test/setup.sh kernels")
	}
	if strings.HasSuffix(found, ".ko") {
		return read(t, found)
	}
	module, err := exec.Command("xz", "-dc", found).Output()
	if err != nil {
		t.Fatalf("xz -dc %s: %v", found, err)
	}
	return module
}

// Whatever a module does not define must be in its __versions, with the CRC that Module.symvers has for it.
func TestModversions(t *testing.T) {
	forEachKernel(t, func(t *testing.T, kernel, folder string) {
		crcs := symvers(t, filepath.Join(headerTree(top, kernel), "Module.symvers"))
		for symbol, crc := range symvers(t, filepath.Join(folder, "Module.symvers")) {
			crcs[symbol] = crc
		}
		for _, name := range moduleNames() {
			versions := versionsOf(t, read(t, folder, name+".ko"))
			undefined := append(undefinedSymbols(t, folder, name), "module_layout")
			for _, symbol := range undefined {
				if symbol == "gm_nobody_exports_this" {
					continue
				}
				if crc, ok := versions[symbol]; !ok || crc != crcs[symbol] {
					t.Errorf("%s: __versions has %#x of %s, Module.symvers %q", name, crc, symbol, crcs[symbol])
				}
			}
		}
	})
}

// symvers reads the lines of Module.symvers, "0x12345678\tgm_c_plain\t/path/gm_c\tEXPORT_SYMBOL\t".
func symvers(t *testing.T, file string) map[string]string {
	t.Helper()
	crcs := make(map[string]string)
	for line := range strings.Lines(string(read(t, file))) {
		if fields := strings.Fields(line); len(fields) > 2 {
			crcs[fields[1]] = fields[0]
		}
	}
	return crcs
}

// versionsOf gives the CRCs of __versions, written as in Module.symvers.
func versionsOf(t *testing.T, file []byte) map[string]string {
	t.Helper()
	crcs := make(map[string]string)
	for entry := range slices.Chunk(section(t, file, "__versions"), 64) {
		name, _, _ := bytes.Cut(entry[8:], []byte{0})
		crcs[string(name)] = fmt.Sprintf("0x%08x", binary.LittleEndian.Uint64(entry))
	}
	return crcs
}

func undefinedSymbols(t *testing.T, folder, name string) []string {
	t.Helper()
	file, err := elf.Open(filepath.Join(folder, name+".ko"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	symbols, err := file.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	var undefined []string
	for _, symbol := range symbols {
		if symbol.Section == elf.SHN_UNDEF && symbol.Name != "" {
			undefined = append(undefined, symbol.Name)
		}
	}
	return undefined
}

func TestModulesAreLean(t *testing.T) {
	forEachKernel(t, func(t *testing.T, _, folder string) {
		for _, name := range moduleNames() {
			file := read(t, folder, name+".ko")
			for _, unwanted := range []string{".BTF", ".debug_info"} {
				if header, _, err := findSection(file, unwanted); err == nil {
					t.Errorf("%s has %s, header at %d", name, unwanted, header)
				}
			}
			if bytes.Contains(file, []byte("~Module signature appended~")) {
				t.Errorf("%s is signed", name)
			}
		}
	})
}

// modinfo gives the values of each key of .modinfo, sorted: their order in the section is the compiler's.
func modinfo(t *testing.T, file []byte) map[string][]string {
	t.Helper()
	values := make(map[string][]string)
	for line := range strings.SplitSeq(string(section(t, file, ".modinfo")), "\x00") {
		if key, value, ok := strings.Cut(line, "="); ok {
			values[key] = append(values[key], value)
		}
	}
	for _, list := range values {
		slices.Sort(list)
	}
	return values
}

func section(t *testing.T, file []byte, name string) []byte {
	t.Helper()
	parsed, err := elf.NewFile(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	found := parsed.Section(name)
	if found == nil {
		t.Fatalf("no section %s", name)
	}
	content, err := found.Data()
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
