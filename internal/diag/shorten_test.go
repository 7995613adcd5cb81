package diag

import (
	"fmt"
	"testing"
)

// Of modules with very many wrong symbols some are kept, at first all and later as many as are shown, and the others are counted: those of 60
// modules with 200,000 each were 700 MB.
func TestShortened(t *testing.T) {
	crc := uint64(3)
	many := func(n int) (causes []Cause) {
		unknown, denied, versions := UnknownSymbols{NoIndex: &NoIndex{}}, GPLOnly{License: "X"}, SymbolVersions{}
		for i := range n {
			name := fmt.Sprint("s", i)
			unknown.Symbols = append(unknown.Symbols, MissingSymbol{Name: name, Providers: []Provider{{Module: "m"}}})
			denied.Symbols = append(denied.Symbols, name)
			versions.Symbols = append(versions.Symbols, SymbolVersion{Name: name, Module: &crc, Provider: "m"})
		}
		return []Cause{unknown, denied, versions}
	}
	for i, whole := range many(3) {
		room := mostSymbols
		expect(t, shortened(whole, &room), whole)
		if room != mostSymbols-3 {
			t.Errorf("room for %d", room)
		}
		for _, symbols := range []struct{ room, has, kept int }{{100, 101, 100}, {100, 100, 100}, {0, 11, leastSymbols}, {-500, 200_000, leastSymbols}, {3, 9, 9}} {
			room, want := symbols.room, many(symbols.kept)[i]
			switch c := want.(type) {
			case UnknownSymbols:
				c.Others = symbols.has - symbols.kept
				want = c
			case GPLOnly:
				c.Others = symbols.has - symbols.kept
				want = c
			case SymbolVersions:
				c.Others = symbols.has - symbols.kept
				want = c
			}
			expect(t, shortened(many(symbols.has)[i], &room), want)
		}
	}
}

// It is done for what a module needs, and not for the module itself.
func TestNeedsAreShortened(t *testing.T) {
	room := 0
	expect(t, shortened(KeptOut{Name: "m"}, &room), KeptOut{Name: "m"})
	dependency := Dependency{"m", "/m.ko", []Cause{GPLOnly{Symbols: make([]string, mostSymbols+leastSymbols+1)}, GPLOnly{Symbols: make([]string, leastSymbols+1)}}}
	got := shortenedNeeds([]Cause{GPLOnly{Symbols: make([]string, 2*mostSymbols)}, dependency}, &room)
	want := Dependency{"m", "/m.ko", []Cause{GPLOnly{Symbols: make([]string, leastSymbols), Others: mostSymbols + 1}, GPLOnly{Symbols: make([]string, leastSymbols), Others: 1}}}
	expect(t, got, []Cause{GPLOnly{Symbols: make([]string, 2*mostSymbols)}, want})
}
