package builtin

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"gomod/test/need"
)

// TestModinfo is what kmod 34.2's modinfo printed for the same files, but for ErrNoKey, where it complains and ends with 0.
func TestModinfo(t *testing.T) {
	for _, test := range []struct {
		text, name string
		want       []string
		bad        *RecordError
	}{
		{"", "foo", nil, nil},
		{"foo.a=1\x00foo.b=2\x00bar.c=3\x00foo.d=4\x00", "foo", []string{"a=1", "b=2"}, nil},
		{"foo.a=1\x00foo.b=2\x00bar.c=3\x00foo.d=4\x00", "bar", []string{"c=3"}, nil},
		{"foo.a=1\x00foo.b=2\x00bar.c=3\x00foo.d=4\x00", "baz", nil, nil},
		{"fo.a=1\x00foo.b=2\x00", "foo", []string{"b=2"}, nil},
		{"foo_bar.a=1\x00foo.b=2\x00", "foo", []string{"b=2"}, nil},
		{"foo.c=3", "foo", []string{"c=3"}, nil},
		{"foo.c=3\x00foo.d", "foo", []string{"c=3", "d"}, nil},
		{"foo.=x\x00foo.e=a.b=c\x00", "foo", []string{"=x", "e=a.b=c"}, nil},
		{".a=1\x00foo.b=2\x00", "foo", []string{"b=2"}, nil},
		{"foo.b=1\x00.b=2\x00foo.c=3\x00", "foo", []string{"b=1"}, nil},
		{"foo.b=2\x00bar.c=1\x00xx\x00", "foo", []string{"b=2"}, nil},
		{"xx\x00foo.b=2\x00", "foo", nil, &RecordError{"", 0, ErrNoModule, "xx"}},
		{"foo.b=2\x00xx\x00foo.c=3\x00", "foo", nil, &RecordError{"", 8, ErrNoModule, "xx"}},
		{"foo.b=2\x00xx\x00foo.c=3\x00", "bar", nil, &RecordError{"", 8, ErrNoModule, "xx"}},
		{"foo.b=2\x00\x00foo.c=3\x00", "foo", nil, &RecordError{"", 8, ErrNoModule, ""}},
		{"\x00", "foo", nil, &RecordError{"", 0, ErrNoModule, ""}},
		{"bar.b=2\x00foo.\x00foo.c=3\x00", "foo", nil, &RecordError{"", 8, ErrNoKey, "foo."}},
		{"bar.\x00foo.c=3\x00", "foo", []string{"c=3"}, nil},
	} {
		got, err := Parse([]byte(test.text)).Modinfo(test.name)
		if !slices.Equal(got, test.want) || (got == nil) != (test.want == nil) {
			t.Errorf("%q, %s: %q", test.text, test.name, got)
		}
		checkError(t, test.text, err, test.bad)
	}
}

func checkError(t *testing.T, text string, err error, want *RecordError) {
	t.Helper()
	got, ok := errors.AsType[*RecordError](err)
	if want == nil && err != nil || want != nil && (!ok || *got != *want) {
		t.Errorf("%q: %v instead of %v", text, err, want)
	}
	if want != nil && (!errors.Is(err, syscall.EINVAL) || !errors.Is(err, want.Reason)) {
		t.Errorf("%q: %v unwraps wrongly", text, err)
	}
}

