package hostile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"gomod/internal/index"
)

// Limits of one run. The memory is the most that was resident at a time, as wait4(2) tells it, which is what counts for the machine: Go
// reserves far more addresses than it uses, so that RLIMIT_AS would say nothing. A module that is unpacked may have ModuleLimit bytes. What
// computes for ever is found by its CPU; TimeLimit is for what waits for ever, and so long that a busy machine does not reach it.
const (
	TimeLimit   = 10 * time.Minute
	CPULimit    = 10 * time.Second
	MemoryLimit = 256 << 20
	ModuleLimit = 32 << 20
	OutputLimit = 256 << 20
)

// Runner runs the tools.
type Runner struct {
	// Program is a gomod for whose folders a Tree's Root was chosen at build time.
	Program string
	// Trees counts those that were let at the tools, Runs what was run, Failed those with status 1. Memory and CPU are the most that a run took.
	Trees, Runs, Failed int
	Memory              int64
	CPU                 time.Duration
}

// result is what a run gave.
type result struct {
	argv           []string
	stdout, stderr []byte
	status         int
}

// capture is a file for what a run prints. Were it kept in memory, this program would grow, and with it what wait4(2) says of every run: that
// begins with what the program had that started it.
func capture() (*os.File, error) {
	fd, err := unix.MemfdCreate("output", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "output"), nil
}

// forgetPeak makes this program small, and the most that it ever had no more than that: see proc(5) on clear_refs.
func forgetPeak() {
	var pages int
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		fmt.Sscanf(string(text), "%d %d", new(int), &pages)
	}
	if pages*os.Getpagesize() > 100<<20 {
		debug.FreeOSMemory()
	}
	os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// captured is what was printed, up to a limit, and how much it was in all.
func captured(file *os.File) ([]byte, int64) {
	info, err := file.Stat()
	if err != nil {
		return nil, 0
	}
	content := make([]byte, min(info.Size(), 4<<20))
	n, _ := file.ReadAt(content, 0)
	return content[:n], info.Size()
}

// Run runs a tool in a tree and tells all that it did wrong.
func (r *Runner) Run(t *Tree, argv ...string) (problems []string) {
	res := result{argv: argv}
	stdout, err := capture()
	if err != nil {
		return []string{err.Error()}
	}
	defer stdout.Close()
	stderr, err := capture()
	if err != nil {
		return []string{err.Error()}
	}
	defer stderr.Close()
	// Links to /dev/stdin lead to a pipe that nobody writes into.
	stdin, silent, err := os.Pipe()
	if err != nil {
		return []string{err.Error()}
	}
	defer stdin.Close()
	defer silent.Close()
	environment := []string{fmt.Sprint("GOMOD_MAX_MODULE_SIZE=", ModuleLimit)}
	cmd := &exec.Cmd{Path: r.Program, Args: argv, Dir: t.Root, Env: environment, Stdin: stdin, Stdout: stdout, Stderr: stderr}
	forgetPeak()
	if err := cmd.Start(); err != nil {
		return []string{err.Error()}
	}
	ended, watched := make(chan struct{}), make(chan bool, 1)
	go func() { watched <- watch(cmd.Process, ended) }()
	err = cmd.Wait()
	close(ended)
	hung := <-watched
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return []string{err.Error()}
	}
	r.Runs++
	var printed, said int64
	res.stdout, printed = captured(stdout)
	res.stderr, said = captured(stderr)
	problem := func(format string, args ...any) {
		problems = append(problems, fmt.Sprintf("%.300q: ", argv)+fmt.Sprintf(format, args...)+fmt.Sprintf("\n\tstderr %s", excerpt(res.stderr)))
	}
	res.status = cmd.ProcessState.ExitCode()
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	memory, cpu := int64(usage.Maxrss)<<10, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()
	r.Memory, r.CPU = max(r.Memory, memory), max(r.CPU, cpu)
	switch {
	case hung:
		problem("it did not end within %s", TimeLimit)
	case res.status != 0 && res.status != 1:
		problem("it ended with %s", cmd.ProcessState) // a panic is exit status 2
	// What gomod why prints is its message.
	case res.status == 1 && said == 0 && !(slices.Contains(argv, "why") && printed > 0):
		problem("status 1 without a word")
	}
	if res.status == 1 {
		r.Failed++
	}
	if memory > MemoryLimit {
		problem("%d MiB of memory", memory>>20)
	}
	if cpu > CPULimit {
		problem("%s of CPU", cpu)
	}
	if printed+said > OutputLimit {
		problem("%d bytes of output", printed+said)
	}
	if slices.Contains(argv, "--json") {
		if err := checkJSON(io.NewSectionReader(stdout, 0, printed)); err != nil {
			problem("no JSON: %v, in %d bytes that begin with %.200q", err, printed, res.stdout)
		}
	}
	if isDepmod := argv[0] == "depmod"; isDepmod && !slices.Contains(argv, "-n") {
		problems = append(problems, t.checkIndexes(res)...)
	}
	return problems
}

