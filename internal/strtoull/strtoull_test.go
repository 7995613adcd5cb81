package strtoull

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"gomod/test/oracle"
)

func TestParse(t *testing.T) {
	type asked struct {
		text string
		base int
	}
	for of, want := range map[asked]uint64{
		{"0", 0}: 0, {" 12", 0}: 12, {"0x1f", 0}: 31, {"017", 0}: 15, {"-1", 0}: math.MaxUint64, {"+0", 0}: 0, {"-18446744073709551616", 0}: math.MaxUint64,
		{"0", 16}: 0, {"0x10", 16}: 16, {"0X1f", 16}: 31, {"ff", 16}: 255, {"017", 16}: 23, {"-1", 16}: math.MaxUint64, {"+5", 16}: 5, {"\n0x5", 16}: 5,
		{"11111111111111111111", 16}: math.MaxUint64,
	} {
		if got, ok := Parse(of.text, of.base); got != want || !ok {
			t.Errorf("%q of base %d: %d %t", of.text, of.base, got, ok)
		}
	}
	for _, base := range []int{0, 16} {
		for _, text := range []string{"", "0x", "-", "x", "1g", "1_0", "--1", "0x-1", "+-1", "0xg", "1 ", "18446744073709551616x", "1\x00"} {
			if got, ok := Parse(text, base); ok {
				t.Errorf("%q of base %d: %d", text, base, got)
			}
		}
	}
	if got, ok := Parse("08", 0); ok {
		t.Errorf("08 of base 8: %d", got)
	}
}

// FuzzParse: a text is the number that the C library takes it for.
func FuzzParse(f *testing.F) {
	for _, text := range []string{" 12", "0x1f", "017", "-1", "18446744073709551616x", "-18446744073709551616", "08", "0x", "+0", "0x9a1dfd65", "-0xg", "\v0Xffffffffffffffff1"} {
		f.Add(text, false)
		f.Add(text, true)
	}
	reference := oracle.Start(f, "testdata/strtoull.c")
	f.Fuzz(func(t *testing.T, text string, hex bool) {
		base := 0
		if hex {
			base = 16
		}
		// Newer C libraries know numbers of base 2, too, where the base is 0.
		if strings.ContainsRune(text, 0) || !hex && strings.Contains(strings.ToLower(text), "0b") {
			return
		}
		got := "none"
		if number, ok := Parse(text, base); ok {
			got = strconv.FormatUint(number, 10)
		}
		if want := reference.Ask(t, strconv.Itoa(base), text); got != want {
			t.Errorf("%q of base %d: %s instead of %s", text, base, got, want)
		}
	})
}
