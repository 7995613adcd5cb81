// Package transcript holds the commands of the demonstration. Tests run the same ones.
package transcript

import (
	_ "embed"
	"os/exec"
	"strings"
)

//go:embed commands
var commands string

// Step is a command of the demonstration, or a heading between commands.
type Step struct {
	// Heading is a sentence for the reader; Command is empty then.
	Heading string
	// Command is for the shell.
	Command string
	// Refused marks a command that has to fail.
	Refused bool
}

// Steps gives the demonstration in order. In its text a line that begins with # is a heading, and ! marks a command that has to
// fail.
func Steps() []Step {
	var steps []Step
	for line := range strings.Lines(commands) {
		line = strings.TrimSpace(line)
		heading, isHeading := strings.CutPrefix(line, "# ")
		command, refused := strings.CutPrefix(line, "! ")
		switch {
		case line == "":
		case isHeading:
			steps = append(steps, Step{Heading: heading})
		default:
			steps = append(steps, Step{Command: command, Refused: refused})
		}
	}
	return steps
}

// Modules names the distribution's modules that the commands use.
func Modules() []string { return []string{"dummy", "llc", "stp", "bridge", "loop", "overlay"} }

// preamble is what every command can rely on. Busybox would run its own tools: functions go before those.
const preamble = `modules=/lib/modules/$(uname -r)
insmod() { /sbin/insmod "$@"; }
rmmod() { /sbin/rmmod "$@"; }
lsmod() { /sbin/lsmod "$@"; }
modinfo() { /sbin/modinfo "$@"; }
modprobe() { /sbin/modprobe "$@"; }
depmod() { /sbin/depmod "$@"; }
kmod() { /sbin/kmod "$@"; }
`

// Shell is a command in the guest's shell, with the tools of /sbin.
func Shell(command string) *exec.Cmd {
	return exec.Command("/bin/sh", "-c", preamble+command)
}

// Event is what the demonstration's program in the guest reports of a step, one line of JSON each.
type Event struct {
	Step
	// Output is what the command wrote, standard output and standard error together.
	Output string
	Status int
}
