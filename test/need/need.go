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

// Top is the project's folder, the one of go.mod, wherever below it the test runs.
func Top(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			t.Fatal(dir + " is not below a folder with a go.mod")
		}
	}
}

// File is a path of the project that make build or test/setup.sh brings; Missing where it has not.
func File(t testing.TB, path string) string {
	t.Helper()
	full := filepath.Join(Top(t), path)
	if _, err := os.Stat(full); err != nil {
		Missing(t, path+" is missing: run make test, or test/setup.sh and make build first")
	}
	return full
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
