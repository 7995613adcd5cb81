package elfinfo

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	global = 0x10
	weak   = 0x20
)

// needSample is a module with the needs it should have, one "CRC NAME" a line, "weak" behind it if so.
type needSample struct {
	name, want string
	image      []byte
	beyond     bool // on purpose not what C kmod gives
}

func needSamples(e testELF) []needSample {
	symbols := []testSymbol{
		{"defined", global, 1, 0}, {"b", global, 0, 0}, {"", global, 0, 0}, {"a", weak, 0, 0}, {"local", 0, 0, 0}, {"b", global, 0, 0},
		{"register", global | typeSPARCRegister, 0, 0}, {"absolute", global, 0xfff1, 0},
	}
	var all []needSample
	add := func(name, want string, machine uint16, sections ...testSection) {
		e.machine = machine
		all = append(all, needSample{name: name, want: want, image: e.with(sections...).build()})
	}
	tables := e.symbols(symbols...)
	add("no versions", "00000000 b\n00000000 a weak\n00000000 local\n00000000 b\n00000000 register\n", 62, tables...)
	add("SPARC", "00000000 b\n00000000 a weak\n00000000 local\n00000000 b\n", machineSPARCV9, tables...)
	add("same order", "00000001 b\n00000002 a weak\n00000003 local\n00000001 b\n00000000 register\n", 62,
		append(tables, e.versions(Symbol{"b", 1}, Symbol{"a", 2}, Symbol{"local", 3}))...)
	add("other order, more versions", "00000005 b\n00000002 a weak\n00000003 local\n00000005 b\n00000000 register\n00000001 module_layout\n00000004 z\n", 62,
		append(tables, e.versions(Symbol{"module_layout", 1}, Symbol{"a", 2}, Symbol{"local", 3}, Symbol{"z", 4}, Symbol{"b", 5}))...)
	add("doubled versions", "00000001 b\n00000000 a weak\n00000000 local\n00000001 b\n00000000 register\n00000002 b\n00000003 z\n00000004 z\n", 62,
		append(tables, e.versions(Symbol{"b", 1}, Symbol{"b", 2}, Symbol{"z", 3}, Symbol{"z", 4}))...)
	add("dots", "00000000 f\n00000002 .g\n00000001 .f\n", 62,
		append(e.symbols(testSymbol{"f", global, 0, 0}, testSymbol{".g", global, 0, 0}), e.versions(Symbol{".f", 1}, Symbol{".g", 2}))...)
	add("versions of odd size", "00000000 f\n", 62,
		append(e.symbols(testSymbol{"f", global, 0, 0}), testSection{name: "__versions", data: e.versions(Symbol{"x", 1}).data + "y"})...)
	add("only versions", "00000001 x\n", 62, append(e.symbols(), e.versions(Symbol{"x", 1}))...)
	add("no needs", "", 62, e.symbols(testSymbol{"f", global, 1, 0})...)
	add("extended versions", "00000001 b\n00000007 a weak\n00000000 local\n00000001 b\n00000000 register\n00000003 c\n", 62,
		append(tables, append(e.extVersions(Symbol{"a", 7}, Symbol{"b", 1}, Symbol{"c", 3}), e.versions(Symbol{"d", 4}))...)...)
	all[len(all)-1].beyond = true
	return all
}

func TestNeeds(t *testing.T) {
	for _, kind := range kinds() {
		for _, s := range needSamples(kind) {
			t.Run(kind.String()+"/"+s.name, func(t *testing.T) {
				check(t, "needs", outcome{text: s.want}, s.image, func(f *File) (string, error) { return needText(f.Needs()) })
			})
		}
	}
}

