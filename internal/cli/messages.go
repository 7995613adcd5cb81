package cli

import (
	"bufio"
	"io"
	"strings"
)

// priority is that of syslog(3).
type priority int

const (
	levelFatal   priority = 2
	levelError   priority = 3
	levelWarning priority = 4
	levelNotice  priority = 5
	levelInfo    priority = 6
)

func (p priority) String() string {
	switch p {
	case levelFatal:
		return "FATAL"
	case levelError:
		return "ERROR"
	case levelWarning:
		return "WARNING"
	case levelNotice:
		return "NOTICE"
	}
	return "INFO"
}

// messages writes what a tool has to say to standard error or to the system's log, as in
//
//	insmod: ERROR: could not load module /x.ko: No such file or directory
type messages struct {
	tool   string
	level  priority // a message of a greater number is dropped
	stderr io.Writer
	// terminal tells whether stderr is one: what a module says must not steer it.
	terminal func() bool
	// flushFirst holds output that was made earlier than the message and is to be seen earlier.
	flushFirst   *bufio.Writer
	explanations bool
	syslog       bool
	// said are all messages but explanations, for the JSON document; -q does not count there. unwanted tells that there will be none.
	said     []saidMessage
	unwanted bool
	socket   int    // of the system's log; -1 when it could not be reached
	console  string // the device that gets the messages then
}

// saidMessage is a message with its level in words: "fatal", "error", "warning", "notice" or "info".
type saidMessage struct{ level, text string }

// A text is one line: a newline in it comes from a name or a file, and is shown as one on a terminal. What has more lines gives them singly.
func (m *messages) fatal(text string)       { m.say(levelFatal, text) }
func (m *messages) error(text string)       { m.say(levelError, text) }
func (m *messages) warning(lines ...string) { m.say(levelWarning, lines...) }
func (m *messages) info(text string)        { m.say(levelInfo, text) }

// explain adds a line to the error before it: what is wrong, in words that C kmod does not have.
func (m *messages) explain(text string) {
	if !m.explanations || m.level < levelError {
		return
	}
	line := "  " + text
	if m.syslog {
		// The system's log takes the first word for the program's name.
		line = m.tool + ": " + line
	}
	m.write(levelError, line)
}

// remark is a warning that C kmod does not have.
func (m *messages) remark(text string) {
	if m.explanations && m.level >= levelError {
		m.note(levelWarning, text)
		m.write(levelWarning, m.tool+": "+levelWarning.String()+": "+text)
	}
}

// notice is for -v; C kmod does not have it.
func (m *messages) notice(text string) {
	if m.explanations {
		m.say(levelNotice, text)
	}
}

func (m *messages) note(p priority, text string) {
	if m.unwanted {
		return
	}
	m.said = append(m.said, saidMessage{strings.ToLower(p.String()), text})
}

// raw writes an error without the tool's name to standard error, whatever the level.
func (m *messages) raw(text string) { m.rawAs(levelError, text) }

func (m *messages) rawAs(p priority, text string) {
	m.note(p, text)
	m.show(text)
}

func (m *messages) say(p priority, lines ...string) {
	if p <= m.level || p <= levelWarning {
		m.note(p, strings.Join(lines, "\n"))
	}
	if p <= m.level {
		first := m.tool + ": " + p.String() + ": " + lines[0]
		m.write(p, append([]string{first}, lines[1:]...)...)
	}
}

func (m *messages) write(p priority, lines ...string) {
	if m.syslog {
		m.toSyslog(p, lines)
		return
	}
	m.show(lines...)
}

// show puts lines on standard error.
func (m *messages) show(lines ...string) {
	if m.terminal() {
		lines = printableLines(lines)
	}
	m.flushFirst.Flush()
	io.WriteString(m.stderr, strings.Join(lines, "\n")+"\n")
}

func printableLines(lines []string) []string {
	shown := make([]string, len(lines))
	for i, line := range lines {
		shown[i] = printableLine(line)
	}
	return shown
}
