package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// shortFactor is how many times more rounds short works get.
const shortFactor = 6

// sample is one run of a tool.
type sample struct{ wall, user, system time.Duration }

// result is what all peers needed for a work.
type result struct {
	work    work
	samples map[string][]sample // by the peer's name; none for one that cannot do it
	memory  map[string]int      // peak resident memory in KiB
}

// measure runs the peers in turn. Each round begins with another one.
func (r *root) measure(w work, rounds int) (result, error) {
	if w.short {
		rounds *= shortFactor
	}
	able := slices.DeleteFunc(peers(), func(p peer) bool { return slices.Contains(w.without, p.name) })
	got := result{w, make(map[string][]sample), make(map[string]int)}
	for round := range rounds + 1 {
		for i := range able {
			p := able[(i+round)%len(able)]
			s, err := r.time(p, w)
			if err != nil {
				return got, fmt.Errorf("%s, %s: %w", w.name, p.name, err)
			}
			if round > 0 {
				got.samples[p.name] = append(got.samples[p.name], s)
			}
		}
	}
	for _, p := range able {
		memory, err := r.peak(p, w)
		if err != nil {
			return got, fmt.Errorf("%s, %s: %w", w.name, p.name, err)
		}
		got.memory[p.name] = memory
	}
	return got, nil
}

func (r *root) time(p peer, w work) (sample, error) {
	argv := append(p.command(w.tool), w.args...)
	cmd := &exec.Cmd{Path: argv[0], Args: argv, Dir: "/", Env: []string{"PATH=/sbin:/bin"}, SysProcAttr: &syscall.SysProcAttr{Chroot: r.dir}}
	start := time.Now()
	err := onCores(w.cores, cmd.Run)
	wall := time.Since(start)
	if err != nil {
		return sample{}, err
	}
	return sample{wall, cmd.ProcessState.UserTime(), cmd.ProcessState.SystemTime()}, nil
}

// onCores has processes that f starts run on so many cores; 0 for all.
func onCores(cores int, f func() error) error {
	if cores == 0 {
		return f()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, some unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	for cpu := 0; some.Count() < cores && cpu < len(before)*64; cpu++ {
		if before.IsSet(cpu) {
			some.Set(cpu)
		}
	}
	if err := unix.SchedSetaffinity(0, &some); err != nil {
		return err
	}
	defer unix.SchedSetaffinity(0, &before)
	return f()
}
