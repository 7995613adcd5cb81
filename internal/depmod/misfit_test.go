package depmod

import (
	"strings"
	"testing"

	"gomod/internal/config"
	"gomod/internal/elfinfo"
)

// A file that modprobe does not read costs every module its softdeps.
func TestFilesAreRead(t *testing.T) {
	r := withModules("a.ko", "b.ko", "c.ko")
	long := strings.Repeat("x", maxText)
	fields := make([]elfinfo.Field, 70)
	for i := range fields {
		fields[i] = elfinfo.Field{Key: "softdep", Value: long}
	}
	r.modules[0].keep([]elfinfo.Field{{Key: "softdep", Value: "pre: x"}, {Key: "weakdep", Value: long + "x"}})
	r.modules[1].keep(fields)
	r.modules[2].keep([]elfinfo.Field{{Key: "softdep", Value: "pre: y"}})
	var events []Event
	file := r.softdeps(func(e Event) { events = append(events, e) })
	if len(file) > config.ModulesLimit || len(file) < config.ModulesLimit-maxText {
		t.Errorf("%d bytes", len(file))
	}
	if !strings.HasPrefix(string(file), "# Soft dependencies extracted from modules themselves.\nsoftdep a pre: x\nsoftdep b xxx") || !strings.HasSuffix(string(file), "xxx\nsoftdep c pre: y\n") {
		t.Errorf("%.100q %q", file, file[len(file)-40:])
	}
	if len(events) != 7 || events[0].Kind != Misfit || events[0].Path != "/m/b.ko" || events[0].Err.(*MisfitError).Reason != ErrFull {
		t.Errorf("%d events", len(events))
	}
	if len(r.modules[0].weakdeps) != 0 || r.modules[0].misfits.first[0].(*MisfitError).Reason != ErrLong {
		t.Error("a weakdep of more than 64 KiB is kept")
	}
}

// A module may have as many misfits as it has bytes.
func TestManyMisfits(t *testing.T) {
	var left misfits
	for range 1000 {
		left.add(ErrNewline)
	}
	var events []Event
	left.tell("m", func(e Event) { events = append(events, e) })
	if len(events) != 11 || events[9] != (Event{Kind: Misfit, Path: "m", Err: ErrNewline}) || events[10] != (Event{Kind: MoreMisfits, Path: "m", Number: 990}) {
		t.Error(events)
	}
}
