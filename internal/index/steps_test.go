package index

import (
	"fmt"
	"strings"
	"testing"
)

const tooLong = "patterns that take too long to compare with the name, steps"

// TestSteps has patterns and names that made a search take from ten seconds to minutes. It ends with an answer, or with an error
// when the steps are used up.
func TestSteps(t *testing.T) {
	unclosed, stars, found := make([]entry, 1138), make([]entry, 3900), make([]entry, 1<<15)
	for i := range unclosed {
		unclosed[i] = entry{"*" + strings.Repeat("[", 3500) + fmt.Sprintf(`%06d\]`, i), "evil", 0}
	}
	for i := range stars {
		stars[i] = entry{"*" + strings.Repeat("a", i) + fmt.Sprintf("%06d", i), "evil", 0}
	}
	for i := range found {
		found[i] = entry{strings.Repeat("*", 4000) + strings.NewReplacer("0", "*", "1", "?").Replace(fmt.Sprintf("%015b", i)), "evil", 0}
	}
	for _, test := range []struct {
		name    string
		entries []entry
		query   string
		most    int64
		fails   bool
	}{
		{"unclosed brackets", unclosed, strings.Repeat("a", 500), 1 << 23, false},
		{"unclosed brackets, a long name", unclosed, strings.Repeat("a", 4000), 1 << 23, false},
		{"unclosed brackets, a modalias", unclosed, "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00", 1 << 23, false},
		{"unclosed brackets that fit", unclosed, strings.Repeat("[", 4000), stepsOfAll, true},
		{"stars", stars, strings.Repeat("a", 4000), stepsOfAll, true},
		{"stars, a name of stars", stars, strings.Repeat("*", 4000), 1 << 23, false},
		{"many long keys that match", found, strings.Repeat("a", 4000), stepsOfAll, true},
	} {
		x := parse(t, string(encode(test.entries, preOrder)))
		matches, err := x.Search(test.query)
		checkDamage(t, test.name, withoutOffset(err), test.fails, CorruptError{What: tooLong, Value: stepsOfAll})
		if used, most := x.steps.Load(), test.most+4000*8192; matches != nil || used > most {
			t.Errorf("%s: %d found, %d steps instead of %d", test.name, len(matches), used, most)
		}
	}
}

func withoutOffset(err error) error {
	if damage, ok := err.(*CorruptError); ok {
		damage.Offset = 0
	}
	return err
}

// TestStepsOfManySearches has many searches of which each is bearable. Ordinary ones go on when the steps are used up.
func TestStepsOfManySearches(t *testing.T) {
	entries := []entry{{"ordinary:*", "good", 0}}
	for i := range 100 {
		entries = append(entries, entry{"*" + strings.Repeat("a", i) + "x", "evil", 0})
	}
	x := parse(t, string(encode(entries, preOrder)))
	failed := 0
	for range 100 {
		if _, err := x.Search(strings.Repeat("a", 1000)); err != nil {
			checkDamage(t, "Search", withoutOffset(err), true, CorruptError{What: tooLong, Value: stepsOfAll})
			failed++
		}
	}
	if failed < 20 || failed > 98 {
		t.Errorf("%d of 100 failed", failed)
	}
	if matches, err := x.Search("ordinary:q"); len(matches) != 1 || err != nil {
		t.Error(matches, err)
	}
}

// TestStepsOfOrdinaryLookingSearches has searches of which none is a long one, and a thousand take seconds. What a CPU's modalias takes is to
// be had after them.
func TestStepsOfOrdinaryLookingSearches(t *testing.T) {
	const searches, stars, features = 200, 20_000, 40
	entries := make([]entry, 0, stars+features)
	for i := range stars {
		entries = append(entries, entry{fmt.Sprintf("*[0-9a-z]%06d", i), "evil", 0})
	}
	for i := range features {
		entries = append(entries, entry{fmt.Sprintf("cpu:type:x86,ven*fam*mod*:feature:*%04d*", 2*i), "good", 0})
	}
	x := parse(t, string(encode(entries, preOrder)))
	failed := 0
	for i := range searches {
		if _, err := x.Search(fmt.Sprint("n", i)); err != nil {
			checkDamage(t, "Search", withoutOffset(err), true, CorruptError{What: tooLong, Value: stepsOfAll})
			failed++
		}
	}
	if failed < searches/2 || failed == searches {
		t.Errorf("%d of %d failed", failed, searches)
	}
	x = parse(t, string(encode(entries[stars:], preOrder)))
	x.spent(stepsOfEach + stepsOfAll)
	modalias := "cpu:type:x86,ven0002fam0019mod0001:feature:"
	for i := range 300 {
		modalias += fmt.Sprintf(",%04d", i)
	}
	if matches, err := x.Search(modalias); len(matches) != features || err != nil {
		t.Error(matches, err)
	}
}
