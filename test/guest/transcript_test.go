//go:build guest

package guest

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"gomod/test/demo/transcript"
)

// The demonstration with C kmod's tools in /sbin, and then with gomod's: the same output and status, command by command.
func TestTranscript(t *testing.T) {
	leaveAsFound(t)
	if err := unix.Mount(string(ckmod), "/sbin", "", unix.MS_BIND, ""); err != nil {
		t.Fatal(err)
	}
	c := playTranscript(t)
	if err := unix.Unmount("/sbin", 0); err != nil {
		t.Fatal(err)
	}
	g := playTranscript(t)
	for i := range c {
		g[i].stdout = withoutBuildID(g[i].stdout)
		same(t, c[i], g[i])
	}
}

func playTranscript(t *testing.T) []result {
	t.Helper()
	var results []result
	for _, step := range transcript.Steps() {
		if step.Command == "" {
			continue
		}
		r := finish(t, transcript.Shell(step.Command))
		r.command = step.Command
		if step.Refused != (r.status != 0) {
			t.Errorf("unexpected exit status:\n%s", r)
		}
		results = append(results, r)
	}
	return results
}

// withoutBuildID leaves out the line that gomod's modinfo has and C kmod 34.2's lacks (D25).
func withoutBuildID(stdout string) string {
	var kept strings.Builder
	for line := range strings.Lines(stdout) {
		if !strings.HasPrefix(line, "build-id:") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
