package vm

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Machine is a virtual machine that boots one kernel with one initramfs.
type Machine struct {
	Kernel Kernel
	// Initramfs is a file of the host.
	Initramfs string
	// Append is what stands on the kernel command line behind what every machine gets.
	Append string
	// Devices are further options of QEMU, such as -drive and what follows it.
	Devices []string
	// Answers are typed on the console, in order.
	Answers []Answer
	// Limit is the time after which the guest counts as hung.
	Limit time.Duration
	// Results is called with each line of the guest's results as it comes, without its line end.
	Results func(line string)
}

// Answer is what is typed on the console once it shows the prompt, behind the prompt of the answer before.
type Answer struct{ Prompt, Reply string }

// Report is how a guest fared that ran to its end.
type Report struct {
	// Status is the exit status of the guest's command.
	Status int
	// Boot is the time from the start of QEMU to the first line of results.
	Boot time.Duration
	// Console holds what the kernel had to say.
	Console string
}

// Failure is a guest that did not come to its end: it panicked, hung, or was never started.
type Failure struct {
	// Reason is one sentence.
	Reason string
	// Console is the end of what the kernel had to say.
	Console string
}

func (f *Failure) Error() string {
	return f.Reason + "; the console's last lines:\n" + f.Console
}

// Run boots the machine and waits until the guest has switched itself off. A guest that does not get so far is a *Failure.
func (m *Machine) Run(ctx context.Context) (*Report, error) {
	ctx, cancel := context.WithTimeout(ctx, m.Limit)
	defer cancel()
	results, resultsWriter, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer results.Close()

	screen := &console{answers: m.Answers}
	qemu := m.command(ctx, resultsWriter, screen)
	if screen.keyboard, err = qemu.StdinPipe(); err != nil {
		resultsWriter.Close()
		return nil, err
	}
	start := time.Now()
	err = qemu.Start()
	resultsWriter.Close()
	if err != nil {
		return nil, fmt.Errorf("cannot start QEMU (test/setup.sh installs it): %w", err)
	}
	reader := resultsReader{start: start, each: m.Results}
	var reading sync.WaitGroup
	reading.Go(func() { reader.read(results) })
	err = qemu.Wait()
	reading.Wait()

	report := &Report{Status: reader.status, Boot: reader.boot, Console: strings.ReplaceAll(screen.text.String(), "\r", "")}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, &Failure{fmt.Sprintf("the guest did not end within %s", m.Limit), tail(report.Console)}
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, &Failure{"QEMU failed: " + err.Error(), tail(report.Console)}
	case strings.Contains(report.Console, "Kernel panic"):
		return nil, &Failure{"the guest's kernel panicked", tail(report.Console)}
	case !reader.ended:
		return nil, &Failure{"the guest stopped before its command ended", tail(report.Console)}
	}
	return report, nil
}

// kernelOptions: an error of the kernel itself ends the guest at once (QEMU takes a reboot as an end). On a busy machine an x86 kernel may
// find its emulated timer too slow, and panic.
const kernelOptions = "quiet oops=panic panic=-1 no_timer_check"

func (m *Machine) command(ctx context.Context, results *os.File, console io.Writer) *exec.Cmd {
	board := boardOf(m.Kernel.Arch)
	qemu := exec.CommandContext(ctx, board.emulator[0], append(board.emulator[1:], "-accel", "tcg", "-smp", "1", "-m", "1024",
		"-display", "none", "-monitor", "none", "-nodefaults", "-no-user-config", "-no-reboot",
		"-kernel", m.Kernel.Image, "-initrd", m.Initramfs,
		"-append", strings.TrimSpace("console="+board.console+" "+kernelOptions+" "+m.Append))...)
	qemu.Args = append(qemu.Args, m.Devices...)
	qemu.ExtraFiles = []*os.File{results}
	qemu.Stdout, qemu.Stderr = console, console
	return qemu
}

// console keeps what the guest shows, and types the answers.
type console struct {
	text     bytes.Buffer
	seen     int
	answers  []Answer
	keyboard io.Writer
}

func (c *console) Write(shown []byte) (int, error) {
	c.text.Write(shown)
	for len(c.answers) > 0 {
		next := c.answers[0]
		at := bytes.Index(c.text.Bytes()[c.seen:], []byte(next.Prompt))
		if at < 0 {
			break
		}
		c.seen += at + len(next.Prompt)
		c.answers = c.answers[1:]
		// A guest that is gone is seen by its end.
		io.WriteString(c.keyboard, next.Reply)
	}
	return len(shown), nil
}

// tail is the end of a console.
func tail(console string) string {
	const lines = 30
	all := strings.Split(strings.TrimRight(console, "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// resultsReader takes the guest's results apart.
type resultsReader struct {
	start  time.Time
	each   func(line string)
	boot   time.Duration
	status int
	ended  bool
}

func (r *resultsReader) read(results io.Reader) {
	lines := bufio.NewReader(results)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		if r.boot == 0 {
			r.boot = time.Since(r.start)
		}
		r.take(strings.TrimRight(line, "\r\n"))
	}
}

func (r *resultsReader) take(line string) {
	// What the command wrote last need not have ended with a newline.
	line, text, closing := strings.Cut(line, statusText)
	if status, err := strconv.Atoi(text); closing && err == nil {
		r.status, r.ended = status, true
	}
	if r.each != nil && !(closing && line == "") {
		r.each(line)
	}
}
