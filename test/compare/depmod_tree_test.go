package compare

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// tinyModule is a module with nothing but what depmod looks at.
type tinyModule struct {
	modinfo []string
	exports []string
	// crcs are of exports, by name.
	crcs map[string]uint64
	// needs are undefined symbols; a ? before the name makes it weak. Those that are in crcs get an entry in __versions.
	needs []string
	// strings are the contents of __ksymtab_strings.
	strings []string
}

// bytes gives an ELF file for x86-64.
func (m tinyModule) bytes() []byte {
	le := binary.LittleEndian
	names, symbols := []byte{0}, make([]byte, 24)
	var versions []byte
	symbol := func(name string, info byte, section uint16, value uint64) {
		symbols = le.AppendUint32(symbols, uint32(len(names)))
		symbols = append(symbols, info, 0)
		symbols = le.AppendUint64(le.AppendUint64(le.AppendUint16(symbols, section), value), 0)
		names = append(append(names, name...), 0)
	}
	for _, name := range m.exports {
		symbol("__crc_"+name, 0x10, 0xfff1, m.crcs[name])
	}
	for _, name := range m.needs {
		bare, weak := strings.CutPrefix(name, "?")
		symbol(bare, map[bool]byte{false: 0x10, true: 0x20}[weak], 0, 0)
		if crc, ok := m.crcs[bare]; ok {
			versions = append(le.AppendUint64(versions, crc), append([]byte(bare), make([]byte, 56-len(bare))...)...)
		}
	}
	sections := []struct {
		name string
		data []byte
	}{{".symtab", symbols}, {".strtab", names}}
	add := func(name string, data []byte) {
		if len(data) > 0 {
			sections = append(sections, struct {
				name string
				data []byte
			}{name, data})
		}
	}
	add(".modinfo", terminated(m.modinfo))
	add("__versions", versions)
	add("__ksymtab_strings", terminated(m.strings))
	sectionNames := []byte{0}
	headers, body := make([]byte, 64), []byte{}
	for i := 0; i <= len(sections); i++ {
		name, data := ".shstrtab", []byte(nil)
		if i < len(sections) {
			name, data = sections[i].name, sections[i].data
		}
		headers = le.AppendUint32(headers, uint32(len(sectionNames)))
		sectionNames = append(append(sectionNames, name...), 0)
		if i == len(sections) {
			data = sectionNames
		}
		headers = le.AppendUint32(headers, 1)
		for _, v := range []uint64{0, 0, uint64(64 + len(body)), uint64(len(data)), 0, 1, 0} {
			headers = le.AppendUint64(headers, v)
		}
		headers = headers[:len(headers)-8]
		headers = append(headers, make([]byte, 64-(len(headers)%64))...)
		body = append(body, data...)
	}
	file := append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 9)...)
	file = le.AppendUint16(le.AppendUint16(file, 1), 62)
	file = le.AppendUint32(file, 1)
	file = le.AppendUint64(le.AppendUint64(le.AppendUint64(file, 0), 0), uint64(64+len(body)))
	file = le.AppendUint32(file, 0)
	for _, v := range []int{64, 0, 0, 64, len(headers) / 64, len(headers)/64 - 1} {
		file = le.AppendUint16(file, uint16(v))
	}
	return append(append(file, body...), headers...)
}

func terminated(texts []string) []byte {
	var data []byte
	for _, text := range texts {
		data = append(append(data, text...), 0)
	}
	return data
}

// tree is a module folder that both depmods read, and where they write to.
type tree struct {
	t    testing.TB
	base string
	// conf is given by -C; both would otherwise read the machine's own.
	conf string
}

const treeRelease = "6.1.2-test"

func newTree(t testing.TB) *tree {
	t.Helper()
	tr := &tree{t: t, base: filepath.Join(t.TempDir(), "root")}
	for _, name := range []string{"modules.order", "modules.builtin", "modules.builtin.modinfo"} {
		tr.write(name, "")
	}
	return tr
}

// path is of a file in the module folder; one that begins with a slash is below base.
func (tr *tree) path(name string) string {
	if strings.HasPrefix(name, "/") {
		return tr.base + name
	}
	return filepath.Join(tr.base, "lib/modules", treeRelease, name)
}

