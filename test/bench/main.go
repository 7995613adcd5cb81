// Command bench measures gomod against the C and busybox module tools and writes docs/benchmarks.md and docs/benchmarks.svg.
//
//	go run ./test/bench [-rounds N] [-only TEXT] [-print]
//
// It is run as root in the project's folder, for the tools run below a chroot in which /proc and /sys are plain files; it needs
// what test/setup.sh brings and `make build` makes. Every work is done by all tools in turn, round after round, so that whatever
// else the machine does meets all of them alike. The first round is not counted.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	rounds := flag.Int("rounds", 15, "counted rounds of each long work; short ones get six times as many")
	only := flag.String("only", "", "do only the works with this text in their names")
	print := flag.Bool("print", false, "print the table and write nothing")
	flag.Parse()
	if err := run(*rounds, *only, *print); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(rounds int, only string, print bool) error {
	if _, err := os.Stat("go.mod"); err != nil {
		return errors.New("run it in the project's folder")
	}
	if os.Getuid() != 0 {
		return errors.New("it needs root's rights to chroot")
	}
	root, err := newRoot("build/bench")
	if err != nil {
		return err
	}
	defer root.close()
	var results []result
	for _, w := range works(root) {
		if !strings.Contains(w.name, only) {
			continue
		}
		r, err := root.measure(w, rounds)
		if err != nil {
			return err
		}
		fmt.Fprint(os.Stderr, r.line())
		results = append(results, r)
	}
	text, err := report(root, results, rounds)
	if err != nil {
		return err
	}
	if print {
		_, err := os.Stdout.WriteString(text)
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.FromSlash("docs/benchmarks.md"), []byte(text), 0o644),
		os.WriteFile(filepath.FromSlash("docs/benchmarks.svg"), []byte(chart(results)), 0o644),
	)
}
