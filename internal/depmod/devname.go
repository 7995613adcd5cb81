package depmod

import (
	"math"
	"strconv"
	"strings"
)

// devnames makes modules.devname, lines such as
//
//	fuse fuse c10:229
//
// by which device nodes are made before their module is loaded.
func (r *run) devnames(report func(Event)) []byte {
	var out []byte
	for _, m := range r.modules {
		d := findDevice(m.aliases)
		switch {
		case d.name != nil && d.kind != 0:
			if out == nil {
				out = []byte("# Device nodes to trigger on-demand module loading.\n")
			}
			out = appendLine(out, m.name, " ", *d.name, " ", string(d.kind), decimal(d.major), ":", decimal(d.minor))
		case d.name != nil:
			report(Event{Kind: NoNumbers, Name: m.name, Owner: *d.name})
		}
	}
	return out
}

// device is what the aliases of a module say of its node.
type device struct {
	name         *string
	kind         byte // 'c', 'b', or 0 where there are no numbers
	major, minor uint32
}

// findDevice takes the last of each alias up to where both are known.
func findDevice(aliases []string) (d device) {
	for _, alias := range aliases {
		if name, ok := strings.CutPrefix(alias, "devname:"); ok {
			d.name = &name
		} else if rest, ok := strings.CutPrefix(alias, "char-major-"); ok {
			d.numbers('c', rest)
		} else if rest, ok := strings.CutPrefix(alias, "block-major-"); ok {
			d.numbers('b', rest)
		}
		if d.name != nil && d.kind != 0 {
			break
		}
	}
	return d
}

func (d *device) numbers(kind byte, text string) {
	major, rest, ok := scanUint(text)
	if !ok || !strings.HasPrefix(rest, "-") {
		return
	}
	if minor, _, ok := scanUint(rest[1:]); ok {
		d.kind, d.major, d.minor = kind, major, minor
	}
}

// scanUint reads a number as scanf(3) does with %u: white space and a sign may stand before it, and it wraps.
func scanUint(text string) (number uint32, rest string, ok bool) {
	text = strings.TrimLeft(text, " \t\n\v\f\r")
	negative := strings.HasPrefix(text, "-")
	if negative || strings.HasPrefix(text, "+") {
		text = text[1:]
	}
	end := 0
	for end < len(text) && '0' <= text[end] && text[end] <= '9' {
		end++
	}
	if end == 0 {
		return 0, "", false
	}
	wide, err := strconv.ParseUint(text[:end], 10, 64)
	switch {
	case err != nil:
		wide = math.MaxUint64
	case negative:
		wide = -wide
	}
	return uint32(wide), text[end:], true
}

func decimal(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// IsRelease tells whether a word is taken for a kernel release, which begins like 6.12.
func IsRelease(word string) bool {
	_, rest, ok := scanUint(word)
	if !ok || !strings.HasPrefix(rest, ".") {
		return false
	}
	_, _, ok = scanUint(rest[1:])
	return ok
}
