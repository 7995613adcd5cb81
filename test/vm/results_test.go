package vm

import (
	"slices"
	"strings"
	"testing"
)

func TestResults(t *testing.T) {
	for _, test := range []struct {
		name, written string
		lines         []string
		status        int
		ended         bool
	}{
		{"a status", "one\r\ntwo\nguest: exit status 3\n", []string{"one", "two"}, 3, true},
		{"no final newline", "one\nunfinished: guest: exit status 0\n", []string{"one", "unfinished: "}, 0, true},
		{"cut off", "one\ntw", []string{"one"}, 0, false},
		{"nothing", "", nil, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var lines []string
			r := resultsReader{each: func(line string) { lines = append(lines, line) }}
			r.read(strings.NewReader(test.written))
			if !slices.Equal(lines, test.lines) || r.status != test.status || r.ended != test.ended {
				t.Errorf("lines %q, status %d, ended %t", lines, r.status, r.ended)
			}
		})
	}
}

// What a test binary of Go 1.26 writes with -test.v=test2json, cut off in the middle of a test.
const cutOff = "\x16=== RUN   TestA\n\x16=== RUN   TestA/has_a/slash\n    a_test.go:3: broken\n" +
	"\x16--- FAIL: TestA/has_a/slash (0.00s)\n\x16=== NAME  TestA\n\x16--- FAIL: TestA (0.00s)\n\x16=== NAME  \n" +
	"\x16=== RUN   TestB\n\x16--- PASS: TestB (0.00s)\n\x16=== NAME  \n\x16=== RUN   TestC\nhalf a"

func TestReadOutcomes(t *testing.T) {
	all, err := readOutcomes(cutOff)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var walk func(o *outcome)
	walk = func(o *outcome) {
		for _, sub := range o.subtests {
			got = append(got, sub.name+" "+sub.action)
			walk(sub)
		}
	}
	walk(all)
	if want := []string{"TestA fail", "has_a/slash fail", "TestB pass", "TestC "}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if output := all.subtests[0].subtests[0].output.String(); !strings.Contains(output, "a_test.go:3: broken\n") {
		t.Errorf("output %q", output)
	}
}
