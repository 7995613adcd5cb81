package cli

import (
	"strings"
	"testing"
)

func TestTerminalGuard(t *testing.T) {
	const text = "a\tb\n\x1b[31mred\x9b\x00é\u009b1m\u20ac\xe2\x82"
	for _, size := range []int{1, 2, 3, 5, 100} {
		for _, terminal := range []bool{false, true} {
			var out strings.Builder
			g := &terminalGuard{out: &out, terminal: func() bool { return terminal }}
			for rest := text; rest != ""; {
				n := min(size, len(rest))
				if written, err := g.Write([]byte(rest[:n])); written != n || err != nil {
					t.Fatal(written, err)
				}
				rest = rest[n:]
			}
			g.close()
			want := text
			if terminal {
				want = "a\tb\n\\x1B[31mred\\x9B\x00é\\xC2\\x9B1m€\\xE2\\x82"
			}
			if out.String() != want {
				t.Errorf("by %d, terminal %t: %q, want %q", size, terminal, out.String(), want)
			}
		}
	}
}
