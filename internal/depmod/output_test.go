package depmod

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"gomod/internal/config"
	"gomod/test/need"
)

// A list may consist of nothing but mistakes: not all of them are kept and told.
func TestManyEvents(t *testing.T) {
	dir := t.TempDir()
	need.NoError(t, os.WriteFile(filepath.Join(dir, "modules.builtin"), bytes.Repeat([]byte{'\n'}, builtinLimit), 0o644))
	var told, more int
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Compute(Options{Dir: dir, Config: func() *config.Depmod { return &config.Depmod{} }, Report: func(e Event) {
		switch e.Kind {
		case BadBuiltin:
			told++
		case MoreEvents:
			more = e.Number
		}
	}})
	runtime.ReadMemStats(&after)
	if told != mostEvents || more != builtinLimit-mostEvents || err != nil {
		t.Errorf("%d were told, and %d more, %v", told, more, err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > allocations()*(32<<20) {
		t.Errorf("%d bytes were allocated", took)
	}
}

// Every kind has its own room, and what there is more of comes at the end.
func TestEventList(t *testing.T) {
	var l eventList
	for range mostEvents + 3 {
		l.add(Event{Kind: BadBracket})
		l.add(Event{Kind: Misfit})
	}
	l.add(Event{Kind: Unfit})
	var told []Kind
	var last Event
	l.tell(func(e Event) { told, last = append(told, e.Kind), e })
	if n := len(told); n != 2*mostEvents+2 || told[n-2] != Unfit || last != (Event{Kind: MoreEvents, Number: 6}) {
		t.Errorf("%d events, the last of them %+v", n, last)
	}
}
