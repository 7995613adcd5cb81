package kernel_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gomod/internal/kernel"
)

// escaped writes a text as the kernel does in /dev/kmsg.
func escaped(text string) string {
	var out strings.Builder
	for _, b := range []byte(text) {
		if b < ' ' || b >= 0x7f || b == '\\' {
			fmt.Fprintf(&out, `\x%02x`, b)
		} else {
			out.WriteByte(b)
		}
	}
	return out.String()
}

// FuzzParseRecord: what the kernel writes for a message is read as that message, and any other data either is of that form or no record.
func FuzzParseRecord(f *testing.F) {
	files, err := filepath.Glob("../../testdata/kmsg/*/*.log")
	if err != nil || len(files) == 0 {
		f.Fatal("no recorded logs", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			f.Add(line, byte(4), uint64(1423), uint64(84723184))
		}
	}
	f.Add("6,1,9223372036854775807,-;later than a Duration holds", byte(6), uint64(1), uint64(1))
	f.Add("12,1,2,-;of a program", byte(7), uint64(0), uint64(0))
	f.Add("6,1,18446744073709551615,c,caller=T1;a\\x0ab\\xzz\\x\n SUBSYSTEM=pci\n", byte(0), uint64(1)<<63-1, uint64(9223372036854775))
	form := regexp.MustCompile(`^([0-9]+),([0-9]+),([0-9]+)(,[^;\n]*)?;`)
	f.Fuzz(func(t *testing.T, text string, level byte, sequence, microseconds uint64) {
		want := kernel.Record{
			Level: int(level % 8), Sequence: sequence >> 1, Time: time.Duration(microseconds%(1<<53)) * time.Microsecond, Text: text,
		}
		line := fmt.Sprintf("%d,%d,%d,-;%s\n", want.Level, want.Sequence, want.Time.Microseconds(), escaped(text))
		for _, more := range []string{"", " SUBSYSTEM=pci\n DEVICE=+pci:0000:00:01.0\n"} {
			if got, ok := kernel.ParseRecord(line + more); !ok || got != want {
				t.Errorf("%q is read as %+v, %v", line, got, ok)
			}
		}
		got, ok := kernel.ParseRecord(text)
		if !ok {
			if got != (kernel.Record{}) {
				t.Errorf("%q: %+v beside a refusal", text, got)
			}
			return
		}
		if !form.MatchString(text) || got.Level < 0 || got.Level > 7 || got.Time < 0 || len(got.Text) >= len(text) {
			t.Errorf("%q is read as %+v", text, got)
		}
	})
}