func TestNeedsErrors(t *testing.T) {
	for _, e := range kinds() {
		tables := e.symbols(testSymbol{"f", global, 0, 0})
		unended := e.versions(Symbol{strings.Repeat("n", versionSize-e.wordSize()), 1}, Symbol{"x", 2})
		ext := e.extVersions(Symbol{"f", 1})
		symtab, strtab := tables[0], tables[1]
		for name, test := range map[string]struct {
			want     outcome
			sections []testSection
		}{
			"no tables":               {fails(nodata), nil},
			"no .symtab":              {fails(nodata), []testSection{strtab}},
			"no .strtab":              {fails(nodata), []testSection{symtab}},
			"odd .symtab":             {fails(inval), []testSection{{name: ".symtab", data: symtab.data + "x"}, strtab}},
			"name outside":            {fails(inval), []testSection{symtab, {name: ".strtab", data: "\x00"}}},
			"version without NUL":     {fails(inval), append(tables, unended)},
			"extended without names":  {fails(inval), append(tables, ext[0])},
			"extended, too few names": {fails(inval), append(tables, ext[0], testSection{name: ext[1].name})},
			"names not ended":         {fails(inval), []testSection{symtab, {name: ".strtab", data: "\x00f"}}},
		} {
			t.Run(e.String()+"/"+name, func(t *testing.T) {
				image := e.with(test.sections...).build()
				check(t, "needs", test.want, image, func(f *File) (string, error) { return needText(f.Needs()) })
			})
		}
	}
}

// Many symbols that share one long name must not make a result larger than the file.
func TestSharedNames(t *testing.T) {
	e := kinds()[0]
	long := strings.Repeat("n", 5000)
	for _, prefix := range []string{"", crcPrefix} {
		symbol := e.symbols(testSymbol{prefix + long, global, 0, 0})
		symtab, strtab := symbol[0], symbol[1]
		entry := symtab.data[e.symbolSize():]
		symtab.data += strings.Repeat(entry, 1000)
		image := e.with(symtab, strtab).build()
		f, err := Parse(memory(image))
		if err != nil {
			t.Fatal(err)
		}
		if needs, err := f.Needs(); errnoOf(t, err) != inval {
			t.Errorf("%d needs, %v", len(needs), err)
		}
		if symbols, err := f.Exports(); errnoOf(t, err) != nodata { // as if .symtab were broken
			t.Errorf("%d exports, %v", len(symbols), err)
		}
	}
}

// C kmod shows needs where depmod looks for the symbols that no module and no kernel has.
func TestNeedsReference(t *testing.T) {
	run := referencePath(t)
	for _, kind := range referenceKinds() {
		for _, s := range needSamples(kind) {
			if s.beyond {
				continue
			}
			t.Run(kind.String()+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				root := t.TempDir()
				dir := filepath.Join(root, "lib/modules/1.2.3")
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				for name, data := range map[string][]byte{"t.ko": s.image, "modules.order": nil, "symvers": nil} {
					if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				cmd := exec.Command(run, "depmod", "-b", root, "-n", "-e", "-E", filepath.Join(dir, "symvers"), "1.2.3")
				var stderr bytes.Buffer
				cmd.Stderr = &stderr
				if err := cmd.Run(); err != nil {
					t.Fatal(err, stderr.String())
				}
				got := ""
				for _, m := range regexp.MustCompile(`needs unknown symbol (.*)`).FindAllStringSubmatch(stderr.String(), -1) {
					got += m[1] + "\n"
				}
				if want := strongNames(s.want); got != want {
					t.Errorf("C kmod: %q, the sample says %q\n%s", got, want, &stderr)
				}
			})
		}
	}
}

// strongNames drops checksums and weak needs.
func strongNames(text string) string {
	names := ""
	for line := range strings.Lines(text) {
		if _, name, _ := strings.Cut(line, " "); !strings.HasSuffix(name, " weak\n") {
			names += name
		}
	}
	return names
}

func needText(needs []Need, err error) (string, error) {
	var text strings.Builder
	for _, n := range needs {
		fmt.Fprintf(&text, "%08x %s%s\n", n.CRC, n.Name, map[bool]string{true: " weak"}[n.Weak])
	}
	return text.String(), err
}
