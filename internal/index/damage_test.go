package index

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// header is that of an index whose root reference is given.
func header(root string) string { return "\xb0\x07\xf4\x57" + "\x00\x02\x00\x01" + root }

// inAll tells the methods apart that meet the damage: reading the key "a", or the pattern "*a", or all.
const (
	inLookup = 1 << iota
	inSearch
	inAll
)

func TestDamage(t *testing.T) {
	for name, test := range map[string]struct {
		data    string
		methods int
		want    CorruptError
	}{
		"root outside":     {header("\x80\x00\x00\x0d"), inLookup | inSearch | inAll, CorruptError{"", 8, "reference to a node outside of the file", 0x8000000d}},
		"root in header":   {header("\x80\x00\x00\x0b"), inLookup | inSearch | inAll, CorruptError{"", 8, "reference to a node outside of the file", 0x8000000b}},
		"root at the end":  {header("\x80\x00\x00\x0c"), inLookup | inSearch | inAll, CorruptError{"", 12, "text without an end", 0}},
		"prefix":           {header("\x80\x00\x00\x0c") + "a", inLookup | inSearch | inAll, CorruptError{"", 12, "text without an end", 1}},
		"pattern":          {header("\x80\x00\x00\x0c") + "*a", inSearch | inAll, CorruptError{"", 12, "text without an end", 2}},
		"no children":      {header("\x20\x00\x00\x0c"), inLookup | inSearch | inAll, CorruptError{"", 12, "children beyond the end of the file", 12}},
		"half a table":     {header("\x20\x00\x00\x0c") + "a", inLookup | inSearch | inAll, CorruptError{"", 12, "children beyond the end of the file", 13}},
		"short table":      {header("\x20\x00\x00\x0c") + "aa\x00\x00\x00", inLookup | inSearch | inAll, CorruptError{"", 12, "children beyond the end of the file", 17}},
		"wrong way round":  {header("\x20\x00\x00\x0c") + "ba\x00\x00\x00\x00", inLookup | inSearch | inAll, CorruptError{"", 12, "range of children", 0x6261}},
		"child NUL":        {header("\x20\x00\x00\x0c") + "\x00\x00\x00\x00\x00\x00", inLookup | inSearch | inAll, CorruptError{"", 12, "range of children", 0}},
		"child beyond 127": {header("\x20\x00\x00\x0c") + "a\x80" + strings.Repeat("\x00", 128), inLookup | inSearch | inAll, CorruptError{"", 12, "range of children", 0x6180}},
		"child outside":    {header("\x20\x00\x00\x0c") + "aa\x40\x00\x00\x13", inLookup | inSearch | inAll, CorruptError{"", 14, "reference to a node outside of the file", 0x40000013}},
		"no values":        {header("\xc0\x00\x00\x0c") + "a\x00\x00\x00\x00", inLookup | inSearch | inAll, CorruptError{"", 14, "values beyond the end of the file", 17}},
		"count":            {header("\xc0\x00\x00\x0c") + "a\x00\x00\x00\x00\x02\x00\x00\x00\x00v\x00", inLookup | inSearch | inAll, CorruptError{"", 14, "count of values", 2}},
		"huge count":       {header("\xc0\x00\x00\x0c") + "a\x00\xff\xff\xff\xff\x00\x00\x00\x00v\x00", inLookup | inSearch | inAll, CorruptError{"", 14, "count of values", 0xffffffff}},
		"value":            {header("\xc0\x00\x00\x0c") + "a\x00\x00\x00\x00\x01\x00\x00\x00\x00v", inLookup | inSearch | inAll, CorruptError{"", 22, "text without an end", 1}},
		"second value":     {header("\xc0\x00\x00\x0c") + "a\x00\x00\x00\x00\x02\x00\x00\x00\x00vvvv\x00\x00\x00\x00", inSearch | inAll, CorruptError{"", 27, "values beyond the end of the file", 30}},
		"loop":             {header("\x20\x00\x00\x0c") + "**\x20\x00\x00\x0c", inSearch | inAll, CorruptError{"", 12, "nodes are shared or form a loop", 18}},
		"loop with values": {header("\x60\x00\x00\x0c") + "**\x60\x00\x00\x0c\x00\x00\x00\x01\x00\x00\x00\x00\x00", inSearch | inAll, CorruptError{"", 12, "nodes are shared or form a loop", 27}},
	} {
		t.Run(name, func(t *testing.T) {
			x := parse(t, test.data)
			_, found, err := x.Lookup("a")
			checkDamage(t, "Lookup", err, test.methods&inLookup != 0, test.want)
			if found && err != nil {
				t.Error("found what is damaged")
			}
			for _, query := range []string{"a", "*a"} {
				matches, err := x.Search(query)
				if test.methods&inSearch != 0 && err == nil && query == "*a" {
					continue // prefix "a" does not fit it
				}
				if err != nil && matches != nil {
					t.Error(matches)
				}
				checkDamage(t, "Search "+query, err, test.methods&inSearch != 0, test.want)
			}
			checkDamage(t, "All", x.All(func([]byte, []Value) bool { return true }), test.methods&inAll != 0, test.want)
		})
	}
}

