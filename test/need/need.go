// Package need ends tests for which something is missing on this machine.
package need

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Missing ends a test that cannot be run here. It fails where CI=true says that everything is to be run, and is skipped elsewhere.
func Missing(t testing.TB, why ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why...)
	}
	t.Skip(why...)
}

// NoError is Missing for an error that means that.
func NoError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		Missing(t, err)
	}
}

// Compiled makes a program of one C source, to compare with the C library, and gives its path.
func Compiled(t testing.TB, source string) string {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil {
		Missing(t, "no C compiler to compare with: install gcc")
	}
	program := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command(cc, "-O2", "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return program
}
