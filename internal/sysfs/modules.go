package sysfs

import (
	"strconv"
	"strings"
	"syscall"
)

// modulesLimit is some thirty times the largest /proc/modules that a distribution's kernel can have, in bytes.
const modulesLimit = 8 << 20

// Module is one line of /proc/modules. A line may end after any column.
type Module struct {
	Name string
	Size int64 // bytes in memory; -1 without this column

	// Refcnt is -1 while the module goes away, and when Unload is false.
	Refcnt int
	// Unload is false when the kernel cannot unload modules ("-" in the third column), or without this column.
	Unload bool
	// Users are the modules that use this one, newest first, each followed by a comma, as in "ext4,jbd2,"; a module that
	// cannot be unloaded has "[permanent]," at the end. "" is none.
	Users string

	State State // Unknown without this column, or with a text that is not known

	Address string // "0xffffffffc0a00000", all zero for who may not see it; "" without this column
	Taint   string // "(OE)"; "" if the module taints nothing
}

// Modules returns /proc/modules in its order, newest module first. Lines that make no sense are left out and told
// in an error of type LineErrors; the modules of the other lines are valid beside it. With any other error there are none.
func (s *FS) Modules() ([]Module, error) {
	modules, bad, err := s.readModules()
	if err == nil && len(bad) > 0 {
		err = bad
	}
	return modules, err
}

func (s *FS) readModules() ([]Module, LineErrors, error) {
	path := s.root + "/proc/modules"
	data, err := readFile(path, modulesLimit)
	if err != nil {
		return nil, nil, err
	}
	modules, bad := parseModules(path, string(data))
	return modules, bad, nil
}

// parseModules makes a Module or a LineError of every line. Their texts are parts of text.
func parseModules(file, text string) ([]Module, LineErrors) {
	modules := make([]Module, 0, strings.Count(text, "\n")+1)
	var bad LineErrors
	for number := 1; text != ""; number++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if m, ok := parseModule(line); ok {
			modules = append(modules, m)
		} else {
			bad = append(bad, LineError{File: file, Line: number, Text: line})
		}
	}
	return modules, bad
}

// parseModule parses one line, which the kernel writes as
//
//	mbcache 16384 1 ext4, Live 0xffffffffc08a0000
//	nvidia 40000000 2 nvidia_modeset,[permanent], Live 0xffffffffc1000000 (POE)
//	loop 32768 - - Loading 0x0000000000000000
func parseModule(line string) (m Module, ok bool) {
	m = Module{Size: -1, Refcnt: -1}
	m.Name, line = field(line)
	if !validName(m.Name) {
		return m, false
	}
	size, line := field(line)
	refcnt, line := field(line)
	users, line := field(line)
	state, line := field(line)
	m.Address, line = field(line)
	m.Taint, _ = field(line)

	if size != "" {
		n, err := strconv.ParseInt(size, 10, 64)
		if err != nil || n < 0 {
			return m, false
		}
		m.Size = n
	}
	if refcnt != "" && refcnt != "-" {
		n, err := strconv.Atoi(refcnt)
		if err != nil {
			return m, false
		}
		m.Refcnt, m.Unload = n, true
	}
	if users != "-" {
		m.Users = users
	}
	switch state {
	case "Live":
		m.State = Live
	case "Loading":
		m.State = Coming
	case "Unloading":
		m.State = Going
	}
	return m, true
}

// field cuts off the first word of a line, which blanks end.
func field(line string) (word, rest string) {
	start := 0
	for start < len(line) && isBlank(line[start]) {
		start++
	}
	end := start
	for end < len(line) && !isBlank(line[end]) {
		end++
	}
	return line[start:end], line[end:]
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// LineError is a line of File that makes no sense. syscall.EINVAL is in its chain.
type LineError struct {
	File string
	Line int    // from 1
	Text string // the whole line without its newline
}

func (e *LineError) Error() string {
	return "invalid line format at " + e.File + ":" + strconv.Itoa(e.Line) + ": " + quote(e.Text)
}

// Unwrap returns syscall.EINVAL.
func (e *LineError) Unwrap() error { return syscall.EINVAL }

// LineErrors are the lines of one file that make no sense, in the file's order; there is at least one.
// errors.As finds the first as a *LineError.
type LineErrors []LineError

func (e LineErrors) Error() string {
	text := e[0].Error()
	if len(e) > 1 {
		text += " (and " + strconv.Itoa(len(e)-1) + " more lines)"
	}
	return text
}

// Unwrap returns the first *LineError.
func (e LineErrors) Unwrap() error { return &e[0] }

// UserNames are the modules that use this one, newest first.
func (m *Module) UserNames() []string {
	var names []string
	for name := range strings.SplitSeq(m.Users, ",") {
		if name != "" && name != "[permanent]" {
			names = append(names, name)
		}
	}
	return names
}
