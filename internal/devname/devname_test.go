package devname

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gomod/test/oracle"
)

// all gives the entries, and for a line that is none its text.
func all(t testing.TB, data string) (entries []Entry, bad []string) {
	t.Helper()
	for entry, err := range Entries(data) {
		var line *LineError
		switch {
		case err == nil:
			entries = append(entries, entry)
		case errors.As(err, &line):
			bad = append(bad, line.Line)
		default:
			t.Fatalf("%q: %v, %v", data, entry, err)
		}
	}
	return entries, bad
}

func TestEntries(t *testing.T) {
	const data = `# Device nodes to trigger on-demand module loading.
fuse fuse c10:229
bad
snd_seq snd/seq c116:1

loop loop-control b7:0 trailing words
 # p5:6
last one c1:2`
	wantEntries := []Entry{
		{Module: "fuse", Node: "fuse", Major: 10, Minor: 229},
		{Module: "snd_seq", Node: "snd/seq", Major: 116, Minor: 1},
		{Module: "loop", Node: "loop-control", Block: true, Major: 7},
		{Module: "last", Node: "one", Major: 1, Minor: 2},
	}
	wantBad := []string{"bad", "", " # p5:6"}
	entries, bad := all(t, data)
	if !slices.Equal(entries, wantEntries) || !slices.Equal(bad, wantBad) {
		t.Errorf("%v, bad %q", entries, bad)
	}
	for range Entries(data) {
		break
	}
}

func TestErrorNamesTheLine(t *testing.T) {
	for _, err := range Entries("fuse fuse p10:229\n") {
		if err == nil || err.Error() != "invalid devname entry: fuse fuse p10:229" {
			t.Error(err)
		}
	}
}

// TestAgainstTheCLibrary compares with sscanf("%s %s %c%u:%u"), which is how the format is defined.
func TestAgainstTheCLibrary(t *testing.T) {
	lines := []string{
		"", " ", "a", "a b", "a b c", "a b c1", "a b c1:", "a b c1:2", "a b c1:2x", "a b c1:2:3", "a b c 1:2", "a b  c1: 2", "a b c1 :2", "a b1:2", "a b c1.2",
		"\ta\tb\tb1:2", " a\vb\fc1:2", "a b p1:2", "a b C1:2", "a b c-1:-2", "a b c+1:+2", "a b c--1:2", "a b c-:1", "a b c0x1:2", "a b c010:09",
		"a b c4294967295:4294967296", "a b c18446744073709551615:18446744073709551616", "a b c1:-18446744073709551616",
		"a b c99999999999999999999999:1", "é ö c1:2", "a\u00a0b c c1:2",
	}
	pieces := []string{"a", "b", "c", " ", "\t", "1", "22", ":", "-", "+", "b7:1", "c10:229", "fuse", "snd/seq", "x"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var line strings.Builder
		line.WriteString([]string{"", "m n ", "m n c", "m n b1:"}[random.IntN(4)])
		for range random.IntN(8) {
			line.WriteString(pieces[random.IntN(len(pieces))])
		}
		lines = append(lines, line.String())
	}
	reference := oracle.Start(t, "testdata/scanf.c")
	for _, line := range lines {
		compare(t, reference, line)
	}
}

// compare holds a line against what testdata/scanf.c says of it.
func compare(t *testing.T, reference *oracle.Oracle, line string) {
	t.Helper()
	got := "none"
	if entry, ok := parse(line + "\n"); ok {
		kind := map[bool]string{true: "b", false: "c"}[entry.Block]
		got = fmt.Sprintf("%s|%s|%s|%d|%d", entry.Module, entry.Node, kind, entry.Major, entry.Minor)
	}
	if want := reference.Ask(t, line); got != want {
		t.Errorf("%q: %s instead of %s", line, got, want)
	}
}

// FuzzEntries wants of each line that is no comment one entry or one error, as the C library has it, and of an entry that was written again
// the same.
func FuzzEntries(f *testing.F) {
	f.Add("# comment\nfuse fuse c10:229\n")
	f.Add("bad\nsnd_seq snd/seq b116:4294967296")
	reference := oracle.Start(f, "testdata/scanf.c")
	f.Fuzz(func(t *testing.T, data string) {
		want := 0
		for line := range strings.Lines(data) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			want++
			if !strings.Contains(line, "\x00") {
				compare(t, reference, strings.TrimSuffix(line, "\n"))
			}
		}
		entries, bad := all(t, data)
		if len(entries)+len(bad) != want {
			t.Fatalf("%d entries and %d errors of %d lines", len(entries), len(bad), want)
		}
		for _, entry := range entries {
			kind := map[bool]string{true: "b", false: "c"}[entry.Block]
			line := fmt.Sprintf("%s %s %s%d:%d\n", entry.Module, entry.Node, kind, entry.Major, entry.Minor)
			if again, ok := parse(line); !ok || again != entry {
				t.Errorf("%v, written as %q, is read as %v", entry, line, again)
			}
		}
	})
}
