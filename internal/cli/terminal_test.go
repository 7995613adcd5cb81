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

// --help and --version take back --json, and not that a terminal is guarded.
func TestTextAfterJSON(t *testing.T) {
	var out, said strings.Builder
	yes := func() bool { return true }
	s := newSession(&Env{Stdout: &out, Stderr: &said, Terminal: yes, StderrTerminal: yes, LookupEnv: func(string) (string, bool) { return "", false }}, "gomod", "gomod")
	if err := s.jsonOption().Set(""); err != nil {
		t.Fatal(err)
	}
	s.textAfterAll()
	s.write("\x1b[1m\n")
	if status := s.finish(0); status != 0 || out.String() != "\\x1B[1m\n" || said.String() != "" {
		t.Errorf("status %d, %q, %q", status, out.String(), said.String())
	}
}
