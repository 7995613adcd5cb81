package index

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gomod/internal/glob"
)

// fuzzEntries reads lines such as "2alias*=module": a digit for the priority, key, value.
func fuzzEntries(text string) []entry {
	ascii := []byte(text)
	for i := range ascii {
		if ascii[i] &= 0x7f; ascii[i] == 0 {
			ascii[i] = '*'
		}
	}
	var entries []entry
	for line := range strings.Lines(string(ascii)) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		var priority uint32
		if key != "" {
			priority, key = uint32(key[0]%4), key[1:]
		}
		entries = append(entries, entry{key, value, priority})
	}
	return entries
}

// inFileOrder gives the values of each key as depmod orders them: of equal priority the last added first.
func inFileOrder(entries []entry) map[string][]Value {
	all := make(map[string][]Value)
	for _, e := range slices.Backward(entries) {
		all[e.key] = append(all[e.key], Value{e.value, e.priority})
	}
	for _, values := range all {
		slices.SortStableFunc(values, func(a, b Value) int { return cmp.Compare(a.Priority, b.Priority) })
	}
	return all
}

func FuzzRoundTrip(f *testing.F) {
	f.Add("1q*=a\n1q?=b\n0qq=c\n2*q=d\n0[q]q=e\n0qq=h\n0*=i\n0qq=c", "qq")
	f.Add("0pci:v*d1sv*=a\n1pci:v00008086d*=b\n1pci:v00008086d1sv[0-9]=c\n", "pci:v00008086d1sv2")
	f.Add("0a\\*=a\n0a\\b=b\n0[=c\n0[a=d\n0=e\n0*=f\n0**=g\n0?=h", "[a")
	f.Add("0acpi*:A:*=a\n0acpi*:AB:*=b\n0acpi*:B:*=c\n0acpi*:[A-C]:=d\n0acpi*:\\A:x=e", "acpi:A:")
	f.Add("0q*=a\n1q*=b\n0qa=c\n0q**=d\n0q?=e\n0q[*]=f", "q*")
	f.Fuzz(func(t *testing.T, text, query string) {
		entries := fuzzEntries(text)
		for name, o := range orders {
			x, err := Parse(encode(entries, o))
			if err != nil {
				t.Fatal(name, err)
			}
			checkAll(t, x, entries)
			checkLookup(t, x, entries, query)
			checkSearch(t, x, entries, query)
			for _, e := range entries {
				checkSearch(t, x, entries, e.key)
			}
		}
	})
}

func checkAll(t *testing.T, x *Index, entries []entry) {
	t.Helper()
	got, last := make(map[string][]Value), ""
	err := x.All(func(bytes []byte, values []Value) bool {
		key := string(bytes)
		if key <= last && len(got) > 0 {
			t.Errorf("key %q behind %q", key, last)
		}
		got[key], last = slices.Clone(values), key
		return true
	})
	if want := inFileOrder(entries); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("All gives %v %v instead of %v", got, err, want)
	}
}

func checkLookup(t *testing.T, x *Index, entries []entry, another string) {
	t.Helper()
	all := inFileOrder(entries)
	check := func(key string) {
		value, found, err := x.Lookup(key)
		if values := all[key]; err != nil || found != (values != nil) || found && value != values[0].Text {
			t.Errorf("Lookup(%q) = %q %v %v", key, value, found, err)
		}
	}
	check(another)
	for key := range all {
		check(key)
		check(key + another)
		check(key[:len(key)/2])
	}
}

// checkSearch compares with the plain way: every key against the query by itself.
func checkSearch(t *testing.T, x *Index, entries []entry, query string) {
	t.Helper()
	got, err := x.Search(query)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(got, func(a, b Match) int { return cmp.Compare(a.Priority, b.Priority) }) {
		t.Errorf("Search(%q) is out of order: %v", query, got)
	}
	if strings.ContainsAny(query, wildcards) {
		checkSearchForPattern(t, got, entries, query)
		return
	}
	var want []Match
	for _, e := range entries {
		if fits(e.key, query, strings.IndexAny(e.key, wildcards)) {
			want = append(want, Match{e.value, e.priority, e.key})
		}
	}
	// The sort keeps the values of one key and priority in the order in which they were added.
	byKey := func(a, b Match) int { return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Key, b.Key)) }
	slices.SortStableFunc(want, byKey)
	slices.SortStableFunc(got, byKey)
	if !slices.Equal(got, want) {
		t.Errorf("Search(%q) = %v instead of %v", query, got, want)
	}
}

// checkSearchForPattern knows what a query with wildcards must find and may find; how often is up to the shape of the trie.
func checkSearchForPattern(t *testing.T, got []Match, entries []entry, query string) {
	t.Helper()
	for _, e := range entries {
		first := strings.IndexAny(e.key, wildcards)
		must, may := fits(e.key, query, first), e.key == query
		for i := range e.key {
			may = may || strings.IndexByte(wildcards, e.key[i]) >= 0 && fits(e.key, query, i)
		}
		found := slices.Contains(got, Match{e.value, e.priority, e.key})
		if must && !found || found && !may {
			t.Errorf("Search(%q): %q found: %v", query, e.key, found)
		}
	}
}

// fits tells whether a key equals the query up to i and matches from there on. -1 is its end.
func fits(key, query string, i int) bool {
	if i < 0 {
		return key == query
	}
	return strings.HasPrefix(query, key[:i]) && glob.Match(key[i:], query[i:])
}

func FuzzParse(f *testing.F) {
	for _, data := range []string{
		handMade, empty,
		header("\x20\x00\x00\x0c") + "**\x20\x00\x00\x0c",
		header("\x60\x00\x00\x0c") + "*[\x60\x00\x00\x0c\x80\x00\x00\x16\x00\x00\x00\x01\x00\x00\x00\x00\x00",
		header("\xc0\x00\x00\x0c") + "a\x00\x00\x00\x00\x02\x00\x00\x00\x00vvvv\x00\x00\x00\x00",
		string(encode(aliases(9), preOrder)), string(encode(aliases(9), postOrder)),
	} {
		f.Add([]byte(data), "ab*d")
	}
	f.Fuzz(func(t *testing.T, data []byte, query string) {
		x, err := Parse(data)
		if err != nil {
			return
		}
		keys, text, last := 0, 0, ""
		err = x.All(func(bytes []byte, values []Value) bool {
			key := string(bytes)
			if key <= last && keys > 0 {
				t.Errorf("key %q behind %q", key, last)
			}
			if value, found, err := x.Lookup(key); err != nil || !found || value != values[0].Text {
				t.Errorf("Lookup(%q) = %q %v %v, but All gives %v", key, value, found, err, values)
			}
			keys, last = keys+1, key
			for _, value := range values {
				text += 5 + len(value.Text)
			}
			return true
		})
		isDamage(t, err)
		if text > len(data) {
			t.Error("more values than the file has room for")
		}
		for range 2 {
			_, found, err := x.Lookup(query)
			isDamage(t, err)
			matches, err := x.Search(query)
			isDamage(t, err)
			if err == nil && found && !slices.ContainsFunc(matches, func(m Match) bool { return m.Key == query }) && !strings.ContainsAny(query, wildcards) {
				t.Errorf("Search(%q) has not what Lookup finds", query)
			}
			x.ReverseTies(true)
		}
	})
}

func isDamage(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*CorruptError](err); err != nil && !ok {
		t.Errorf("%T: %v", err, err)
	}
}
