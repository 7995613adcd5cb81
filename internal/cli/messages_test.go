package cli

import (
	"bytes"
	"testing"

	"gomod/internal/getopt"
)

// What is said is kept for the JSON document alone: a tool may have millions of things to say.
func TestSaid(t *testing.T) {
	for _, wanted := range []bool{true, false} {
		var stderr bytes.Buffer
		never := func() bool { return false }
		s := newSession(&Env{Stdout: &stderr, Stderr: &stderr, Terminal: never, StderrTerminal: never, LookupEnv: func(string) (string, bool) { return "", false }}, "x", "x")
		args := []string{"--json"}
		if !wanted {
			args = nil
		}
		tool := withHelp(Tool{Use: "x", Options: []getopt.Option{s.jsonOption()}, run: func([]string) error { s.log.error("y"); return nil }})
		if err := s.call(tool, args); err != nil || stderr.String() != "x: ERROR: y\n" || (len(s.log.said) == 1) != wanted {
			t.Errorf("wanted %v: %v, %q, %v", wanted, err, &stderr, s.log.said)
		}
	}
}