func checkDamage(t *testing.T, method string, err error, expected bool, want CorruptError) {
	t.Helper()
	damage, ok := errors.AsType[*CorruptError](err)
	if !expected && err != nil {
		t.Errorf("%s: %v", method, err)
	}
	if expected && !ok {
		t.Errorf("%s: %v instead of %v", method, err, &want)
	}
	if expected && ok && (damage.What != want.What || want.What != "nodes are shared or form a loop" && *damage != want) {
		t.Errorf("%s: %v instead of %v", method, damage, &want)
	}
}

// TestSharedNodes has forty nodes, each with two references to the next: a billion paths of which one holds a value.
func TestSharedNodes(t *testing.T) {
	const size = 2 + 2*4
	data := header("\x20\x00\x00\x0c")
	for i := range 40 {
		next := string([]byte{0, byte((12 + size*(i+1)) >> 8), byte(12 + size*(i+1))})
		data += "*+" + "\x20" + next + "\x20" + next
	}
	data += "**\x00\x00\x00\x00"
	x := parse(t, data)
	want := CorruptError{What: "nodes are shared or form a loop"}
	_, err := x.Search("*****")
	checkDamage(t, "Search", err, true, want)
	checkDamage(t, "All", x.All(func([]byte, []Value) bool { return true }), true, want)
}

func TestLongKeys(t *testing.T) {
	for _, test := range []struct {
		length int
		fits   bool
	}{{MaxKey, true}, {MaxKey + 1, false}} {
		key := strings.Repeat("*", test.length)
		branched := []entry{{key, "v", 0}} // a child in every second byte
		for i := 2; i < len(key); i += 2 {
			branched = append(branched, entry{key[:i] + "x", "w", 0})
		}
		for _, entries := range [][]entry{{{key, "v", 0}}, branched} {
			x := parse(t, string(encode(entries, preOrder)))
			if value, _, err := x.Lookup(key); value != "v" || err != nil {
				t.Error(value, err)
			}
			want := CorruptError{What: "key is too long", Value: MaxKey}
			found, err := x.Search("q")
			if test.fits && (len(found) != 1 || err != nil) {
				t.Error(len(found), err)
			}
			if damage, ok := errors.AsType[*CorruptError](err); !test.fits && (!ok || damage.What != want.What || damage.Value != want.Value) {
				t.Error(err)
			}
			err = x.All(func([]byte, []Value) bool { return true })
			if damage, ok := errors.AsType[*CorruptError](err); ok == test.fits || ok && damage.What != want.What {
				t.Error(err)
			}
		}
	}
}

// TestShrunkenFile cuts a file while it is mapped, which would end the program by SIGBUS.
func TestShrunkenFile(t *testing.T) {
	path := write(t, string(encode(aliases(2000), preOrder)))
	for _, length := range []int64{4096, 0} {
		x, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, length); err != nil {
			t.Fatal(err)
		}
		for _, e := range aliases(2000)[1990:] {
			if _, _, err := x.Lookup(e.key); !errors.Is(err, ErrFault) {
				t.Error("Lookup:", err)
			}
			if _, err := x.Search(strings.ReplaceAll(e.key, "*", "0")); !errors.Is(err, ErrFault) {
				t.Error("Search:", err)
			}
		}
		if err := x.All(func([]byte, []Value) bool { return true }); !errors.Is(err, ErrFault) {
			t.Error("All:", err)
		}
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestPanicOfTheCaller must come out of All as it went in, and so must a fault that is not the index's.
func TestPanicOfTheCaller(t *testing.T) {
	x, err := Open(write(t, handMade))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	other, err := Open(write(t, handMade))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := os.Truncate(other.path, 0); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		panic func()
		want  func(any) bool
	}{
		{"value", func() { panic("mine") }, func(cause any) bool { return cause == "mine" }},
		{"fault", func() { _ = string(other.data[:4]) + string(other.data[4:5]) }, func(cause any) bool { return cause != nil }},
	} {
		func() {
			defer func() {
				if cause := recover(); !test.want(cause) {
					t.Error(test.name, cause)
				}
			}()
			err := x.All(func([]byte, []Value) bool { test.panic(); return true })
			t.Error(test.name, "was swallowed:", err)
		}()
	}
}
