// Command guest plays the demonstration inside the virtual machine and reports each step on standard output.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"gomod/test/demo/transcript"
)

func main() {
	report := json.NewEncoder(os.Stdout)
	for _, step := range transcript.Steps() {
		if err := report.Encode(play(step)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func play(step transcript.Step) transcript.Event {
	if step.Command == "" {
		return transcript.Event{Step: step}
	}
	shell := transcript.Shell(step.Command)
	output, _ := shell.CombinedOutput()
	return transcript.Event{Step: step, Output: string(output), Status: shell.ProcessState.ExitCode()}
}
