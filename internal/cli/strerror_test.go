package cli

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"gomod/test/need"
)

// Every number has the text that the C library of this machine has for it.
func TestStrerror(t *testing.T) {
	program := need.Compiled(t, "testdata/strerror.c")
	out, err := exec.Command(program).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != 200 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, want := range lines {
		if got := strerror(fmt.Errorf("wrapped: %w", syscall.Errno(i+1))); got != want {
			t.Errorf("%d: %q, not %q", i+1, got, want)
		}
	}
}

func TestStrerrorWithoutNumber(t *testing.T) {
	if got := strerror(errors.New("own text")); got != "own text" {
		t.Error(got)
	}
}
