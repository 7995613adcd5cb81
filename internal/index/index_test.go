package index

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// handMade is an index of three keys: ab (y, then x, both of priority 7), ab*d (z, 5) and ac (empty text, 0). Its root has a
// prefix, which depmod never gives it.
//
//	12 root: prefix "a", children b to c
//	24 "ab": child '*', values y x
//	46 "ab*d": prefix "d", value z
//	58 "ac": an empty value
const handMade = "\xb0\x07\xf4\x57" + "\x00\x02\x00\x01" + "\xa0\x00\x00\x0c" +
	"a\x00" + "bc" + "\x60\x00\x00\x18" + "\x40\x00\x00\x3a" +
	"**" + "\xc0\x00\x00\x2e" + "\x00\x00\x00\x02" + "\x00\x00\x00\x07y\x00" + "\x00\x00\x00\x07x\x00" +
	"d\x00" + "\x00\x00\x00\x01" + "\x00\x00\x00\x05z\x00" +
	"\x00\x00\x00\x01" + "\x00\x00\x00\x00\x00"

// empty is what depmod writes when there are no keys.
const empty = "\xb0\x07\xf4\x57" + "\x00\x02\x00\x01" + "\x00\x00\x00\x0c"

func parse(t testing.TB, data string) *Index {
	t.Helper()
	x, err := Parse([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// listing is all that All gives, a line for each key.
func listing(t testing.TB, x *Index) string {
	t.Helper()
	var all strings.Builder
	err := x.All(func(key []byte, values []Value) bool {
		fmt.Fprintf(&all, "%q %v\n", key, values)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestHandMade(t *testing.T) {
	x := parse(t, handMade)
	for key, want := range map[string]string{"ab": "y", "ab*d": "z", "ac": ""} {
		if got, found, err := x.Lookup(key); got != want || !found || err != nil {
			t.Errorf("Lookup(%q) = %q %v %v", key, got, found, err)
		}
	}
	for _, key := range []string{"", "a", "b", "ab*", "ab*dd", "abd", "aa", "ad", "ac\x00", "\xff", "a\xff"} {
		if got, found, err := x.Lookup(key); got != "" || found || err != nil {
			t.Errorf("Lookup(%q) = %q %v %v", key, got, found, err)
		}
	}
	for query, want := range map[string][]Match{
		"":     nil,
		"a":    nil,
		"ab":   {{"x", 7, "ab"}, {"y", 7, "ab"}},
		"abd":  {{"z", 5, "ab*d"}},
		"ab/d": {{"z", 5, "ab*d"}},
		"abdx": nil,
		"ac":   {{"", 0, "ac"}},
	} {
		if got, err := x.Search(query); !reflect.DeepEqual(got, want) || err != nil {
			t.Errorf("Search(%q) = %v %v", query, got, err)
		}
	}
	const want = `"ab" [{y 7} {x 7}]` + "\n" + `"ab*d" [{z 5}]` + "\n" + `"ac" [{ 0}]` + "\n"
	if got := listing(t, x); got != want {
		t.Errorf("All gives\n%s", got)
	}
}

func TestEmpty(t *testing.T) {
	for _, data := range []string{empty, "\xb0\x07\xf4\x57\x00\x02\x00\x01\x00\x00\x00\x00"} {
		x := parse(t, data)
		if _, found, err := x.Lookup(""); found || err != nil {
			t.Error(found, err)
		}
		if found, err := x.Search("a"); found != nil || err != nil {
			t.Error(found, err)
		}
		if all := listing(t, x); all != "" {
			t.Error(all)
		}
	}
}

// TestEncoder holds the tests' own writer against bytes written by hand, and against those of kmod 34.2's depmod for one
// built-in module "foo" with the alias zalias and its neighbours bar and baz.
func TestEncoder(t *testing.T) {
	const split = "\xb0\x07\xf4\x57" + "\x00\x02\x00\x01" + "\x20\x00\x00\x0c" +
		"aa" + "\x20\x00\x00\x12" +
		"bc" + "\x60\x00\x00\x1c" + "\x40\x00\x00\x3e" +
		"**" + "\xc0\x00\x00\x32" + "\x00\x00\x00\x02" + "\x00\x00\x00\x07y\x00" + "\x00\x00\x00\x07x\x00" +
		"d\x00" + "\x00\x00\x00\x01" + "\x00\x00\x00\x05z\x00" +
		"\x00\x00\x00\x01" + "\x00\x00\x00\x00\x00"
	if made := encode([]entry{{"ac", "", 0}, {"ab", "x", 7}, {"ab*d", "z", 5}, {"ab", "y", 7}}, preOrder); string(made) != split {
		t.Errorf("%q", made)
	}
	const depmod = "\xb0\x07\xf4\x57\x00\x02\x00\x01\x20\x00\x00\x0czz\xc0\x00\x00\x12alias\x00\x00\x00\x00\x02\x00\x00\x00\x00baz\x00\x00\x00\x00\x00bar\x00"
	if made := encode([]entry{{"zalias", "bar", 0}, {"zalias", "baz", 0}}, preOrder); string(made) != depmod {
		t.Errorf("%q", made)
	}
	if made := encode(nil, preOrder); string(made) != empty {
		t.Errorf("%q", made)
	}
	const rootLast = "\xb0\x07\xf4\x57\x00\x02\x00\x01\x20\x00\x00\x18" + "b\x00\x00\x00\x00\x01\x00\x00\x00\x00c\x00" + "aa\xc0\x00\x00\x0c"
	if made := encode([]entry{{"ab", "c", 0}}, postOrder); string(made) != rootLast {
		t.Errorf("%q", made)
	}
}

func TestAllStops(t *testing.T) {
	calls := 0
	err := parse(t, handMade).All(func([]byte, []Value) bool { calls++; return calls < 2 })
	if calls != 2 || err != nil {
		t.Error(calls, err)
	}
}

func write(t testing.TB, data string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "modules.alias.bin")
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpen(t *testing.T) {
	x, err := Open(write(t, handMade))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := listing(t, x), listing(t, parse(t, handMade)); got != want {
		t.Error(got)
	}
	found, err := x.Search("abd")
	if err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
	if len(found) != 1 || found[0] != (Match{"z", 5, "ab*d"}) {
		t.Error("a result must outlive the mapping:", found)
	}
	if _, _, err := x.Lookup("ab"); !errors.Is(err, fs.ErrClosed) {
		t.Error(err)
	}
	if _, err := x.Search("ab"); !errors.Is(err, fs.ErrClosed) {
		t.Error(err)
	}
	if err := x.All(nil); !errors.Is(err, fs.ErrClosed) {
		t.Error(err)
	}
}

func TestOpenErrors(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "modules.dep.bin")
	_, err := Open(missing)
	pathError, ok := errors.AsType[*fs.PathError](err)
	if !ok || !errors.Is(err, fs.ErrNotExist) || pathError.Path != missing {
		t.Error(err)
	}
	for _, data := range []string{"", handMade[:11]} {
		if _, err := Open(write(t, data)); !errors.Is(err, ErrTooShort) {
			t.Error(err)
		}
		if _, err := Parse([]byte(data)); err != ErrTooShort {
			t.Error(err)
		}
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a folder is no index")
	}
	path := write(t, "\xb0\x07\xf4\x58"+handMade[4:])
	_, err = Open(path)
	if e, ok := errors.AsType[*MagicError](err); !ok || *e != (MagicError{path, 0xb007f458}) {
		t.Error(err)
	}
	path = write(t, handMade[:4]+"\x00\x03"+handMade[6:])
	_, err = Open(path)
	if e, ok := errors.AsType[*VersionError](err); !ok || *e != (VersionError{path, 3}) {
		t.Error(err)
	}
	if _, err := Parse([]byte(handMade[:4] + "\x00\x02\xff\xff" + handMade[8:])); err != nil {
		t.Error("the second half of the version may be anything:", err)
	}
}

func TestErrorTexts(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{&MagicError{"m.bin", 0xb007}, "m.bin: not an index: magic number b007 instead of b007f457"},
		{&VersionError{"", 1}, "index of version 1 instead of 2"},
		{&CorruptError{"m.bin", 20, "count of values", 255}, "m.bin: damaged index: offset 0x14: count of values (0xff)"},
	} {
		if got := test.err.Error(); got != test.want {
			t.Errorf("%s, not %s", got, test.want)
		}
	}
}
