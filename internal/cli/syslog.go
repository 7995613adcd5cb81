package cli

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// facilityDaemon is LOG_DAEMON of syslog(3).
const facilityDaemon = 3 << 3

// openSyslog sends all later messages to the datagram socket at path or, as LOG_CONS of syslog(3) asks, to the console where
// nobody listens.
func (m *messages) openSyslog(path, console string) {
	m.syslog, m.console = true, console
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		m.socket = -1
		return
	}
	m.socket = fd
	if unix.Connect(fd, &unix.SockaddrUnix{Name: path}) != nil {
		m.close()
	}
}

func (m *messages) close() {
	if m.syslog && m.socket >= 0 {
		unix.Close(m.socket)
		m.socket = -1
	}
}

// toSyslog leaves the bytes to those who read the log, but not to the console: that is a terminal.
func (m *messages) toSyslog(p priority, lines []string) {
	if m.socket >= 0 {
		if _, err := unix.Write(m.socket, []byte(syslogRecord(time.Now(), p, strings.Join(lines, "\n")))); err == nil {
			return
		}
	}
	fd, err := unix.Open(m.console, unix.O_WRONLY|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	unix.Write(fd, []byte(strings.Join(printableLines(lines), "\r\n")+"\r\n"))
	unix.Close(fd)
}

// syslogRecord is one datagram, as in
//
//	<27>Nov 23 09:05:01 insmod: ERROR: could not load module /x.ko: No such file or directory
func syslogRecord(now time.Time, p priority, line string) string {
	return "<" + strconv.Itoa(facilityDaemon+int(p)) + ">" + now.Format(time.Stamp) + " " + line + "\n"
}
