package depmod

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gomod/internal/config"
	"gomod/internal/modname"
	"gomod/test/need"
	"gomod/test/oracle"
)

// TestHash has numbers that were worked out apart from this code, with C's own arithmetic.
func TestHash(t *testing.T) {
	for name, want := range map[string]uint32{
		"": 0x0, "a": 0x115ea782, "ab": 0x516b8b44, "abc": 0xd2be198a, "abcd": 0xdad8b8db,
		"ext4": 0xe679ab16, "snd_hda_intel": 0x6e4028a1, "crc32c_generic": 0x1133f4, "caf\xc3\xa9": 0xc909b418, "\xff\xfe\xfd": 0x547a507e,
	} {
		if got := hash(name); got != want {
			t.Errorf("%q: %#x", name, got)
		}
	}
}

// withModules is a run with modules of these relative paths.
func withModules(paths ...string) *run {
	r := &run{Options: Options{Dir: "/m", Report: func(Event) {}}, config: &config.Depmod{}}
	for _, path := range paths {
		r.modules = append(r.modules, r.module("/m/"+path))
	}
	return r
}

func TestReadOrder(t *testing.T) {
	for _, test := range []struct {
		text string
		bad  int
		want string // by descending place: the first listed first
	}{
		{"b.ko\na.ko\n", 0, "b a"}, {"b.ko\na.ko", 0, "b a"}, {"x.ko\n# b.ko\n\nb.ko\nb.ko\na.ko", 0, "b a"}, {"a.ko\nb.ko\x00\n", 2, "a"},
		{strings.Repeat("x", maxLine) + "\na.ko\n", 0, "a"}, {"b.ko\n" + strings.Repeat("x", maxLine+1) + "\na.ko\n", 2, "b"}, {"", 0, ""},
	} {
		r := withModules("a.ko.xz", "b.ko")
		if bad := r.readOrder([]byte(test.text)); bad != test.bad {
			t.Errorf("%.40q: line %d", test.text, bad)
		}
		got := ""
		for key := -len(r.modules); key < 0; key++ {
			for _, m := range r.modules {
				if m.sortKey == key {
					got += " " + m.name
				}
			}
		}
		if strings.TrimSpace(got) != test.want {
			t.Errorf("%.40q: %q", test.text, got)
		}
	}
}

// A sparse file or a device must not become as much memory.
func TestReadInputLimit(t *testing.T) {
	sparse := filepath.Join(t.TempDir(), "modules.order")
	if err := os.WriteFile(sparse, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(sparse, 1<<40); err != nil {
		t.Fatal(err)
	}
	ofFolder := func(path string) ([]byte, error) { return readInput(path, orderLimit) }
	for _, test := range []struct {
		read func(string) ([]byte, error)
		path string
		most uint64
		want error
	}{
		{ofFolder, sparse, 1 << 20, syscall.EFBIG},
		{readOperand, sparse, 1 << 20, syscall.EFBIG},
		{ofFolder, "/dev/zero", 1 << 20, syscall.EINVAL},
		{readOperand, "/dev/zero", allocations() * 5 * operandLimit, syscall.EFBIG},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		data, err := test.read(test.path)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %d bytes, %v", test.path, len(data), err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > test.most {
			t.Errorf("%s: %d bytes were allocated", test.path, took)
		}
	}
}

// Somebody may hold a FIFO open and never write into it. Only a file that was asked for by name is waited for.
func TestReadInputFIFO(t *testing.T) {
	var path string
	writer := need.NotWaitedFor(t, func(fifo string) error {
		path = fifo
		_, err := readInput(path, orderLimit)
		return err
	})
	const line = "0x1 a vmlinux x\n"
	_, err := writer.WriteString(line)
	need.NoError(t, err)
	reader := make(chan string)
	go func() {
		data, err := readOperand(path)
		reader <- fmt.Sprintf("%s %v", data, err)
	}()
	// What nobody had read would be lost with the last who has it open.
	for left := len(line); left > 0; time.Sleep(time.Millisecond) {
		left, err = unix.IoctlGetInt(int(writer.Fd()), unix.TIOCINQ)
		need.NoError(t, err)
	}
	need.NoError(t, writer.Close())
	if got := <-reader; got != line+" <nil>" {
		t.Errorf("%q", got)
	}
}

