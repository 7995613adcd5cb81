package main

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	const good = `{"Action":"output","Package":"p","Test":"TestA/x","Output":"    a_test.go:12: 4023 modules compared: plain\n"}
{"Action":"output","Package":"p","Test":"TestA/x","Output":"    a_test.go:13: something else\n"}
{"Action":"pass","Package":"p","Test":"TestA/x","Elapsed":1}
{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:1: no root\n"}
{"Action":"skip","Package":"p","Test":"TestB"}
{"Action":"pass","Package":"p","Elapsed":1.25}
`
	const bad = `{"Action":"output","Package":"p","Test":"TestC","Output":"    c_test.go:1: got 1\n"}
{"Action":"fail","Package":"p","Test":"TestC"}
`
	for _, test := range []struct {
		in, want string
		good     bool
	}{
		{good, "ok    p                                           1.2 s\nTestA/x: 4023 modules compared: plain\nskipped: p TestB: b_test.go:1: no root\n1 passed, 0 failed, 1 skipped\n", true},
		{good + bad, "ok    p                                           1.2 s\nFAIL  p TestC\n    c_test.go:1: got 1\nTestA/x: 4023 modules compared: plain\n" +
			"skipped: p TestB: b_test.go:1: no root\n1 passed, 1 failed, 1 skipped\n", false},
		{"", "0 passed, 0 failed, 0 skipped\n", false},
	} {
		var out strings.Builder
		if ok := run(strings.NewReader(test.in), &out); ok != test.good || out.String() != test.want {
			t.Errorf("%v\n%s\nwant\n%s", ok, out.String(), test.want)
		}
	}
}
