package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// report is docs/benchmarks.md.
func report(r *root, results []result, rounds int) (string, error) {
	program, err := os.Stat(r.path("gomod/program"))
	if err != nil {
		return "", err
	}
	var text strings.Builder
	fmt.Fprintf(&text, `# How long it takes

Written by one run of `+"`make bench`"+`. The trees are Debian's kernel %s with its modules plain and packed anew. Each work was done by all
tools in turn, %d counted rounds for depmod and %d for the others, everything in the page cache. A time is the median, with the span of
the middle half of the rounds; the ratio is to kmod 34.2. Debian's kmod reads no .gz.

%s

![ratios](benchmarks.svg)

gomod is one file of %.2f MB. depmod's times have the flush to the disk in them, but for the rows "to memory".
`, r.release, rounds, rounds*shortFactor, machine(), float64(program.Size())/1e6)
	for _, result := range results {
		text.WriteString("\n## " + result.work.name + "\n\n" + table(result))
	}
	return text.String(), nil
}

func table(r result) string {
	var text strings.Builder
	text.WriteString("| | wall | middle half | user | system | peak memory | ratio |\n|---|---|---|---|---|---|---|\n")
	for _, p := range peers() {
		samples := r.samples[p.name]
		if len(samples) == 0 {
			continue
		}
		low, middle, high := quartiles(samples, wall)
		ratio, known := r.ratio(p.name)
		shown := ""
		if known {
			shown = fmt.Sprintf("%.2f", ratio)
		}
		fmt.Fprintf(&text, "| %s | %s | %s to %s | %s | %s | %.1f MB | %s |\n", p.name, milliseconds(middle), milliseconds(low), milliseconds(high),
			milliseconds(median(samples, user)), milliseconds(median(samples, system)), float64(r.memory[p.name])/1000, shown)
	}
	return text.String()
}

// machine says where the figures come from.
func machine() string {
	model := "unknown processor"
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	var system unix.Utsname
	unix.Uname(&system)
	return fmt.Sprintf("Machine: %s, %d cores, Linux %s; gomod built with %s.", model, runtime.NumCPU(),
		strings.SplitN(unix.ByteSliceToString(system.Release[:]), "-", 2)[0], runtime.Version())
}
