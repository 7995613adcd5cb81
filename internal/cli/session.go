package cli

import (
	"bufio"
	"errors"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gomod/internal/getopt"
)

// session is one call of one tool.
type session struct {
	*Env
	// argv0 is what the C library's option errors begin with.
	argv0 string
	// tool is what the tool's own messages begin with.
	tool string
	out  *bufio.Writer
	log  *messages
	// order is RequireOrder for kmod and its commands: the C library remembers how it was first asked.
	order getopt.Order
}

func newSession(env *Env, argv0, tool string) *session {
	s := &session{Env: env, argv0: argv0, tool: tool, out: bufio.NewWriterSize(env.Stdout, 1<<14)}
	s.log = &messages{tool: tool, level: levelError, stderr: env.Stderr, terminal: env.StderrTerminal, flushFirst: s.out}
	s.log.explanations = env.getenv("GOMOD_EXPLAIN") != "0"
	return s
}

// applet describes one tool; command makes cobra's view of it.
type applet struct {
	use, short, long, example string
	// notes stand between the options and the examples of the help.
	notes func() string
	// declare adds the tool's own options; help, version and what commonFlags names follow them.
	declare func(*pflag.FlagSet)
	// before gives arguments that count as if they came first; nil for none.
	before func() []string
	run    func(operands []string) error
	// complete gives a shell what an operand may be.
	complete completer
}

// errFailed makes the exit status 1 when everything was said already.
var errFailed = errors.New("failed")

// command makes the cobra command of an applet. Its options are read by getopt, for cobra's own parser is not getopt_long's.
func (s *session) command(a applet) *cobra.Command {
	cmd := &cobra.Command{
		Use: a.use, Short: a.short, Long: a.long, Example: a.example,
		DisableFlagParsing: true, DisableFlagsInUseLine: true, SilenceErrors: true, SilenceUsage: true,
		Args: cobra.ArbitraryArgs, ValidArgsFunction: a.complete,
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	a.declare(flags)
	if flags.Lookup("help") == nil {
		flags.BoolP("help", "h", false, "show this help")
	}
	cmd.SetHelpFunc(func(cmd *cobra.Command, _ []string) { s.help(cmd, a.notes) })
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		order := s.order
		if _, posix := s.LookupEnv("POSIXLY_CORRECT"); posix {
			order = getopt.RequireOrder
		}
		if a.before != nil {
			args = append(a.before(), args...)
		}
		result, err := getopt.Parse(flags, s.argv0, args, order, "help", "version")
		if err != nil {
			return err
		}
		if result.Stopped != nil {
			return s.stop(cmd, result.Stopped.Name)
		}
		return a.run(result.Operands)
	}
	return cmd
}

// stop answers the options that act as soon as they are met.
func (s *session) stop(cmd *cobra.Command, option string) error {
	if option == "help" {
		return cmd.Help()
	}
	s.version()
	return nil
}

// execute runs a command and turns its error into an exit status. Cobra itself runs only to complete words: it would take some of
// its own out of the operands.
func (s *session) execute(cmd *cobra.Command, args []string, complete bool) int {
	var err error
	if complete {
		cmd.DisableFlagParsing = false
		cmd.SetArgs(args)
		cmd.SetOut(s.out)
		cmd.SetErr(s.Stderr)
		err = cmd.Execute()
	} else {
		err = cmd.RunE(cmd, args)
	}
	status := s.report(err)
	if err := s.out.Flush(); err != nil && !errors.Is(err, syscall.EBADF) {
		s.log.error("could not write to standard output: " + strerror(err))
		status = 1
	}
	s.log.close()
	return status
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

func (l *loggingFlags) declare(flags *pflag.FlagSet) {
	flags.BoolVarP(&l.syslog, "syslog", "s", false, "send messages to the system's log, not to standard error")
	flags.CountVarP(&l.verbose, "verbose", "v", "more messages; may be given several times")
	declareVersion(flags)
}

func declareVersion(flags *pflag.FlagSet) { flags.BoolP("version", "V", false, "show the version") }

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