func (tr *tree) write(name, content string) {
	tr.t.Helper()
	path := tr.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tr.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		tr.t.Fatal(err)
	}
}

func (tr *tree) remove(names ...string) {
	for _, name := range names {
		os.RemoveAll(tr.path(name))
	}
}

func (tr *tree) module(name string, m tinyModule) { tr.write(name, string(m.bytes())) }

// outcome is what a run of depmod gave.
type outcome struct {
	Result
	files map[string]string
}

// run runs one of the depmods; words BASE and DIR in arguments are the tree's root and module folder.
func (tr *tree) run(tool func(testing.TB, Call) Result, args ...string) outcome {
	tr.t.Helper()
	out := filepath.Join(tr.t.TempDir(), "out")
	argv := []string{"depmod", "-b", tr.base, "-o", out}
	if tr.conf != "" {
		tr.write("/test.conf", tr.conf)
	}
	if len(args) == 0 || args[0] != "-C" {
		conf := "/dev/null"
		if tr.conf != "" {
			conf = tr.path("/test.conf")
		}
		argv = append(argv, "-C", conf)
	}
	replace := strings.NewReplacer("BASE", tr.base, "DIR", tr.path(""))
	hasRelease := false
	for _, arg := range args {
		hasRelease = hasRelease || arg == treeRelease
		argv = append(argv, replace.Replace(arg))
	}
	if !hasRelease {
		argv = append(argv, treeRelease)
	}
	result := tool(tr.t, Call{Argv: argv})
	result.Stdout, result.Stderr = strings.ReplaceAll(result.Stdout, out, "OUT"), withoutSummary(strings.ReplaceAll(result.Stderr, out, "OUT"))
	return outcome{result, readFolder(tr.t, filepath.Join(out, "lib/modules", treeRelease))}
}

// withoutSummary drops the line by which gomod ends a verbose run that was good.
func withoutSummary(stderr string) string {
	before, last, found := strings.Cut(stderr, "modules indexed in ")
	if !found || strings.Count(last, "\n") != 1 {
		return stderr
	}
	return before[:strings.LastIndexByte(before, '\n')+1]
}

// readFolder gives the files of a folder, none where there is no folder.
func readFolder(t testing.TB, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, e := range entries {
		if !e.Type().IsRegular() || !strings.HasPrefix(e.Name(), "modules.") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if os.IsNotExist(err) {
			continue // a temporary of a depmod at work
		}
		if err != nil {
			t.Error(err)
		}
		files[e.Name()] = string(data)
	}
	return files
}

// same compares a run of both. Deviations change what C kmod gave into what gomod owes; they must change something.
func (tr *tree) same(args ...string) { tr.t.Helper(); tr.deviates(nil, args...) }

func (tr *tree) deviates(deviation func(*outcome), args ...string) {
	tr.t.Helper()
	want := tr.run(Reference, args...)
	if deviation != nil {
		before := want.Result
		deviation(&want)
		if before == want.Result && len(want.files) == 0 {
			tr.t.Errorf("%q: the deviation is none", args)
		}
	}
	compareOutcomes(tr.t, args, tr.run(Gomod, args...), want)
}

func compareOutcomes(t testing.TB, args []string, got, want outcome) {
	t.Helper()
	if got.Result != want.Result {
		at := differAt(got.String(), want.String())
		t.Errorf("depmod %.200q, from byte %d on:\ngot  %.500s\nwant %.500s", args, at, got.String()[max(0, at-100):], want.String()[max(0, at-100):])
	}
	names := make(map[string]bool)
	for name := range got.files {
		names[name] = true
	}
	for name := range want.files {
		names[name] = true
	}
	sorted := make([]string, 0, len(names))
	for name := range names {
		sorted = append(sorted, name)
	}
	sort.Strings(sorted)
	for _, name := range sorted {
		g, gotIt := got.files[name]
		w, wantIt := want.files[name]
		if g != w || gotIt != wantIt {
			at := differAt(g, w)
			from := max(0, at-60)
			t.Errorf("depmod %.200q: %s differs from byte %d on:\ngot  %v %.150q\nwant %v %.150q", args, name, at, gotIt, g[from:], wantIt, w[from:])
		}
	}
}

func differAt(a, b string) int {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	return at
}