func TestRecords(t *testing.T) {
	const text = "foo.alias=a.b=c\x00xx\x00\x00.a=\x00b=c.=\x00foo.\x00foo.alias\x00bar.x=1"
	want := []struct {
		record Record
		bad    *RecordError
	}{
		{Record{"foo", "alias", "a.b=c"}, nil},
		{Record{}, &RecordError{"", 16, ErrNoModule, "xx"}},
		{Record{}, &RecordError{"", 19, ErrNoModule, ""}},
		{Record{"", "a", ""}, nil},
		{Record{"b=c", "", ""}, nil},
		{Record{}, &RecordError{"", 30, ErrNoKey, "foo."}},
		{Record{}, &RecordError{"", 35, ErrNoValue, "foo.alias"}},
		{Record{"bar", "x", "1"}, nil},
	}
	i := 0
	for record, err := range Parse([]byte(text)).Records() {
		if record != want[i].record {
			t.Errorf("%d: %v", i, record)
		}
		checkError(t, text, err, want[i].bad)
		i++
	}
	if i != len(want) {
		t.Error(i, "records")
	}
	for range Parse([]byte(text)).Records() {
		break
	}
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "modules.builtin.modinfo")
	_, err := Modinfo(path, "foo")
	if e, ok := errors.AsType[*fs.PathError](err); !ok || e.Path != path || !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := os.WriteFile(path, []byte("foo.a=1\x00foo.b=\xff\x00xx\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Modinfo(path, "foo")
	checkError(t, "xx", err, &RecordError{path, 16, ErrNoModule, "xx"})
	if want := path + `: offset 16: record without a module's name and a dot: "xx"`; err.Error() != want {
		t.Error(err)
	}
	if err := os.Truncate(path, 16); err != nil {
		t.Fatal(err)
	}
	if got, err := Modinfo(path, "foo"); !slices.Equal(got, []string{"a=1", "b=\xff"}) || err != nil {
		t.Errorf("%q %v", got, err)
	}
	need.NoError(t, os.Truncate(path, 1<<40))
	if _, err := Modinfo(path, "foo"); !errors.Is(err, syscall.EFBIG) {
		t.Error(err)
	}
	if _, err := Modinfo(filepath.Dir(path), "foo"); !errors.Is(err, syscall.EISDIR) {
		t.Error(err)
	}
}

func TestFifo(t *testing.T) {
	need.NotWaitedFor(t, func(path string) error {
		_, err := Modinfo(path, "foo")
		return err
	})
}

func TestLongRecordInAnError(t *testing.T) {
	_, err := Parse([]byte(strings.Repeat("x", 1<<20))).Modinfo("foo")
	if text := err.Error(); len(text) > 300 || !strings.HasSuffix(text, `x..."`) {
		t.Error(text)
	}
}

func TestManyRecords(t *testing.T) {
	text := strings.Repeat("foo.a\x00", maxRecords)
	if got, err := Parse([]byte(text + "bar.x\x00")).Modinfo("foo"); len(got) != maxRecords || err != nil {
		t.Error(len(got), err)
	}
	_, err := Parse([]byte(text + "foo.b\x00")).Modinfo("foo")
	checkError(t, "too many", err, &RecordError{"", len(text), ErrTooMany, "foo.b"})
}

func FuzzRecords(f *testing.F) {
	f.Add([]byte("foo.a=1\x00foo.b=2\x00bar.c=3\x00foo.d=4\x00"), "foo")
	f.Add([]byte("foo.a\x00xx\x00\x00.=\x00foo."), "foo")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		file := Parse(data)
		var again []string
		for record, err := range file.Records() {
			bad, isBad := errors.AsType[*RecordError](err)
			switch {
			case isBad && !strings.HasPrefix(string(data[bad.Offset:])+"\x00", bad.Record+"\x00"):
				t.Errorf("%q is not at %d", bad.Record, bad.Offset)
			case isBad:
				again = append(again, bad.Record)
			case strings.Contains(record.Module, ".") || strings.Contains(record.Key, "="):
				t.Error(record)
			default:
				again = append(again, record.Module+"."+record.Key+"="+record.Value)
			}
		}
		if got := strings.Join(again, "\x00"); got != strings.TrimSuffix(string(data), "\x00") {
			t.Errorf("records of %q: %q", data, again)
		}
		got, err := file.Modinfo(name)
		if want, ok := plainly(again, name); (err == nil) != ok || !slices.Equal(got, want) {
			t.Errorf("%q, %s: %q %v instead of %q", data, name, got, err, want)
		}
	})
}

// plainly does what Modinfo does the slow way: it cuts the records before and behind the run off. ok is false where one of
// those that it has to look at is bad.
func plainly(records []string, name string) (run []string, ok bool) {
	if strings.ContainsAny(name, ".\x00") {
		return nil, !slices.ContainsFunc(records, func(r string) bool { return !strings.Contains(r, ".") })
	}
	of := func(r string) bool { return strings.HasPrefix(r, name+".") }
	end := len(records)
	if first := slices.IndexFunc(records, of); first >= 0 {
		if length := slices.IndexFunc(records[first:], func(r string) bool { return !of(r) }); length >= 0 {
			end = first + length + 1
		}
	}
	for _, r := range records[:end] {
		if !strings.Contains(r, ".") || r == name+"." {
			return nil, false
		}
		if of(r) {
			run = append(run, strings.TrimPrefix(r, name+"."))
		}
	}
	return run, true
}
