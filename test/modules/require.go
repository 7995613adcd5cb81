package modules

import (
	"errors"
	"testing"

	"gomod/test/need"
)

// Require is Build for a test, which ends as need.Missing says without the headers.
func Require(t testing.TB, top, kernel string) string {
	t.Helper()
	folder, err := Build(top, kernel)
	if errors.Is(err, ErrNoHeaders) {
		need.Missing(t, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return folder
}
