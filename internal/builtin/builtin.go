// Package builtin reads modules.builtin.modinfo, in which the kernel's build leaves what the built-in modules say of
// themselves: records such as "ext4.license=GPL", each ended by a NUL, those of one module behind each other. Modules have
// underscores in their names here. The kernel's Documentation/kbuild/kbuild.rst tells of the file.
package builtin

import (
	"errors"
	"iter"
	"strconv"
	"strings"
	"syscall"

	"gomod/internal/textfile"
)

// Limit is the size of the largest file that is read, in bytes; a distribution's kernel has 60 to 200 thousand.
const Limit = 8 << 20

// maxRecords is how many records of one module are read. No module of Linux 6.1 or 6.12 has more than 43 there.
const maxRecords = 1 << 17

// File is a whole modules.builtin.modinfo.
type File struct{ path, text string }

// Read reads the file at path, of at most Limit bytes. Every error is one of textfile.Read.
func Read(path string) (*File, error) {
	data, err := textfile.Read(path, Limit)
	if err != nil {
		return nil, err
	}
	return &File{path, string(data)}, nil
}

// Parse is Read for the bytes of a file. Its errors name no path.
func Parse(data []byte) *File { return &File{"", string(data)} }

// Modinfo reads the file at path and gives File.Modinfo.
func Modinfo(path, name string) ([]string, error) {
	file, err := Read(path)
	if err != nil {
		return nil, err
	}
	return file.Modinfo(name)
}

// Modinfo gives the records of the module, such as "license=GPL", in their order. They are the first run of records that
// begin with its name and a dot; others further on do not count. A module without any has no records, and that is no error.
//
// A *RecordError is a record without a dot before the end of the run, one of the module with nothing behind the dot, or one
// after maxRecords. What lacks an equals sign is given as it is.
func (f *File) Modinfo(name string) ([]string, error) {
	var records []string
	for offset, record := range f.records() {
		module, field, dot := strings.Cut(record, ".")
		switch {
		case !dot:
			return nil, f.bad(offset, ErrNoModule, record)
		case module == name && field == "":
			return nil, f.bad(offset, ErrNoKey, record)
		case module == name && len(records) == maxRecords:
			return nil, f.bad(offset, ErrTooMany, record)
		case module == name:
			records = append(records, field)
		case records != nil:
			return records, nil
		}
	}
	return records, nil
}

// Record is one of the file's, taken apart: MODULE.KEY=VALUE.
type Record struct{ Module, Key, Value string }

// Records goes through the whole file. A record that is not of that form comes as a *RecordError in its place, behind which
// the others still come.
func (f *File) Records() iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for offset, record := range f.records() {
			r, reason := split(record)
			var err error
			if reason != nil {
				err = f.bad(offset, reason, record)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func split(record string) (Record, error) {
	module, field, dot := strings.Cut(record, ".")
	key, value, equals := strings.Cut(field, "=")
	switch {
	case !dot:
		return Record{}, ErrNoModule
	case field == "":
		return Record{}, ErrNoKey
	case !equals:
		return Record{}, ErrNoValue
	}
	return Record{module, key, value}, nil
}

// records gives each record with its offset; the last one needs no NUL.
func (f *File) records() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for offset := 0; offset < len(f.text); {
			record, _, _ := strings.Cut(f.text[offset:], "\x00")
			if !yield(offset, record) {
				return
			}
			offset += len(record) + 1
		}
	}
}

// What can be wrong with a record.
var (
	ErrNoModule = errors.New("record without a module's name and a dot")
	ErrNoKey    = errors.New("record with nothing behind the module's name")
	ErrNoValue  = errors.New("record without an equals sign")
	ErrTooMany  = errors.New("module with more records than " + strconv.Itoa(maxRecords))
)

// RecordError is a record that makes no sense. It unwraps to its reason and to EINVAL.
type RecordError struct {
	Path string
	// Offset of the record in the file, in bytes.
	Offset int
	// Reason is ErrNoModule, ErrNoKey, ErrNoValue or ErrTooMany.
	Reason error
	Record string
}

func (f *File) bad(offset int, reason error, record string) error {
	return &RecordError{f.path, offset, reason, record}
}

func (e *RecordError) Error() string {
	text := "offset " + strconv.Itoa(e.Offset) + ": " + e.Reason.Error() + ": " + strconv.Quote(shortened(e.Record))
	if e.Path == "" {
		return text
	}
	return e.Path + ": " + text
}

// shortened keeps a file that is something else altogether from filling the screen.
func shortened(record string) string {
	const most = 200
	if len(record) <= most {
		return record
	}
	return record[:most] + "..."
}

// Unwrap gives the reason and syscall.EINVAL.
func (e *RecordError) Unwrap() []error { return []error{e.Reason, syscall.EINVAL} }
