package depmod

import (
	"strings"
	"testing"

	"gomod/internal/config"
)

// A list that says one thing again and again must not become as many folders, nor as many times the external ones. test/compare has what
// counts then.
func TestSearchAgain(t *testing.T) {
	r := withModules()
	r.config.Search = strings.Fields(strings.Repeat("external x built-in ", 1000))
	for range 1000 {
		r.config.Externals = append(r.config.Externals, config.External{Release: "*", Folder: "/x"})
	}
	if p := r.preferences(); len(p.folders) != 1001 || p.builtIn != 0 {
		t.Error(len(p.folders), p.builtIn)
	}
}
