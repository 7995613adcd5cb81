package kernel

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Record is one message of the kernel log.
type Record struct {
	// Level is syslog(3)'s: 3 for an error, 4 for a warning.
	Level int
	// Sequence counts all messages since the start.
	Sequence uint64
	// Time is since the start of the kernel.
	Time time.Duration
	// Text may have several lines; none ends it.
	Text string
}

// ParseRecord takes apart what a read of /dev/kmsg gives (Documentation/ABI/testing/dev-kmsg):
//
//	4,1423,84723184,-;gm_b: Unknown symbol gm_c_plain (err -2)
//	 SUBSYSTEM=pci
//
// The lines after the first belong to programs. Of a message that no part of the kernel wrote, ok is false.
func ParseRecord(data string) (r Record, ok bool) {
	data, _, _ = strings.Cut(data, "\n")
	prefix, text, found := strings.Cut(data, ";")
	if !found {
		return Record{}, false
	}
	// More fields may follow, as the writer's thread does.
	var fields [3]uint64
	for i := range fields {
		var field string
		var err error
		field, prefix, _ = strings.Cut(prefix, ",")
		if fields[i], err = strconv.ParseUint(field, 10, 63); err != nil {
			return Record{}, false
		}
	}
	const levels, kernelFacility, most = 8, 0, math.MaxInt64 / uint64(time.Microsecond)
	if fields[0]/levels != kernelFacility || fields[2] > most {
		return Record{}, false
	}
	return Record{
		Level:    int(fields[0] % levels),
		Sequence: fields[1],
		Time:     time.Duration(fields[2]) * time.Microsecond,
		Text:     unescaped(text),
	}, true
}

// unescaped undoes the kernel's \xHH, which it writes for all but printable characters of ASCII.
func unescaped(text string) string {
	if !strings.Contains(text, `\x`) {
		return text
	}
	var plain strings.Builder
	for text != "" {
		if strings.HasPrefix(text, `\x`) && len(text) >= 4 {
			if c, err := strconv.ParseUint(text[2:4], 16, 8); err == nil {
				plain.WriteByte(byte(c))
				text = text[4:]
				continue
			}
		}
		plain.WriteByte(text[0])
		text = text[1:]
	}
	return plain.String()
}
