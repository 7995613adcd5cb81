// Package devname reads modules.devname: the device nodes whose opening loads a module. depmod writes it; its lines are
//
//	fuse fuse c10:229
//	snd_seq snd/seq c116:1
package devname

import (
	"iter"
	"strings"
)

// Entry is one device node.
type Entry struct {
	Module       string
	Node         string // below /dev
	Block        bool   // a block device, else a character device
	Major, Minor uint32
}

// LineError is a line that is no entry.
type LineError struct{ Line string }

func (e *LineError) Error() string { return "invalid devname entry: " + e.Line }

// Entries yields the file's entries in order, and a *LineError for each line that is none. Lines that begin with # are left out.
func Entries(data string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for line := range strings.Lines(data) {
			if line[0] == '#' {
				continue
			}
			entry, ok := parse(line)
			var err error
			if !ok {
				err = &LineError{strings.TrimSuffix(line, "\n")}
			}
			if !yield(entry, err) {
				return
			}
		}
	}
}

// parse takes what scanf("%s %s %c%u:%u") takes, and ignores what follows.
func parse(line string) (Entry, bool) {
	s := scanner{line}
	entry := Entry{Module: s.word(), Node: s.word()}
	kind := s.char()
	entry.Block = kind == 'b'
	major, majorOK := s.number()
	colon := s.rest != "" && s.rest[0] == ':'
	if !majorOK || !colon || kind != 'b' && kind != 'c' {
		return Entry{}, false
	}
	s.rest = s.rest[1:]
	minor, minorOK := s.number()
	entry.Major, entry.Minor = major, minor
	return entry, minorOK
}

type scanner struct{ rest string }

const blanks = " \t\n\v\f\r"

func (s *scanner) skipBlanks() { s.rest = strings.TrimLeft(s.rest, blanks) }

func (s *scanner) word() string {
	s.skipBlanks()
	end := strings.IndexAny(s.rest, blanks)
	if end < 0 {
		end = len(s.rest)
	}
	word := s.rest[:end]
	s.rest = s.rest[end:]
	return word
}

func (s *scanner) char() byte {
	s.skipBlanks()
	if s.rest == "" {
		return 0
	}
	c := s.rest[0]
	s.rest = s.rest[1:]
	return c
}

// number reads an unsigned number the way scanf does: a sign is allowed, and what is too large keeps its low 32 bits.
func (s *scanner) number() (value uint32, ok bool) {
	s.skipBlanks()
	negative := strings.HasPrefix(s.rest, "-")
	if negative || strings.HasPrefix(s.rest, "+") {
		s.rest = s.rest[1:]
	}
	var wide uint64
	digits := 0
	for digits < len(s.rest) && s.rest[digits] >= '0' && s.rest[digits] <= '9' {
		wide = saturatingDecimal(wide, s.rest[digits])
		digits++
	}
	s.rest = s.rest[digits:]
	if negative && wide != saturated {
		wide = -wide
	}
	return uint32(wide), digits > 0
}

const saturated = ^uint64(0)

func saturatingDecimal(value uint64, digit byte) uint64 {
	d := uint64(digit - '0')
	if value > (saturated-d)/10 {
		return saturated
	}
	return value*10 + d
}
