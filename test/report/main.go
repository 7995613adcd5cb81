// Command report reads `go test -json` on standard input and prints what a person wants of it: a line for each package, the
// output of what failed, why tests were skipped, and the counts. Its status is 1 when anything failed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action, Package, Test, Output, ImportPath string
	Elapsed                                   float64
}

type report struct {
	passed, failed, skipped int
	output                  map[string]*strings.Builder
	skips                   []string
}

func main() {
	r := report{output: make(map[string]*strings.Builder)}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text())
			continue
		}
		r.take(e)
	}
	for _, skip := range r.skips {
		fmt.Println("skipped:", skip)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
	if r.failed > 0 || r.passed == 0 || lines.Err() != nil {
		os.Exit(1)
	}
}

func (r *report) take(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		r.outputOf(key + e.ImportPath).WriteString(e.Output)
	case "build-fail":
		fmt.Print(r.outputOf(key + e.ImportPath))
	case "pass":
		if e.Test == "" {
			fmt.Printf("ok    %-40s %6.1f s\n", e.Package, e.Elapsed)
		} else {
			r.passed++
		}
		delete(r.output, key)
	case "fail":
		r.failed++
		fmt.Printf("FAIL  %s\n%s", key, r.outputOf(key))
	case "skip":
		if e.Test != "" {
			r.skipped++
			r.skips = append(r.skips, key+": "+reason(r.outputOf(key).String()))
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
