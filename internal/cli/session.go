package cli

import (
	"bufio"
	"errors"
	"strings"
	"syscall"

	"gomod/internal/getopt"
	"gomod/internal/jsontext"
)

// session is one call of one tool.
type session struct {
	*Env
	// argv0 is what the C library's option errors begin with.
	argv0 string
	// tool is what the tool's own messages begin with.
	tool string
	out  *bufio.Writer
	// guard lies between out and Stdout.
	guard *terminalGuard
	log   *messages
	json  answer
	// order is RequireOrder for kmod and its commands: the C library remembers how it was first asked.
	order getopt.Order
}

func newSession(env *Env, argv0, tool string) *session {
	guard := &terminalGuard{out: env.Stdout, terminal: env.Terminal}
	s := &session{Env: env, argv0: argv0, tool: tool, out: bufio.NewWriterSize(guard, 1<<14), guard: guard}
	s.log = &messages{tool: tool, level: levelError, stderr: env.Stderr, terminal: env.StderrTerminal, flushFirst: s.out}
	s.log.explanations = env.getenv("GOMOD_EXPLAIN") != "0"
	return s
}

// errFailed makes the exit status 1 when everything was said already.
var errFailed = errors.New("failed")

// run runs a tool and gives its exit status.
func (s *session) run(tool *Tool, args []string) int {
	return s.finish(s.report(s.call(tool, args)))
}

// write prints texts one behind the other.
func (s *session) write(texts ...string) {
	for _, text := range texts {
		s.out.WriteString(text)
	}
}

// finish brings out what was printed; the status is 1 where that fails.
func (s *session) finish(status int) int {
	if s.json.wanted {
		s.out.Reset(s.guard)
		jsontext.Write(s.out, s.document(status))
	}
	err := s.out.Flush()
	if err == nil {
		err = s.guard.close()
	}
	if err != nil && !errors.Is(err, syscall.EBADF) {
		s.log.error("could not write to standard output: " + strerror(err))
		status = 1
	}
	s.log.close()
	return status
}

// call reads the options of a tool and does what they ask for.
func (s *session) call(tool *Tool, args []string) error {
	s.json.kind = tool.Name()
	s.log.unwanted = false // --json may come behind an option that has something to say
	result, err := s.parse(tool, args)
	switch {
	case err != nil:
		s.jsonDespite(tool, args)
		return err
	case result.Stopped == nil:
		s.log.unwanted = !s.json.wanted
		return tool.run(result.Operands)
	}
	s.textAfterAll()
	switch result.Stopped.Name {
	case helpOption:
		s.help(tool)
	default:
		s.version()
	}
	return nil
}

// parse reads the options; help and version act as soon as they are met.
func (s *session) parse(tool *Tool, args []string) (getopt.Result, error) {
	order := s.order
	if _, posix := s.LookupEnv("POSIXLY_CORRECT"); posix {
		order = getopt.RequireOrder
	}
	if tool.before != nil {
		args = append(tool.before(), args...)
	}
	return getopt.Parse(tool.Options, s.argv0, args, order, helpOption, versionOption)
}

// report says what an error has to say and gives the exit status.
func (s *session) report(err error) int {
	var usage *getopt.UsageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFailed):
	case errors.As(err, &usage):
		s.log.raw(usage.Text)
	default:
		s.log.error(err.Error())
	}
	return 1
}

// loggingFlags are the options of the tools that write to the system's log.
type loggingFlags struct {
	syslog  bool
	verbose int
}

// options are those of the tools that log, and the version's.
func (l *loggingFlags) options() []getopt.Option {
	return []getopt.Option{
		getopt.Switch('s', "syslog", &l.syslog, "send messages to the system's log, not to standard error"),
		getopt.Action('v', "verbose", func() { l.verbose++ }, "more messages; may be given several times"),
		showVersion(),
	}
}

// apply takes effect once all options are read, as in C kmod.
func (s *session) apply(l loggingFlags) {
	s.log.level += priority(l.verbose)
	if l.syslog {
		s.log.openSyslog(s.SyslogSocket, s.Console)
	}
}

// joinParameters joins module parameters as insmod and modprobe hand them to the kernel: a value with a blank is quoted
// unless it begins with a quote.
func joinParameters(parameters []string) string {
	var joined strings.Builder
	for i, parameter := range parameters {
		if i > 0 {
			joined.WriteByte(' ')
		}
		name, value, found := strings.Cut(parameter, "=")
		if found && strings.Contains(value, " ") && value[0] != '"' && value[0] != '\'' {
			joined.WriteString(name + `="` + value + `"`)
			continue
		}
		joined.WriteString(parameter)
	}
	return joined.String()
}
