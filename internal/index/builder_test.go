package index

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// TestEmptyIndex is what kmod 34.2 writes for no entries at all.
func TestEmptyIndex(t *testing.T) {
	var b Builder
	got, err := b.Bytes()
	if want := "\xb0\x07\xf4\x57\x00\x02\x00\x01\x00\x00\x00\x0c"; string(got) != want || err != nil {
		t.Errorf("%x %v", got, err)
	}
	if err := b.Check(got); err != nil {
		t.Error(err)
	}
}

func TestUnfitEntries(t *testing.T) {
	var b Builder
	for _, test := range []struct {
		key, value string
		reason     error
		char       byte
	}{
		{"f\xc3\xbc", "x", ErrNotASCII, 0xc3},
		{"f", "\xff", ErrNotASCII, 0xff},
		{"a\x00b", "x", ErrNUL, 0},
		{strings.Repeat("k", MaxKey+1), "x", ErrLongKey, 0},
	} {
		err := b.Add(test.key, test.value, 1)
		if e, ok := errors.AsType[*TextError](err); !ok || !errors.Is(err, test.reason) || e.Char != test.char {
			t.Errorf("Add(%.20q, %q): %v", test.key, test.value, err)
		}
	}
	if err := b.Add(strings.Repeat("k", MaxKey), "", 0); err != nil || b.Len() != 1 {
		t.Error(err, b.Len())
	}
	data, err := b.Bytes()
	if err != nil || b.Check(data) != nil {
		t.Error(err, b.Check(data))
	}
}

// TestCheckFindsDamage changes every byte of an index and takes entries away.
func TestCheckFindsDamage(t *testing.T) {
	b := built(t, []entry{{"a", "1", 1}, {"ab", "2", 2}, {"b*", "3", 3}, {"", "4", 4}})
	data, _ := b.Bytes()
	for i := range data {
		if i == 6 || i == 7 { // the minor version says nothing
			continue
		}
		damaged := bytes.Clone(data)
		damaged[i] ^= 4
		if b.Check(damaged) == nil {
			t.Errorf("a change of byte %d is not noticed", i)
		}
	}
	less := built(t, []entry{{"a", "1", 1}, {"ab", "2", 2}, {"b*", "3", 3}})
	lessData, _ := less.Bytes()
	if !errors.Is(b.Check(lessData), ErrIncomplete) || !errors.Is(less.Check(data), ErrIncomplete) {
		t.Error("a missing entry is not noticed")
	}
}

func built(t testing.TB, entries []entry) *Builder {
	t.Helper()
	var b Builder
	b.Grow(len(entries))
	for _, e := range entries {
		if err := b.Add(e.key, e.value, e.priority); err != nil {
			t.Fatal(err)
		}
	}
	return &b
}

// FuzzBuilder: the writer gives the bytes that inserting one entry after the other into a trie gives, as the format's
// description has it, and the reader gives back what the writer got.
func FuzzBuilder(f *testing.F) {
	f.Add([]byte("a\x00b\x00ab\x00\x01abc\x00\x01"))
	f.Add([]byte("pci:v*d*\x00x\x00pci:v*\x00y\x00pci:v*\x00z\x00\x00e\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var b Builder
		var entries []entry
		for len(data) > 0 {
			var key, value []byte
			key, data, _ = bytes.Cut(data, []byte{0})
			value, data, _ = bytes.Cut(data, []byte{0})
			e := entry{string(key), string(value), uint32(len(value) % 3)}
			unfit := bytes.ContainsFunc(append(key[:len(key):len(key)], value...), unfitByte) || len(key) > MaxKey
			if err := b.Add(e.key, e.value, e.priority); (err != nil) != unfit {
				t.Fatalf("Add(%q, %q): %v", e.key, e.value, err)
			} else if err == nil {
				entries = append(entries, e)
			}
		}
		got, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if want := encode(entries, preOrder); !bytes.Equal(got, want) {
			t.Fatalf("%+v:\ngot  %x\nwant %x", entries, got, want)
		}
		if err := b.Check(got); err != nil {
			t.Fatal(err)
		}
		x := parse(t, string(got))
		for _, e := range entries {
			if _, found, err := x.Lookup(e.key); !found || err != nil {
				t.Errorf("Lookup(%q): %v %v", e.key, found, err)
			}
		}
	})
}

// TestManyEntries has keys that end where others go on, and many values of one key.
func TestManyEntries(t *testing.T) {
	var entries []entry
	for i := range 3000 {
		key := strings.Repeat("common:", i%3) + strings.Repeat(string(rune('a'+i%5)), i%17) + strings.Repeat("z*", i%4)
		entries = append(entries, entry{key, "v" + string(rune('a'+i%26)), uint32(i * 7 % 11)})
	}
	b := built(t, entries)
	got, err := b.Bytes()
	if want := encode(entries, preOrder); !bytes.Equal(got, want) || err != nil || b.Check(got) != nil {
		t.Errorf("%d bytes, want %d: %v %v", len(got), len(want), err, b.Check(got))
	}
}

func unfitByte(r rune) bool { return r >= 0x80 }

func TestReferenceIsInTheHeader(t *testing.T) {
	data, _ := built(t, []entry{{"a", "1", 1}}).Bytes()
	if got := binary.BigEndian.Uint32(data[8:]); got != hasChildren|12 {
		t.Errorf("%x", got)
	}
}
