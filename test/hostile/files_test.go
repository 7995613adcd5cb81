package hostile

import (
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// Files that are gone may have lain in a folder that has become something else: nothing is wrong with the tools then.
func TestGoneBelowAFile(t *testing.T) {
	tree := Tree{Rand: rand.New(rand.NewPCG(1, 0)), Dir: t.TempDir(), source: &Source{Files: slices.Repeat([]string{"kernel/a.ko"}, 50)}}
	if err := os.WriteFile(tree.path("kernel"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if tree.gone(); tree.err != nil {
		t.Error(tree.err)
	}
}