// FuzzReadOrder: the keys that are given are negative, differ, and are as many as lines fit.
func FuzzReadOrder(f *testing.F) {
	f.Add("kernel/a.ko\nb.ko\n")
	f.Add("b.ko\nb.ko\n\x00\nkernel/a.ko")
	f.Fuzz(func(t *testing.T, text string) {
		r := withModules("kernel/a.ko.zst", "b.ko", "c-d.ko")
		bad := r.readOrder([]byte(text))
		if lines := strings.Count(text, "\n") + 1; bad > lines {
			t.Errorf("line %d of %d", bad, lines)
		}
		seen := make(map[int]bool)
		for _, m := range r.modules {
			if m.sortKey == unlisted {
				continue
			}
			if m.sortKey >= 0 || m.sortKey < -len(r.modules) || seen[m.sortKey] {
				t.Errorf("key %d", m.sortKey)
			}
			seen[m.sortKey] = true
			if !strings.Contains(text, m.listedAs()) {
				t.Errorf("%s is listed in %q", m.listedAs(), text)
			}
		}
		if bad != 0 {
			return
		}
		want := make(map[string]int)
		for line := range strings.SplitSeq(text, "\n") {
			if _, twice := want[line]; !twice && slices.ContainsFunc(r.modules, func(m *module) bool { return m.listedAs() == line }) {
				want[line] = len(want) - len(r.modules)
			}
		}
		for _, m := range r.modules {
			if key, listed := want[m.listedAs()]; listed && m.sortKey != key || !listed && m.sortKey != unlisted {
				t.Errorf("%q: %s has key %d instead of %d", text, m.listedAs(), m.sortKey, key)
			}
		}
	})
}

func symbolsOf(read func(*run, []byte), text string) (map[string]symbol, []Event) {
	var events []Event
	r := &run{Options: Options{Report: func(e Event) { events = append(events, e) }}}
	r.symbols.names = make(map[string]symbol)
	read(r, []byte(text))
	return r.symbols.names, events
}

func readSymvers(r *run, data []byte)   { r.readSymvers("f", data) }
func readSystemMap(r *run, data []byte) { r.readSystemMap("f", data) }

func TestReadSymvers(t *testing.T) {
	got, events := symbolsOf(readSymvers, "0x9a1dfd65\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\n0x1 other drivers/x EXPORT\nzz bad vmlinux x\n0x2 three vmlinux\n-1 minus vmlinux x")
	if len(got) != 2 || got["module_layout"].crc != 0x9a1dfd65 || got["minus"].crc != 1<<64-1 || got["minus"].owner != noOwner {
		t.Error(got)
	}
	if len(events) != 1 || events[0] != (Event{Kind: BadSymvers, Path: "f", Number: 3, Name: "zz"}) {
		t.Error(events)
	}
}

// plainLines are lines as C kmod's fgets(3) gives them: with their newline, in pieces of what it has room for, up to a NUL.
func plainLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		for piece := range slices.Chunk([]byte(line), 10239) {
			lines = append(lines, strings.Split(string(piece), "\x00")[0])
		}
	}
	return lines
}

var plainHex = regexp.MustCompile(`^[ \t\n\v\f\r]*([+-]?)(?:0[xX])?([0-9a-fA-F]+)$`)

// plainHexNumber reads a number of 64 bits as strtoull(3) does: what is too large is all ones.
func plainHexNumber(text string) (uint64, bool) {
	found := plainHex.FindStringSubmatch(text)
	if found == nil {
		return 0, false
	}
	n, _ := new(big.Int).SetString(found[2], 16)
	if !n.IsUint64() {
		return 1<<64 - 1, true
	}
	if found[1] == "-" {
		return -n.Uint64(), true
	}
	return n.Uint64(), true
}

