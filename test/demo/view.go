package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"gomod/test/demo/transcript"
	"gomod/test/vm"
)

// view shows a demonstration as a terminal session.
type view struct {
	out       io.Writer
	colour    bool
	release   string
	started   time.Time
	booted    bool
	kernels   int
	commands  int
	refused   int
	surprises []string
}

// newView shows colours where a person looks at out and has not asked for none (https://no-color.org).
func newView(out *os.File) *view {
	info, err := out.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return &view{out: out, colour: terminal && os.Getenv("NO_COLOR") == ""}
}

// Select Graphic Rendition of ECMA-48.
const (
	bold  = "1"
	red   = "31"
	green = "1;32"
	cyan  = "36"
)

func (v *view) paint(attributes, text string) string {
	if !v.colour {
		return text
	}
	return "\x1b[" + attributes + "m" + text + "\x1b[0m"
}

// boot begins with another kernel.
func (v *view) boot(kernel vm.Kernel) {
	if v.kernels > 0 {
		fmt.Fprintln(v.out)
	}
	v.kernels++
	v.release, v.started, v.booted = kernel.Release, time.Now(), false
	v.title("Linux " + kernel.Release)
}

func (v *view) show(event transcript.Event) {
	if !v.booted {
		v.booted = true
		fmt.Fprintf(v.out, "   Booted under QEMU in %s.\n", seconds(time.Since(v.started)))
	}
	if event.Command == "" {
		fmt.Fprintf(v.out, "\n%s\n\n", v.paint(cyan, "   "+event.Heading))
		return
	}
	v.commands++
	fmt.Fprintf(v.out, "%s %s\n%s", v.paint(green, "#"), v.paint(bold, event.Command), event.Output)
	if !strings.HasSuffix(event.Output, "\n") && event.Output != "" {
		fmt.Fprintln(v.out)
	}
	if event.Status != 0 {
		v.refused++
		fmt.Fprintln(v.out, v.paint(red, fmt.Sprintf("[exit status %d]", event.Status)))
	}
	if event.Refused != (event.Status != 0) {
		v.surprises = append(v.surprises, fmt.Sprintf("%s: %s: exit status %d", v.release, event.Command, event.Status))
	}
}

func (v *view) title(text string) {
	const width = 78
	line := "━━ " + text + " "
	line += strings.Repeat("━", max(2, width-len([]rune(line))))
	fmt.Fprintln(v.out, v.paint(bold, line))
}

// summary ends the demonstration. It is an error if a command did what it should not.
func (v *view) summary(took time.Duration) error {
	fmt.Fprintln(v.out)
	if len(v.surprises) > 0 {
		return fmt.Errorf("%d of %d commands did not do what they should:\n%s", len(v.surprises), v.commands, strings.Join(v.surprises, "\n"))
	}
	fmt.Fprintln(v.out, v.paint(bold, fmt.Sprintf("%s, %d commands, %d of them refused as they should be, in %s.",
		v.releases(), v.commands, v.refused, seconds(took))))
	return nil
}

func (v *view) releases() string {
	if v.kernels == 1 {
		return "1 kernel"
	}
	return fmt.Sprintf("%d kernels", v.kernels)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
