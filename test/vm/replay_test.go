package vm

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// outcome is what became of a test in the guest.
type outcome struct {
	name     string
	action   string // pass, fail or skip; empty when the guest did not get to its end
	output   strings.Builder
	subtests []*outcome
}

// event is what test2json prints, as `go doc test2json` has it.
type event struct {
	Action, Test, Output string
}

// readOutcomes understands what a test binary writes with -test.v=test2json. The outcome that comes back is the binary's own.
func readOutcomes(written string) (*outcome, error) {
	convert := exec.Command("go", "tool", "test2json")
	convert.Stdin = strings.NewReader(written)
	events, err := convert.Output()
	if err != nil {
		return nil, err
	}
	all := map[string]*outcome{"": {}}
	decoder := json.NewDecoder(strings.NewReader(string(events)))
	for {
		var e event
		if err := decoder.Decode(&e); errors.Is(err, io.EOF) {
			return all[""], nil
		} else if err != nil {
			return nil, err
		}
		enter(all, e.Test).take(e)
	}
}

// enter finds the outcome of a test by its whole name, or makes it below its parent's.
func enter(all map[string]*outcome, name string) *outcome {
	if known := all[name]; known != nil {
		return known
	}
	parent, own := "", name
	// A slash may be part of a subtest's name: the parent is a test that was started.
	for i := len(name) - 1; i > 0; i-- {
		if name[i] == '/' && all[name[:i]] != nil {
			parent, own = name[:i], name[i+1:]
			break
		}
	}
	o := &outcome{name: own}
	all[name] = o
	all[parent].subtests = append(all[parent].subtests, o)
	return o
}

func (o *outcome) take(e event) {
	switch e.Action {
	case "output":
		o.output.WriteString(e.Output)
	case "pass", "fail", "skip":
		o.action = e.Action
	}
}

// replay makes a subtest of each test in the guest.
func (o *outcome) replay(t *testing.T) {
	for _, sub := range o.subtests {
		t.Run(sub.name, func(t *testing.T) {
			sub.replay(t)
			switch sub.action {
			case "pass":
				t.Log(sub.output.String())
			case "skip":
				t.Skip(sub.output.String()) // in CI too
			case "fail":
				t.Error(sub.output.String())
			default:
				t.Error("the guest did not get to its end:\n" + sub.output.String())
			}
		})
	}
}