// watch ends a process that takes more than its CPU, or whose time is over, which it tells. Go's runtime says at SIGQUIT where it was;
// RLIMIT_CPU would not do, for it takes SIGXCPU without a word.
func watch(process *os.Process, ended <-chan struct{}) (hung bool) {
	// The clock of another process's CPU, as clock_getcpuclockid(3) makes its number.
	clock := int32(^process.Pid<<3 | 2)
	asked := time.Time{}
	begun, tick := time.Now(), time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return hung
		case <-tick.C:
		}
		var cpu unix.Timespec
		if err := unix.ClockGettime(clock, &cpu); err != nil { // it is ending
			continue
		}
		late := time.Since(begun) > TimeLimit
		switch {
		case !asked.IsZero() && time.Since(asked) > 10*time.Second:
			process.Kill()
		case asked.IsZero() && (late || time.Duration(cpu.Nano()) > CPULimit):
			hung, asked = late, time.Now()
			process.Signal(syscall.SIGQUIT)
		}
	}
}

// checkJSON demands one document and nothing behind it. It reads token by token: a document of megabytes in memory would make this program grow.
func checkJSON(document io.Reader) error {
	tokens := json.NewDecoder(document)
	tokens.UseNumber()
	for depth, begun := 0, false; depth > 0 || !begun; begun = true {
		token, err := tokens.Token()
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	if _, err := tokens.Token(); err != io.EOF {
		return errors.New("something follows the document")
	}
	return nil
}

// excerpt is the begin of what was said, or where it was when it was asked.
func excerpt(said []byte) []byte {
	if at := bytes.Index(said, []byte("SIGQUIT")); at > 0 {
		said = said[at:]
	}
	return said[:min(2500, len(said))]
}

var outputs = []string{
	"modules.dep.bin", "modules.symbols.bin", "modules.alias.bin", "modules.builtin.bin", "modules.builtin.alias.bin",
	"modules.alias", "modules.softdep", "modules.weakdep", "modules.symbols", "modules.devname", "modules.dep",
}

// Outputs is what depmod's files are now: what kind, and their content.
func (t *Tree) Outputs() map[string]string {
	files := make(map[string]string)
	for _, name := range outputs {
		info, err := os.Lstat(t.path(name))
		switch {
		case err != nil:
			files[name] = "nothing"
		case info.Mode().IsRegular() && info.Size() < 64<<20:
			files[name] = string(t.read(t.path(name)))
		default:
			files[name] = fmt.Sprint(info.Mode(), info.Size())
		}
	}
	return files
}

// checkIndexes looks at what a depmod left: all as before where it failed, else every index whole.
func (t *Tree) checkIndexes(res result) (problems []string) {
	after := t.Outputs()
	if slices.Contains(res.argv, "-A") && maps.Equal(after, t.before) { // nothing was to be done
		return nil
	}
	for _, name := range outputs {
		switch {
		case res.status == 1 && after[name] != t.before[name]:
			problems = append(problems, fmt.Sprintf("%q failed, and yet it changed %s", res.argv, name))
		case res.status == 0 && after[name] == "nothing":
			problems = append(problems, fmt.Sprintf("%q made no %s", res.argv, name))
		case res.status == 0 && forged(name, after[name]):
			problems = append(problems, fmt.Sprintf("%q made a %s with lines that belong nowhere, or of %d bytes", res.argv, name, len(after[name])))
		case res.status == 0 && strings.HasSuffix(name, ".bin"):
			// As C kmod's, an index of what is built in is empty where there is no list of it, which a warning tells.
			if after[name] == "" && strings.HasPrefix(name, "modules.builtin") && bytes.Contains(res.stderr, []byte("WARNING: could not open modules.builtin")) {
				continue
			}
			if err := readable(t.path(name)); err != nil {
				problems = append(problems, fmt.Sprintf("%q: %s: %v", res.argv, name, err))
			}
		}
	}
	t.before = after
	entries, err := os.ReadDir(t.Dir)
	if err != nil {
		return problems
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".gomod") {
			problems = append(problems, fmt.Sprintf("%q left %s", res.argv, entry.Name()))
		}
	}
	return problems
}

// forged tells of a list with lines of another form than its own, or so long that nobody reads it.
func forged(name, content string) bool {
	begin := map[string]string{"modules.softdep": "softdep ", "modules.weakdep": "weakdep ", "modules.alias": "alias ", "modules.symbols": "alias symbol:"}[name]
	for line := range strings.Lines(content) {
		if begin != "" && !strings.HasPrefix(line, begin) && !strings.HasPrefix(line, "# ") || name == "modules.dep" && !strings.Contains(line, ".ko") {
			return true
		}
	}
	return strings.HasSuffix(name, "dep") && name != "modules.dep" && len(content) > 4<<20
}

// readable walks through all of an index.
func readable(path string) error {
	x, err := index.Open(path)
	if err != nil {
		return err
	}
	defer x.Close()
	return x.All(func([]byte, []index.Value) bool { return true })
}

// CheckVictim tells whether anything was done where nothing had to be.
func (t *Tree) CheckVictim() (problems []string) {
	entries, err := os.ReadDir(t.Victim)
	content, err2 := os.ReadFile(filepath.Join(t.Victim, "victim.ko"))
	if err != nil || err2 != nil || len(entries) != 1 || string(content) != "not to be changed" {
		problems = append(problems, fmt.Sprintf("the folder of nobody's business has %v, %q (%v %v)", entries, content, err, err2))
	}
	return problems
}
