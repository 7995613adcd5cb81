package config

import (
	"slices"
	"strconv"
	"strings"
)

// Exposure is where others than root may change what a path leads to. Where anyone may, what stands there must order no command.
type Exposure struct {
	Kind ExposureKind
	// Path is the file or folder in question itself, not a link to it; of an OthersEntry it may be a link.
	Path string
	// ID is the number of the user of an OwnedFile or OwnedFolder, and of the group of a GroupFile or GroupFolder.
	ID uint32
	// Err is of an Unseen.
	Err error
}

// ExposureKind says what an Exposure is.
type ExposureKind int

const (
	// WritableFile is a file that anyone may write.
	WritableFile ExposureKind = iota + 1
	// WritableFolder is a folder in which anyone may put something else in the place of what is there.
	WritableFolder
	// OthersEntry lies in a folder with the sticky bit, such as /tmp, and is neither root's nor the caller's: anyone could have made it first.
	OthersEntry
	// Unseen cannot be looked at, because of Err.
	Unseen
	// OwnedFile and OwnedFolder belong to a user who is neither root nor the caller.
	OwnedFile
	OwnedFolder
	// GroupFile and GroupFolder may be written by a group that is neither root's nor the caller's own.
	GroupFile
	GroupFolder
)

func (e Exposure) Error() string {
	id := strconv.FormatUint(uint64(e.ID), 10)
	switch e.Kind {
	case OwnedFile:
		return "user " + id + ", its owner, may write " + e.Path
	case OwnedFolder:
		return "user " + id + ", its owner, may write the folder " + e.Path
	case GroupFile:
		return "group " + id + " may write " + e.Path
	case GroupFolder:
		return "group " + id + " may write the folder " + e.Path
	case WritableFile:
		return "anyone may write " + e.Path
	case WritableFolder:
		return "anyone may write the folder " + e.Path
	case OthersEntry:
		return "another user has made " + e.Path + " where anyone may make files"
	}
	return e.Path + " cannot be looked at: " + e.Err.Error()
}

// Unwrap returns Err.
func (e Exposure) Unwrap() error { return e.Err }

// Exposures are the places where others than root and the caller may change what sources say, also by adding a file; each place once, and one for
// each file, that of anyone first. Only what exists counts.
func Exposures(sources Sources) []Exposure {
	paths := slices.Clone(sources.Paths)
	m := sources.merger()
	for _, file := range m.merged() {
		paths = append(paths, file.path)
	}
	var found []Exposure
	for _, path := range paths {
		e := Exposed(path)
		if e == nil {
			e = entrusted(path)
		}
		if e != nil && e.Kind != Unseen && !slices.Contains(found, *e) {
			found = append(found, *e)
		}
	}
	return found
}

// OptionsWord stands in a command for the module's options.
const OptionsWord = "$CMDLINE_OPTS"

// Refusal is why a command must not be run: anyone may have written its line, or one with options that would be put into it.
type Refusal struct {
	Exposure
	// Where is that line, OfOptions that it is one of options.
	Where     Where
	OfOptions bool
}

func (r *Refusal) Error() string {
	text := r.Exposure.Error()
	if r.Kind == WritableFile && r.Path == r.Where.File {
		text = "anyone may write that file"
	}
	if r.OfOptions {
		return "it takes in the options of " + r.Where.File + ":" + strconv.Itoa(r.Where.Line) + ", and " + text
	}
	return text
}

// Refusal looks at the files that a command, and options that may be put into it, come from. It is nil where none of them is exposed.
func (c Command) Refusal(options []Options) *Refusal {
	if e := Exposed(c.File); e != nil {
		return &Refusal{*e, c.Where, false}
	}
	if !strings.Contains(c.Command, OptionsWord) {
		return nil
	}
	seen := ""
	for _, o := range options {
		if o.File == CmdlineFile || o.File == seen { // the former is the boot loader's
			continue
		}
		seen = o.File
		if e := Exposed(o.File); e != nil {
			return &Refusal{*e, o.Where, true}
		}
	}
	return nil
}
