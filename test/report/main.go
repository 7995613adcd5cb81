// Command report reads `go test -json` on standard input and prints what a person wants of it: a line for each package, the
// output of what failed, how much was compared, why tests were skipped, and the counts. Its status is 1 when anything failed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action, Package, Test, Output, ImportPath string
	Elapsed                                   float64
}

type report struct {
	out                     io.Writer
	passed, failed, skipped int
	output                  map[string]*strings.Builder
	compared, skips         []string
}

func main() {
	if !run(os.Stdin, os.Stdout) {
		os.Exit(1)
	}
}

// run tells whether all is good.
func run(in io.Reader, out io.Writer) bool {
	r := report{out: out, output: make(map[string]*strings.Builder)}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(out, lines.Text())
			continue
		}
		r.take(e)
	}
	for _, line := range r.compared {
		fmt.Fprintln(out, line)
	}
	for _, skip := range r.skips {
		fmt.Fprintln(out, "skipped:", skip)
	}
	fmt.Fprintf(out, "%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
	return r.failed == 0 && r.passed > 0 && lines.Err() == nil
}

func (r *report) take(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		r.outputOf(key + e.ImportPath).WriteString(e.Output)
	case "build-fail":
		fmt.Fprint(r.out, r.outputOf(key+e.ImportPath))
	case "pass":
		if e.Test == "" {
			fmt.Fprintf(r.out, "ok    %-40s %6.1f s\n", e.Package, e.Elapsed)
		} else {
			r.passed++
			r.keepCompared(e.Test, r.outputOf(key).String())
		}
		delete(r.output, key)
	case "fail":
		r.failed++
		fmt.Fprintf(r.out, "FAIL  %s\n%s", key, r.outputOf(key))
	case "skip":
		if e.Test != "" {
			r.skipped++
			r.skips = append(r.skips, key+": "+reason(r.outputOf(key).String()))
		}
	}
}

// keepCompared keeps what a good test logs of how much it compared.
func (r *report) keepCompared(test, output string) {
	for line := range strings.Lines(output) {
		_, text, logged := strings.Cut(strings.TrimSpace(line), "_test.go:")
		if _, said, _ := strings.Cut(text, ": "); logged && strings.Contains(said, "compared") {
			r.compared = append(r.compared, test+": "+said)
		}
	}
}

func (r *report) outputOf(key string) *strings.Builder {
	if r.output[key] == nil {
		r.output[key] = new(strings.Builder)
	}
	return r.output[key]
}

// reason is what a test gave to t.Skip.
func reason(output string) string {
	var said []string
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}
