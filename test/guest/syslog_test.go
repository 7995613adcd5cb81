//go:build guest

package guest

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// With -s messages go to the system's log, in the same records as from C kmod, and not to standard error.
func TestSyslog(t *testing.T) {
	leaveAsFound(t)
	ok(t, (&kit{t: t, tools: ckmod}).run("insmod", ours("gm_c.ko")))
	ok(t, (&kit{t: t, tools: ckmod}).run("insmod", ours("gm_b.ko")))
	for _, args := range [][]string{
		{"insmod", "-s", "/nowhere.ko"},
		{"insmod", "--syslog", ours("gm_fail.ko"), "err=5"},
		{"insmod", "-s"},
		{"insmod", "-s", "--nope"},
		{"insmod", "-s", "-v", ours("gm_fail.ko")},
		{"rmmod", "-s", "gm_c"},
		{"rmmod", "-sf", "gm_c"},
		{"rmmod", "nosuch", "-s", "gm_a"},
		{"lsmod", "-s", "operand"},
		{"lsmod", "-s"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			c, cRecords := logged(t, ckmod, args)
			g, gRecords := logged(t, gomod, args)
			same(t, c, g)
			plain := plainRecords(args[0], gRecords)
			if !slices.Equal(cRecords, plain) {
				t.Errorf("C kmod's records: %q\ngomod's records:  %q", cRecords, gRecords)
			}
			t.Logf("%q", gRecords)
		})
	}
	ok(t, (&kit{t: t, tools: gomod}).run("rmmod", "gm_b", "gm_c"))
}

// plainRecords leaves out explanations, which are records of their own, after C kmod's.
func plainRecords(tool string, records []string) []string {
	return slices.DeleteFunc(slices.Clone(records), func(record string) bool { return strings.HasPrefix(record[4:], tool+":   ") })
}

// logged runs a command and gives what it logged.
func logged(t *testing.T, tools toolset, args []string) (result, []string) {
	t.Helper()
	var r result
	records := recorded(t, "/dev/log", func() { r = (&kit{t: t, tools: tools}).run(args[0], args[1:]...) })
	return r, records
}

// recorded gives the records that came to the socket of the system's log, without their time stamps.
func recorded(t *testing.T, log string, run func()) []string {
	t.Helper()
	socket, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(socket)
	if err := unix.Bind(socket, &unix.SockaddrUnix{Name: log}); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(log)
	run()
	var records []string
	for buffer := make([]byte, 1<<16); ; {
		// All was sent before the command ended: there is nothing to wait for.
		n, _, err := unix.Recvfrom(socket, buffer, unix.MSG_DONTWAIT)
		if err != nil {
			return records
		}
		records = append(records, withoutTime(t, string(buffer[:n])))
	}
}

// withoutTime cuts the time out of a record, as in
//
//	<27>Nov 23 09:05:01 insmod: ERROR: missing filename.
func withoutTime(t *testing.T, record string) string {
	t.Helper()
	priority, rest, found := strings.Cut(record, ">")
	if !found || len(priority) != 3 || len(rest) < len(time.Stamp)+1 {
		t.Fatalf("not a record of syslog: %q", record)
	}
	if _, err := time.Parse(time.Stamp, rest[:len(time.Stamp)]); err != nil {
		t.Errorf("%q: %v", record, err)
	}
	return priority + ">" + strings.TrimPrefix(rest[len(time.Stamp):], " ")
}
