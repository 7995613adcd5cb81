package kmod

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestSystemShell(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out")
	t.Setenv("MODPROBE_MODULE", "old")
	t.Setenv("KEPT", "yes")
	err := SystemShell{}.Run(`echo "$MODPROBE_MODULE $KEPT $WORDS" > '`+file+`'`, []string{"MODPROBE_MODULE=new", "WORDS=a b"})
	text, readErr := os.ReadFile(file)
	if err != nil || readErr != nil || string(text) != "new yes a b\n" {
		t.Errorf("%q %v %v", text, err, readErr)
	}
	var exit *ExitError
	if err := (SystemShell{}).Run("exit 7", nil); !errors.As(err, &exit) || exit.Status != 7 || !errors.Is(err, syscall.EINVAL) {
		t.Error(err)
	}
	if err := (SystemShell{}).Run("kill -9 $$", nil); !errors.As(err, &exit) || exit.Signal != syscall.SIGKILL {
		t.Error(err)
	}
	if err := (SystemShell{}).Run("nosuchcommand 2>/dev/null", nil); !errors.As(err, &exit) || exit.Status != notRun {
		t.Error(err)
	}
}

// TestSignals holds that an interrupt from the terminal while a command runs ends that command and nothing else.
func TestSignals(t *testing.T) {
	var exit *ExitError
	if err := (SystemShell{}).Run("kill -INT $PPID; kill -QUIT $PPID; kill -INT $$; exit 0", nil); !errors.As(err, &exit) || exit.Signal != syscall.SIGINT {
		t.Error(err)
	}
}

func TestEnvironment(t *testing.T) {
	got := environment([]string{"A=1", "B=2", "odd", "A=3"}, []string{"A=new", "C=4"})
	if want := []string{"B=2", "odd", "A=new", "C=4"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// FuzzSubstitute compares with the plain way.
func FuzzSubstitute(f *testing.F) {
	f.Add("run $CMDLINE_OPTS", "a=$CMDLINE_OPTS")
	f.Fuzz(func(t *testing.T, command, options string) {
		// The word is taken out letter by letter, from the left, and what comes in is not looked at.
		want := ""
		for rest := command; rest != ""; {
			if after, found := strings.CutPrefix(rest, "$CMDLINE_OPTS"); found {
				want, rest = want+options, after
			} else {
				want, rest = want+rest[:1], rest[1:]
			}
		}
		if got := substitute(command, options); got != want {
			t.Errorf("%q with %q: %q instead of %q", command, options, got, want)
		}
	})
}
