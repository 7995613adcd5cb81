package need

import (
	"os"
	"testing"
)

// System ends a test that takes long, unless make test-system runs it.
func System(t testing.TB) {
	t.Helper()
	if os.Getenv("GOMOD_TEST_SYSTEM") == "" {
		t.Skip("make test-system runs it") // in CI too
	}
}
