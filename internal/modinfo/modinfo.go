// Package modinfo gathers what a module says of itself: the strings of .modinfo, its build-id and its signature.
package modinfo

import (
	"strings"

	"gomod/internal/builtin"
	"gomod/internal/elfinfo"
	"gomod/internal/kofile"
)

// Info is a module's own description.
type Info struct {
	// Fields are the strings of .modinfo in their order, parameters included.
	Fields []elfinfo.Field
	// BuildID is empty where the module has none.
	BuildID []byte
	// Signature is nil for a module that is not signed, and for every built-in one.
	Signature *elfinfo.Signature
}

// OfFile reads a module's file, decompressing at most limit bytes. An error names the file.
func OfFile(path string, limit int64) (*Info, error) {
	file, err := kofile.Open(path, limit)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	image, err := file.Image()
	if err != nil {
		return nil, err
	}
	info, err := ofImage(image)
	if err != nil {
		return nil, &ContentError{path, err}
	}
	return info, nil
}

// ContentError is a file whose content is no module, or a damaged one.
type ContentError struct {
	Path string
	Err  error
}

func (e *ContentError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap gives what is wrong.
func (e *ContentError) Unwrap() error { return e.Err }

func ofImage(image elfinfo.Image) (*Info, error) {
	elf, err := elfinfo.Parse(image)
	if err != nil {
		return nil, err
	}
	var info Info
	if info.Fields, err = elf.Modinfo(); err != nil {
		return nil, err
	}
	// A build-id that makes no sense is left out, as kmod does; the module loads all the same.
	info.BuildID, _ = elf.BuildID()
	signature, signed, err := elfinfo.ReadSignature(image)
	if err != nil {
		return nil, err
	}
	if signed {
		info.Signature = signature
	}
	return &info, nil
}

// OfBuiltin reads what the kernel's modules.builtin.modinfo at path says of a built-in module.
func OfBuiltin(path, name string) (*Info, error) {
	records, err := builtin.Modinfo(path, name)
	if err != nil {
		return nil, err
	}
	info := &Info{Fields: make([]elfinfo.Field, 0, len(records))}
	for _, record := range records {
		key, value, _ := strings.Cut(record, "=")
		info.Fields = append(info.Fields, elfinfo.Field{Key: key, Value: value})
	}
	return info, nil
}
