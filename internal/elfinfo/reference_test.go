package elfinfo

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gomod/test/need"
)

// reference runs C kmod 34.2, which test/setup.sh unpacks: run TOOL ARGS...
const reference = "../../build/kmod34/run"

// referencePath skips the test where C kmod is not there.
func referencePath(t *testing.T) string {
	t.Helper()
	run, err := filepath.Abs(reference)
	if _, statErr := os.Stat(run); err != nil || statErr != nil {
		need.Missing(t, "no "+reference+": run test/setup.sh reference")
	}
	return run
}

// referenceKinds are fewer than kinds, for C kmod takes its time; each word size and byte order is there.
func referenceKinds() []testELF {
	all := kinds()
	return []testELF{all[0], all[3]}
}

// TestReference shows the hand-made modules to C kmod and holds their expectations against what it prints.
func TestReference(t *testing.T) {
	run := referencePath(t)
	for _, kind := range referenceKinds() {
		for _, s := range samples(kind) {
			t.Run(kind.String()+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "sample.ko")
				if err := os.WriteFile(path, s.image, 0o644); err != nil {
					t.Fatal(err)
				}
				compare(t, s.modinfo, plainFields, run, "modinfo", "-0", path)
				if !s.beyond {
					compare(t, s.exports, plainSymbols, run, "modprobe", "--show-exports", path)
					compare(t, s.versions, plainSymbols, run, "modprobe", "--show-modversions", path)
				}
			})
		}
	}
}

// compare runs C kmod and holds what it prints against the expectation. Where it aborts on an assertion of its own there is
// nothing to compare.
func compare(t *testing.T, want outcome, plain func(outcome) outcome, command ...string) {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	if strings.Contains(stderr.String(), "Assertion") {
		return
	}
	got := outcome{text: string(stdout)}
	if err != nil || stderr.Len() > 0 {
		got = fails(errnoOfText(t, stderr.String()))
	}
	if got = plain(got); got != want {
		t.Errorf("%s: C kmod gives %q %v, the sample says %q %v", command[1:3], got.text, got.errno, want.text, want.errno)
	}
}

// plainFields turns "filename: ...\0key=value\0" into lines without the first.
func plainFields(o outcome) outcome {
	_, fields, _ := strings.Cut(o.text, "\x00")
	o.text = ""
	for field := range strings.SplitSeq(strings.TrimSuffix(fields, "\x00"), "\x00") {
		if fields != "" {
			o.text += field + "\n"
		}
	}
	return o
}

// plainSymbols turns "0x12345678\tname" lines into "12345678 name".
func plainSymbols(o outcome) outcome {
	o.text = strings.ReplaceAll(strings.ReplaceAll("\n"+o.text, "\n0x", "\n"), "\t", " ")[1:]
	return o
}

func errnoOfText(t *testing.T, stderr string) syscall.Errno {
	t.Helper()
	for text, errno := range map[string]syscall.Errno{
		"Exec format error": noexec, "Invalid argument": inval, "No data available": nodata,
	} {
		if strings.HasSuffix(strings.TrimSpace(stderr), ": "+text) {
			return errno
		}
	}
	t.Errorf("C kmod says %q", stderr)
	return 0
}
