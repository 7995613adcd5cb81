package modules

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A check compares a variant with the file it is made from.
type check func(t *testing.T, folder string, origin, file []byte)

// Every variant has a check, every check a variant, and nothing else lies in the folder.
func TestVariants(t *testing.T) {
	checks := damageChecks()
	maps.Copy(checks, compressionChecks())
	forEachKernel(t, func(t *testing.T, _, folder string) {
		var names []string
		for _, variant := range Variants() {
			names = append(names, variant.Name)
			if variant.Wrong == "" {
				t.Errorf("%s: the table does not say what is wrong with it", variant.Name)
			}
			t.Run(variant.Name, func(t *testing.T) {
				verify, ok := checks[variant.Name]
				if !ok {
					t.Fatal("has no check")
				}
				var origin []byte
				if variant.Origin != "" {
					origin = read(t, folder, variant.Origin)
				}
				verify(t, folder, origin, read(t, folder, VariantFolder, variant.Name))
			})
		}
		slices.Sort(names)
		if len(names) != len(checks) {
			t.Errorf("%d variants, %d checks", len(names), len(checks))
		}
		if there := filesIn(t, filepath.Join(folder, VariantFolder)); !slices.Equal(there, names) {
			t.Errorf("the folder has\n%q, the table\n%q", there, names)
		}
	})
}

// filesIn gives the sorted names in folder.
func filesIn(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
