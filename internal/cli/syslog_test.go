package cli

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// A record is what syslog(3) sends: <facility*8+priority>, the time in local words, the text.
func TestSyslogRecord(t *testing.T) {
	now := time.Date(2026, time.February, 3, 4, 5, 6, 0, time.UTC)
	const want = "<27>Feb  3 04:05:06 rmmod: ERROR: Module x is not currently loaded\n"
	if got := syslogRecord(now, levelError, "rmmod: ERROR: Module x is not currently loaded"); got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestSyslogSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	server, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	m := &messages{tool: "insmod", level: levelWarning}
	m.openSyslog(path, "/nonexistent")
	defer m.close()
	m.info("dropped")
	m.warning("kept")
	buf := make([]byte, 1000)
	n, err := server.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^<28>[A-Z][a-z]{2} [ 0-9]\d \d\d:\d\d:\d\d insmod: WARNING: kept\n$`).Match(buf[:n]) {
		t.Errorf("%q", buf[:n])
	}
}

// Where nobody listens, the console gets the text, as LOG_CONS asks. It is a terminal.
func TestSyslogConsole(t *testing.T) {
	folder := t.TempDir()
	console := filepath.Join(folder, "console")
	if err := os.WriteFile(console, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	m := &messages{tool: "insmod", level: levelWarning}
	m.openSyslog(filepath.Join(folder, "none"), console)
	for _, test := range []struct {
		lines []string
		want  string
	}{
		{[]string{"seen"}, "insmod: WARNING: seen\r\n"},
		{[]string{"steers\x1b[2J\x9b\ninsmod: forged"}, `insmod: WARNING: steers\x1B[2J\x9B\x0Ainsmod: forged` + "\r\n"},
		{[]string{"two", "lines\r"}, "insmod: WARNING: two\r\n" + `lines\x0D` + "\r\n"},
	} {
		if err := os.Truncate(console, 0); err != nil {
			t.Fatal(err)
		}
		m.warning(test.lines...)
		if got, err := os.ReadFile(console); string(got) != test.want || err != nil {
			t.Errorf("%q, %v, not %q", got, err, test.want)
		}
	}
}
