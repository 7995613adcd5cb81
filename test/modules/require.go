package modules

import (
	"errors"
	"os"
	"testing"
)

// Require is Build for a test: without the headers the test is skipped, but fails where CI=true says that everything is
// to be run.
func Require(t testing.TB, top, kernel string) string {
	t.Helper()
	folder, err := Build(top, kernel)
	if errors.Is(err, ErrNoHeaders) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return folder
}
