package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// quartiles are the first, second and third of some durations.
func quartiles(samples []sample, of func(sample) time.Duration) (low, median, high time.Duration) {
	var sorted []time.Duration
	for _, s := range samples {
		sorted = append(sorted, of(s))
	}
	slices.Sort(sorted)
	at := func(quarters int) time.Duration { return sorted[(len(sorted)-1)*quarters/4] }
	return at(1), at(2), at(3)
}

func wall(s sample) time.Duration   { return s.wall }
func user(s sample) time.Duration   { return s.user }
func system(s sample) time.Duration { return s.system }

func median(samples []sample, of func(sample) time.Duration) time.Duration {
	_, m, _ := quartiles(samples, of)
	return m
}

// ratio of a peer's time to kmod 34.2's; false where one of them cannot do the work.
func (r result) ratio(peer string) (float64, bool) {
	mine, its := r.samples[peer], r.samples[reference]
	if len(mine) == 0 || len(its) == 0 {
		return 0, false
	}
	return float64(median(mine, wall)) / float64(median(its, wall)), true
}

// line is for the person who waits.
func (r result) line() string {
	var line strings.Builder
	fmt.Fprintf(&line, "%-40s", r.work.name)
	for _, p := range peers() {
		if samples := r.samples[p.name]; len(samples) > 0 {
			fmt.Fprintf(&line, "  %s %s", p.name, milliseconds(median(samples, wall)))
		}
	}
	if ratio, ok := r.ratio(ours); ok {
		fmt.Fprintf(&line, "  ratio %.2f", ratio)
	}
	return line.String() + "\n"
}

func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms >= 100 {
		return fmt.Sprintf("%.0f ms", ms)
	}
	return fmt.Sprintf("%.2f ms", ms)
}
