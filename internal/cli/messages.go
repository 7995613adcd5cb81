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

func (m *messages) fatal(text string)   { m.say(levelFatal, text) }
func (m *messages) error(text string)   { m.say(levelError, text) }
func (m *messages) warning(text string) { m.say(levelWarning, text) }
func (m *messages) info(text string)    { m.say(levelInfo, text) }

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
	if m.terminal() {
		text = printable(text)
	}
	m.print(text)
}

func (m *messages) print(text string) {
	m.flushFirst.Flush()
	io.WriteString(m.stderr, text+"\n")
}

func (m *messages) say(p priority, text string) {
	if p <= m.level || p <= levelWarning {
		m.note(p, text)
	}
	if p <= m.level {
		m.write(p, m.tool+": "+p.String()+": "+text)
	}
}

func (m *messages) write(p priority, line string) {
	if m.syslog {
		m.toSyslog(p, line)
		return
	}
	if m.terminal() {
		line = printable(line)
	}
	m.print(line)
}
