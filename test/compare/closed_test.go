package compare

import (
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// The kernel calls modprobe without standard streams, and early in an initramfs without a /dev/null that could be put there.
func TestClosedStreams(t *testing.T) {
	root := NewRoot(t)
	root.Modules("6.1", "drivers/net/dummy.ko")
	for _, test := range []struct {
		argv []string
		says bool
	}{
		{[]string{"modprobe", "-q", "--", "net-pf-99"}, false},
		{[]string{"modprobe", "-n", "dummy"}, false},
		{[]string{"modprobe", "no-such-module"}, true},
		{[]string{"modprobe", "--no-such-option"}, false},
		{[]string{"modprobe", "-S", root.Release, "-R", "dummy"}, false},
		{[]string{"modprobe", "dummy"}, true},
		{[]string{"insmod", "/no-such-file.ko"}, false},
		{[]string{"lsmod"}, false},
		{[]string{"modinfo", "-F", "name", "dummy"}, false},
	} {
		t.Run(strings.Join(test.argv, " "), func(t *testing.T) {
			call := Call{Root: root.Dir, Argv: test.argv, Closed: true}
			root.Remove("dev")
			if want, got := Reference(t, call).Status, Gomod(t, call).Status; got != want {
				t.Errorf("exit status %d instead of %d where there is no /dev", got, want)
			}
			want, wantLog := withLog(t, root, call, Reference)
			got, gotLog := withLog(t, root, call, Gomod)
			if got != want || withoutExplanations(gotLog) != wantLog || test.says != (wantLog != "") {
				t.Errorf("got %d and in the log %q\nwant %d and %q", got, gotLog, want, wantLog)
			}
		})
	}
}

// withoutExplanations leaves out the records in which gomod says more than C kmod, as in
//
//	<27> modprobe:   the kernel was built without loadable modules
func withoutExplanations(log string) string {
	var plain strings.Builder
	for record := range strings.Lines(log) {
		if !strings.Contains(record, ":   ") {
			plain.WriteString(record)
		}
	}
	return plain.String()
}

// withLog gives the exit status and what was sent to /dev/log, without the times.
func withLog(t *testing.T, root *Root, call Call, tool func(testing.TB, Call) Result) (status int, records string) {
	t.Helper()
	root.Remove("dev")
	root.must(os.Mkdir(root.Path("dev"), 0o755))
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: root.Path("dev/log"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	status = tool(t, call).Status
	// All that was sent is there once the sender has ended.
	socket.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	record := make([]byte, 10000)
	for {
		n, err := socket.Read(record)
		if os.IsTimeout(err) {
			return status, records
		}
		if err != nil {
			t.Fatal(err)
		}
		const stamp = len("<27>") + len(time.Stamp)
		records += string(record[:len("<27>")]) + string(record[stamp:n])
	}
}