// FuzzReadSymvers and FuzzReadSystemMap: the symbols with their checksums, and the messages, are those that an expression for a line finds.
func FuzzReadSymvers(f *testing.F) {
	f.Add("0x9a1dfd65\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\n")
	f.Add("0x1zz b vmlinux x\n- d vmlinux x\n")
	f.Add("0x1 a vmlinux x\n-2\ta vmlinux\x00x\n0x3 b drivers/x y\n0x4 c vmlinux\n11111111111111111 d vmlinux x")
	row := regexp.MustCompile(`^[ \t]*([^ \t]+)[ \t]+([^ \t]+)[ \t]+vmlinux(?:[ \t]|$)`)
	f.Fuzz(func(t *testing.T, text string) {
		symbols := make(map[string]symbol)
		var events []Event
		for i, line := range plainLines(text) {
			found := row.FindStringSubmatch(line)
			if found == nil {
				continue
			}
			if crc, ok := plainHexNumber(found[1]); ok {
				symbols[found[2]] = symbol{crc: crc, owner: noOwner}
			} else {
				events = append(events, Event{Kind: BadSymvers, Path: "f", Number: i + 1, Name: found[1]})
			}
		}
		checkSource(t, readSymvers, text, symbols, events)
	})
}

func FuzzReadSystemMap(f *testing.F) {
	f.Add("ffffffff82a5b0f4 r __ksymtab_printk\nbad\n")
	f.Add("0 r __ksymtab_a b\n  __ksymtab_c\x00\n0 r  __ksymtab_d\n0 __ksymtab_e")
	row := regexp.MustCompile(`(?s)^[^ ]* [^ ]* (.*?)\n?$`)
	f.Fuzz(func(t *testing.T, text string) {
		symbols := make(map[string]symbol)
		var events []Event
		for i, line := range plainLines(text) {
			found := row.FindStringSubmatch(line)
			if found == nil {
				events = append(events, Event{Kind: BadSystemMap, Path: "f", Number: i + 1, Name: line})
			} else if name, exported := strings.CutPrefix(found[1], "__ksymtab_"); exported {
				symbols[name] = symbol{owner: noOwner}
			}
		}
		checkSource(t, readSystemMap, text, symbols, events)
	})
}

func checkSource(t *testing.T, read func(*run, []byte), text string, symbols map[string]symbol, events []Event) {
	got, gotEvents := symbolsOf(read, text)
	if !maps.Equal(got, symbols) || !slices.Equal(gotEvents, events) {
		t.Errorf("%q\n got %v %+v\nwant %v %+v", text, got, gotEvents, symbols, events)
	}
}

func TestIsRelease(t *testing.T) {
	for text, want := range map[string]bool{"6.1": true, "6.1.0-56-amd64": true, "1": false, "1.x": false, "": false, " +1. -2": true, "0x1.2": false, ".1": false} {
		if IsRelease(text) != want {
			t.Error(text)
		}
	}
}

// FuzzIsRelease: a kernel release is what the C library takes for one.
func FuzzIsRelease(f *testing.F) {
	for _, text := range []string{"6.12.0-rc1", " +1. -2", "0x", "18446744073709551616.1", "\v1.\f2"} {
		f.Add(text)
	}
	reference := oracle.Start(f, "testdata/release.c")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsRune(text, 0) {
			t.Skip("no C string") // in CI too
		}
		got := map[bool]string{true: "yes", false: "no"}[IsRelease(text)]
		if want := reference.Ask(t, text); got != want {
			t.Errorf("%q: %s instead of %s", text, got, want)
		}
	})
}

// FuzzBuiltinNames: each line of modules.builtin is a name or a message, and a name is what modname makes of the path.
func FuzzBuiltinNames(f *testing.F) {
	f.Add("kernel/fs/ext4/ext4.ko\nkernel/a-b.ko.xz\n")
	f.Add("\n# no\nkernel/\nkernel/x\x00y\nlast")
	f.Fuzz(func(t *testing.T, text string) {
		var got, want []string
		bad, wantBad := 0, 0
		for name := range builtinNames([]byte(text), func(e Event) {
			if bad++; e.Kind != BadBuiltin {
				t.Errorf("%+v", e)
			}
		}) {
			got = append(got, name)
		}
		for line := range strings.Lines(text) {
			if len(line) > maxLine {
				return
			}
			line, _, _ = strings.Cut(line, "\x00")
			name, err := modname.FromPath(line)
			if err != nil || !regexp.MustCompile("^[A-Za-z]").MatchString(line) {
				wantBad++
				continue
			}
			want = append(want, name)
		}
		if !slices.Equal(got, want) || bad != wantBad {
			t.Errorf("%q: %q and %d messages instead of %q and %d", text, got, bad, want, wantBad)
		}
	})
}
