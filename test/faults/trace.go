package faults

import (
	"regexp"
	"strings"
)

// call is a line of strace's output, such as
//
//	812   openat(AT_FDCWD, "/proc/cmdline", O_RDONLY|O_CLOEXEC) = 3
type call struct {
	pid, name, rest string
	// number is which of its name it is in its thread, from 1.
	number int
	// foreign is a call of another program, which the tool started.
	foreign bool
	// first is the process that everything began with.
	first bool
}

// command tells of the start of another program by the tool: the first that a process executes that was not there from the beginning.
func (c call) command() bool { return c.name == "execve" && c.number == 1 && !c.first }

// path is the first argument, a file's name.
func (c call) path() string {
	path, _, _ := strings.Cut(strings.TrimPrefix(c.rest, `"`), `"`)
	return path
}

// parseTrace gives the calls in their order. Only those that begin count, not where they are resumed.
func parseTrace(text string) []call {
	var calls []call
	numbers, foreign := make(map[string]int), make(map[string]bool)
	for line := range strings.Lines(text) {
		pid, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		name, rest, found := strings.Cut(rest, "(")
		// ??? is all that strace can say of a thread that another one's exit_group ends before it could look.
		if !found || strings.ContainsAny(name, " <>+-") || name == "???" {
			continue
		}
		numbers[pid+" "+name]++
		c := call{pid: pid, name: name, rest: rest, number: numbers[pid+" "+name], foreign: foreign[pid], first: len(calls) == 0 || pid == calls[0].pid}
		calls = append(calls, c)
		foreign[pid] = foreign[pid] || c.command()
	}
	return calls
}

// counts are how often each call is made at most in one thread.
func counts(calls []call) map[string]int {
	most := make(map[string]int)
	for _, c := range calls {
		most[c.name] = max(most[c.name], c.number)
	}
	return most
}

// beforeMessage leaves out what is done to say something on standard error: a look whether it is a terminal, and what comes then.
func beforeMessage(calls []call) []call {
	for i, c := range calls {
		if c.name == "ioctl" && strings.HasPrefix(c.rest, "2, TCGETS") {
			return calls[:i]
		}
	}
	return calls
}

// runtimeCall tells of a call that Go's runtime makes when it likes: for threads, signals, timers, and memory that no file lies behind.
// Where one of these fails, the runtime ends the program.
func runtimeCall(c call) bool {
	switch c.name {
	case "futex", "sched_yield", "nanosleep", "clock_nanosleep", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "madvise", "tgkill", "gettid", "getpid", "exit", "exit_group",
		"timer_create", "timer_settime", "timer_delete", "setitimer", "arch_prctl", "set_robust_list", "rseq", "prctl", "sched_getaffinity", "brk", "restart_syscall", "epoll_pwait", "epoll_create1", "epoll_ctl", "eventfd2", "set_tid_address", "mincore":
		return true
	case "mmap": // mmap(NULL, 4194304, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)
		return strings.Contains(c.rest, ", -1, 0")
	case "munmap":
		return true
	case "clone", "clone3":
		return strings.Contains(c.rest, "CLONE_THREAD")
	}
	return false
}

// moduleCall tells of a call that loads or removes a module.
func moduleCall(name string) bool {
	return name == "finit_module" || name == "init_module" || name == "delete_module"
}

// injected are the lines of what strace made fail or come short.
var injectedLine = regexp.MustCompile(`(?m)^.*\(INJECTED\).*$`)

func injected(text string) []string { return injectedLine.FindAllString(text, -1) }
