package config

import "strconv"

// Kind says what a Problem is.
type Kind int

const (
	// BadLine is a line with an unknown command, Word, or one whose arguments make no sense. In a file of depmod any command is
	// unknown but the file's own.
	BadLine Kind = iota + 1
	// DeprecatedCommand is `include` or `config`, Word, which were followed once.
	DeprecatedCommand
	// BadCmdlineName is a module name, Word, on the kernel command line with a bracket that lacks its other half.
	BadCmdlineName
	// UnreadableFolder is a folder that exists and cannot be read, because of Err.
	UnreadableFolder
	// LostEntry is an entry of a folder that cannot be looked at, such as a link to nowhere.
	LostEntry
	// NestedFolder is a folder within a folder.
	NestedFolder
	// OtherName is an entry of a folder whose name does not end in .conf. Only depmod tells of it, and not as an error.
	OtherName
	// NotRegular is a file that is not read because it is a Word: C kmod would wait for it, or read it for ever.
	NotRegular
	// ReadFailed is a file that could not be opened or not read to its end, or a folder not to its end, because of Err. What was read counts.
	ReadFailed
	// TooLarge is a file that is not read because it has more bytes than the number Word.
	TooLarge
	// TooMuch is a file that is not read because all of the configuration would have more bytes than the number Word.
	TooMuch
	// TooMany is a line that does not count, nor does any behind it, because there were more than 100,000, or a million names, before.
	TooMany
	// NotImplemented is a line of depmod.d with a command, Word, that was never given a meaning.
	NotImplemented
)

// Problem is something in the configuration that does not count because it makes no sense or cannot be read.
type Problem struct {
	Kind Kind
	// Where is a line, or a file or folder as a whole, with Line 0.
	Where Where
	Word  string
	// Err has the errno of a system call that failed.
	Err error
	// More is how many lines of the file have the same Kind and have no Problem of their own, for there are too many; else 0.
	More int
}

// Error is C kmod's text, but with Go's words for Err; Text takes others.
func (p Problem) Error() string { return p.Text(error.Error) }

// Unwrap returns Err.
func (p Problem) Unwrap() error { return p.Err }

// Text is what C kmod prints after its function's name; strerror words Err.
func (p Problem) Text(strerror func(error) string) string {
	file := p.Where.File
	if p.More > 0 {
		return file + ": and " + strconv.Itoa(p.More) + " more lines like these"
	}
	switch p.Kind {
	case BadLine:
		return file + " line " + strconv.Itoa(p.Where.Line) + ": ignoring bad line starting with '" + p.Word + "'"
	case DeprecatedCommand:
		return file + ": command " + p.Word + " is deprecated and not parsed anymore"
	case BadCmdlineName:
		return "Ignoring bad option on kernel command line while parsing module name: '" + p.Word + "'"
	case UnreadableFolder:
		return "opendir(" + file + "): " + strerror(p.Err)
	case LostEntry:
		return "Cannot stat directory entry: " + file
	case NestedFolder:
		return "Directories inside directories are not supported: " + file
	case NotImplemented:
		return file + ":" + strconv.Itoa(p.Where.Line) + ": command " + p.Word + " not implemented yet"
	case OtherName:
		return "All cfg files need .conf: " + file
	case NotRegular:
		return "ignoring " + file + ": it is a " + p.Word + ", not a regular file"
	case TooMuch:
		return "ignoring " + file + ": with it the configuration has more than " + p.Word + " bytes"
	case TooMany:
		return file + " line " + strconv.Itoa(p.Where.Line) + ": ignoring the rest: the configuration has more than " + strconv.Itoa(maxEntries) + " lines, or " +
			strconv.Itoa(maxNames) + " names in them"
	case ReadFailed:
		return "could not read '" + file + "': " + strerror(p.Err)
	}
	return "ignoring " + file + ": it has more than " + p.Word + " bytes"
}

// mostPerFile is how many lines of one kind a file may have that are told one by one: a file of nonsense has millions.
const mostPerFile = 20

// lineProblems are those of the lines of one file.
type lineProblems struct {
	file string
	met  [NotImplemented + 1]int
}

// add appends a problem to a list, unless there are enough of its kind.
func (l *lineProblems) add(list []Problem, line int, kind Kind, word string) []Problem {
	if l.met[kind]++; l.met[kind] > mostPerFile {
		return list
	}
	return append(list, Problem{Kind: kind, Where: Where{l.file, line}, Word: word})
}

// rest appends how many were not added.
func (l *lineProblems) rest(list []Problem) []Problem {
	for kind, met := range l.met {
		if met > mostPerFile {
			list = append(list, Problem{Kind: Kind(kind), Where: Where{File: l.file}, More: met - mostPerFile})
		}
	}
	return list
}
