package elfinfo

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
)

func TestSamples(t *testing.T) {
	for _, kind := range kinds() {
		for _, s := range samples(kind) {
			t.Run(kind.String()+"/"+s.name, func(t *testing.T) {
				check(t, "modinfo", s.modinfo, s.image, func(f *File) (string, error) { return modinfoText(f.Modinfo()) })
				check(t, "exports", s.exports, s.image, func(f *File) (string, error) { return symbolText(f.Exports()) })
				check(t, "versions", s.versions, s.image, func(f *File) (string, error) { return symbolText(f.Versions()) })
			})
		}
	}
}

// check compares what a method of File gives with the expectation.
func check(t *testing.T, what string, want outcome, image []byte, method func(*File) (string, error)) {
	t.Helper()
	f, err := Parse(memory(image))
	var text string
	if err == nil {
		text, err = method(f)
	}
	if text != want.text {
		t.Errorf("%s: got %q, want %q", what, text, want.text)
	}
	if errno := errnoOf(t, err); errno != want.errno {
		t.Errorf("%s: got error %v, want %v", what, err, want.errno)
	}
}

// errnoOf gives the errno in a FormatError, 0 for no error.
func errnoOf(t *testing.T, err error) syscall.Errno {
	t.Helper()
	if err == nil {
		return 0
	}
	if _, ok := errors.AsType[*FormatError](err); !ok {
		t.Errorf("not a FormatError: %#v", err)
	}
	errno, ok := errors.AsType[syscall.Errno](err)
	if !ok {
		t.Errorf("no errno in %v", err)
	}
	if strings.ContainsAny(err.Error(), "\n") {
		t.Errorf("error has several lines: %q", err)
	}
	return errno
}

func modinfoText(fields []Field, err error) (string, error) {
	var text strings.Builder
	for _, f := range fields {
		fmt.Fprintf(&text, "%s=%s\n", f.Key, f.Value)
	}
	return text.String(), err
}

func symbolText(symbols []Symbol, err error) (string, error) {
	var text strings.Builder
	for _, s := range symbols {
		fmt.Fprintf(&text, "%08x %s\n", s.CRC, s.Name)
	}
	return text.String(), err
}

// TestModinfoLimits has a module just within each limit and one just beyond; a kilobyte of xz can hold the like.
func TestModinfoLimits(t *testing.T) {
	for _, kind := range kinds() {
		for _, test := range []struct {
			data  string
			count int
			errno syscall.Errno
		}{
			{strings.Repeat("a\x00", maxFields), maxFields, 0},
			{strings.Repeat("a\x00\x00", maxFields), maxFields, 0},
			{strings.Repeat("a\x00", maxFields) + "a", 0, syscall.EFBIG},
			{strings.Repeat("\x00", maxModinfoBytes), 0, 0},
			{strings.Repeat("a", maxModinfoBytes), 1, 0},
			{strings.Repeat("a", maxModinfoBytes) + "\x00", 0, syscall.EFBIG},
		} {
			f, err := Parse(memory(kind.with(testSection{name: ".modinfo", data: test.data}).build()))
			if err != nil {
				t.Fatal(err)
			}
			fields, err := f.Modinfo()
			if len(fields) != test.count || cap(fields) > maxFields || errnoOf(t, err) != test.errno {
				t.Errorf("%.3q, %d bytes: %d strings, %v", test.data, len(test.data), len(fields), err)
			}
		}
	}
}
