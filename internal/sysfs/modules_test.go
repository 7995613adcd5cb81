package sysfs

import (
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestParseModule(t *testing.T) {
	tests := []struct {
		line string
		want Module
	}{
		{"mbcache 16384 1 ext4, Live 0xffffffffc08a0000",
			Module{Name: "mbcache", Size: 16384, Refcnt: 1, Unload: true, Users: "ext4,", State: Live, Address: "0xffffffffc08a0000"}},
		{"nvidia 40000000 2 nvidia_modeset,[permanent], Live 0xffffffffc1000000 (POE)",
			Module{Name: "nvidia", Size: 40000000, Refcnt: 2, Unload: true, Users: "nvidia_modeset,[permanent],", State: Live,
				Address: "0xffffffffc1000000", Taint: "(POE)"}},
		{"loop 32768 - - Loading 0x0000000000000000",
			Module{Name: "loop", Size: 32768, Refcnt: -1, State: Coming, Address: "0x0000000000000000"}},
		{"dummy 12288 -1 - Unloading 0xffffffffc0000000 (E-)",
			Module{Name: "dummy", Size: 12288, Refcnt: -1, Unload: true, State: Going, Address: "0xffffffffc0000000", Taint: "(E-)"}},
		{"dummy", Module{Name: "dummy", Size: -1, Refcnt: -1}},
		{"dummy 1", Module{Name: "dummy", Size: 1, Refcnt: -1}},
		{"  dummy\t1 0 - Sleeping ", Module{Name: "dummy", Size: 1, Refcnt: 0, Unload: true}},
		{"a..b 1 0 -", Module{Name: "a..b", Size: 1, Refcnt: 0, Unload: true}},
	}
	for _, test := range tests {
		if got, ok := parseModule(test.line); !ok || !reflect.DeepEqual(got, test.want) {
			t.Errorf("parseModule(%q)\n got %+v, %v\nwant %+v", test.line, got, ok, test.want)
		}
	}
	for _, line := range []string{"", "   ", "../x 1 0 - Live 0x0", ".. 1 0 -", ". 1", "a/b 1", "a\x00b 1", "m x", "m -1", "m 1 x",
		"m 9223372036854775808", "m 1 99999999999999999999", "m 0x10 0 -"} {
		if got, ok := parseModule(line); ok {
			t.Errorf("parseModule(%q) = %+v, want a refusal", line, got)
		}
	}
}

func TestModules(t *testing.T) {
	long := strings.Repeat("a_module_that_uses_it,", 5000) // 110 kB
	s := open(t, map[string]string{"proc/modules": "new 8192 0 - Live 0x0000000000000000\n" +
		"\n" +
		"base 4096 5000 " + long + " Live 0x0000000000000000\n" +
		"what is this\n" +
		"last 16384 1 new, Live 0x0000000000000000"})
	modules, err := s.Modules()
	want := []Module{
		{Name: "new", Size: 8192, Unload: true, State: Live, Address: "0x0000000000000000"},
		{Name: "base", Size: 4096, Refcnt: 5000, Unload: true, Users: long, State: Live, Address: "0x0000000000000000"},
		{Name: "last", Size: 16384, Refcnt: 1, Unload: true, Users: "new,", State: Live, Address: "0x0000000000000000"},
	}
	if !reflect.DeepEqual(modules, want) {
		t.Errorf("modules %+v", modules)
	}
	file := s.root + "/proc/modules"
	var bad LineErrors
	wantBad := LineErrors{{file, 2, ""}, {file, 4, "what is this"}}
	if !errors.As(err, &bad) || !reflect.DeepEqual(bad, wantBad) {
		t.Errorf("errors %+v, want %+v", err, wantBad)
	}
	var line *LineError
	if !errors.As(err, &line) || *line != wantBad[0] || !errors.Is(err, syscall.EINVAL) {
		t.Errorf("the chain of %v has no LineError, or no EINVAL", err)
	}
	if want := "invalid line format at " + file + `:2: "" (and 1 more lines)`; err.Error() != want {
		t.Errorf("message %q, want %q", err, want)
	}
}

func TestModulesEmptyOrMissing(t *testing.T) {
	if modules, err := open(t, map[string]string{"proc/modules": ""}).Modules(); len(modules) != 0 || err != nil {
		t.Errorf("empty file: %v, %v", modules, err)
	}
	if modules, err := open(t, nil).Modules(); modules != nil || !errors.Is(err, syscall.ENOENT) {
		t.Errorf("missing file: %v, %v", modules, err)
	}
	if modules, err := open(t, map[string]string{"proc/modules/": ""}).Modules(); modules != nil || !errors.Is(err, syscall.EISDIR) {
		t.Errorf("folder: %v, %v", modules, err)
	}
}

func TestReadFileLimit(t *testing.T) {
	if _, err := readFile("/dev/zero", 100_000); !errors.Is(err, syscall.EFBIG) {
		t.Errorf("an endless file: %v, want EFBIG", err)
	}
	s := open(t, map[string]string{"x": strings.Repeat("x", 100_000)})
	if data, err := readFile(s.root+"/x", 100_000); len(data) != 100_000 || err != nil {
		t.Errorf("a file of the limit's size: %d bytes, %v", len(data), err)
	}
	if _, err := readFile(s.root+"/x", 99_999); !errors.Is(err, syscall.EFBIG) {
		t.Errorf("a file one byte larger than the limit: %v, want EFBIG", err)
	}
}

// plainNumber reads a decimal number of 64 bits.
func plainNumber(word string) (int64, bool) {
	n, ok := new(big.Int).SetString(word, 10)
	if !ok || !n.IsInt64() {
		return 0, false
	}
	return n.Int64(), true
}

// plainModule reads a line of /proc/modules by its columns, those that it lacks being empty.
func plainModule(line string) (m Module, ok bool) {
	column := append(strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' }), make([]string, 7)...)
	states := map[string]State{"Live": Live, "Loading": Coming, "Unloading": Going}
	m = Module{Name: column[0], Size: -1, Refcnt: -1, Users: column[3], State: states[column[4]], Address: column[5], Taint: column[6]}
	// No path that is made of the name may leave /sys/module.
	ok = m.Name != "" && m.Name != "." && m.Name != ".." && !strings.ContainsAny(m.Name, "/\x00")
	if column[1] != "" {
		size, number := plainNumber(column[1])
		m.Size, ok = size, ok && number && size >= 0
	}
	if column[2] != "" && column[2] != "-" {
		refcnt, number := plainNumber(column[2])
		m.Refcnt, m.Unload, ok = int(refcnt), true, ok && number && int64(int(refcnt)) == refcnt
	}
	if m.Users == "-" {
		m.Users = ""
	}
	return m, ok
}

// FuzzParseModules: every line is the module that its columns make, or an error, in the input's order, and nothing else is.
func FuzzParseModules(f *testing.F) {
	f.Add("mbcache 16384 1 ext4, Live 0xffffffffc08a0000\nloop 32768 - - Loading 0x0 (OE)\n")
	f.Add("\n \n..\na/b 1\nm x\nm 1 2 3 4 5 6 7 8")
	f.Add("m 9223372036854775807 -9223372036854775808 - Live\r\n\x00\n")
	f.Add("dummy\t+5 -1 -  Unloading 0x0 (E-)\nm -0 0 a,[permanent],,b Live\nm 1_0\nm 1 99999999999999999999")
	f.Fuzz(func(t *testing.T, text string) {
		modules, bad := parseModules("f", text)
		var want []Module
		var wantBad LineErrors
		number := 0
		for line := range strings.Lines(text) {
			number++
			line = strings.TrimSuffix(line, "\n")
			if m, ok := plainModule(line); ok {
				want = append(want, m)
			} else {
				wantBad = append(wantBad, LineError{File: "f", Line: number, Text: line})
			}
		}
		if !slices.Equal(modules, want) || !slices.Equal(bad, wantBad) {
			t.Fatalf("%q\n got %+v %q\nwant %+v %q", text, modules, bad, want, wantBad)
		}
		if len(bad) > 0 && strings.Contains(bad[0].Error(), "\n") {
			t.Fatalf("message of several lines: %s", bad[0].Error())
		}
		for _, m := range modules {
			names := slices.DeleteFunc(strings.Split(m.Users, ","), func(name string) bool { return name == "" || name == "[permanent]" })
			if got := m.UserNames(); !slices.Equal(got, names) {
				t.Fatalf("users %q are %q", m.Users, got)
			}
		}
	})
}

// BenchmarkListing does what a listing of 200 modules does; on a real /sys the kernel's part is larger.
func BenchmarkListing(b *testing.B) {
	files := map[string]string{}
	var list strings.Builder
	for i := range 200 {
		name := fmt.Sprintf("module_%d", i)
		fmt.Fprintf(&list, "%s 16384 1 user_%d, Live 0x0000000000000000\n", name, i)
		files["sys/module/"+name+"/coresize"] = "16384\n"
		files["sys/module/"+name+"/refcnt"] = "1\n"
		files["sys/module/"+name+"/holders/user_"+fmt.Sprint(i)+"/"] = ""
	}
	files["proc/modules"] = list.String()
	s := open(b, files)
	b.ReportAllocs()
	for b.Loop() {
		modules, err := s.Modules()
		if err != nil || len(modules) != 200 {
			b.Fatal(len(modules), err)
		}
		for _, m := range modules {
			_, sizeErr := s.Size(m.Name)
			_, refcntErr := s.Refcnt(m.Name)
			_, holdersErr := s.Holders(m.Name)
			if err := errors.Join(sizeErr, refcntErr, holdersErr); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkParseModules(b *testing.B) {
	text := strings.Repeat("mbcache 16384 1 ext4, Live 0xffffffffc08a0000 (OE)\n", 200)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		parseModules("f", text)
	}
}
