package config

import (
	"strings"
	"testing"

	"gomod/internal/modname"
)

func TestNormalised(t *testing.T) {
	long := strings.Repeat("a-[b-]", 2000)
	for key, want := range map[string]string{
		"": "", "a-b": "a_b", "a-[b-c]-": "a_[b-c]_", "a-[[-]": "a_[[-]", "a.b-c": "a.b_c", long: strings.Repeat("a_[b-]", 2000),
	} {
		if got, ok := normalised(key); got != want || !ok {
			t.Errorf("%.80q: got %.80q, %v", key, got, ok)
		}
	}
	// C kmod 34.2 shows these so.
	for key, want := range map[string]string{"-a-]-": "_a_]-", "-a-[-": "_a_[-", "[-]-]-": "[-]_]-", "a[b[c]-d]-": "a[b[c]_d]-"} {
		if got, ok := normalised(key); got != want || ok {
			t.Errorf("%q: got %q, %v", key, got, ok)
		}
	}
}

// sameAsAlias tells whether normalised and modname.Alias agree on a key.
func sameAsAlias(key string) bool {
	text, ok := normalised(key)
	alias, err := modname.Alias(key)
	return len(key) > 4095 || ok == (err == nil) && (!ok || text == alias)
}
