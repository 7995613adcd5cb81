package cli

import (
	"strings"
	"testing"
	"time"
)

// TestProgressLine shows the line at most ten times in a second, and leaves nothing of it.
func TestProgressLine(t *testing.T) {
	var terminal strings.Builder
	show := progressLine(&terminal)
	show(1, 3)
	if terminal.Len() > 0 {
		t.Errorf("%q is shown at once", terminal.String())
	}
	time.Sleep(110 * time.Millisecond)
	show(2, 3)
	show(2, 3)
	show(3, 3)
	if got := terminal.String(); got != "\r\x1b[K2 modules read, 1 left\r\x1b[K" {
		t.Errorf("%q", got)
	}
}
