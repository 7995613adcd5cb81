package depmod

import (
	"strings"
	"testing"
)

// TestFindDevice has what kmod 34.2 makes of these aliases; test/compare has more.
func TestFindDevice(t *testing.T) {
	for _, test := range []struct{ aliases, want string }{
		{"devname:x char-major-10-3", "x c10:3"}, {"char-major-10-3 char-major-12-* devname:x", "x c10:3"}, {"devname:x block-major-7-*", "x"},
		{"devname:a devname:b block-major-+1-2x", "b b1:2"}, {"char-major-1-99999999999 devname:", " c1:1215752191"}, {"char-major--5-7 devname:x", "x c4294967291:7"},
		{"char-major-1-2", "- c1:2"}, {"pci:v1 char-major", "-"},
	} {
		d := findDevice(strings.Fields(test.aliases))
		got := "-"
		if d.name != nil {
			got = *d.name
		}
		if d.kind != 0 {
			got += " " + string(d.kind) + decimal(d.major) + ":" + decimal(d.minor)
		}
		if got != test.want {
			t.Errorf("%s: %q", test.aliases, got)
		}
	}
}

// TestTemporaryName holds that a name which is given is also known again.
func TestTemporaryName(t *testing.T) {
	for _, name := range order {
		temporary, ours := strings.CutSuffix(temporaryName(name), ourSuffix)
		if process, ok := temporaryOf(temporary); !ok || !ours || process <= 0 {
			t.Error(temporary, process, ok)
		}
		if _, ok := temporaryOf(name); ok {
			t.Error(name)
		}
	}
	for _, name := range []string{"modules.dep.1.2", "modules.dep.1.2.x", "modules.dep.-1.2.3", "modules.dep.0.2.3", "modules.order.1.2.3", "modules.dep.1..3", "1.2.3", "modules.dep.99999999999.2.3"} {
		if process, ok := temporaryOf(name); ok {
			t.Error(name, process)
		}
	}
}
