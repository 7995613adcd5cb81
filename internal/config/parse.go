package config

import (
	"slices"
	"strings"
)

// maxEntries is how many lines of all files count, and maxNames how many names of softdep and weakdep lines, about: each takes far more memory than
// the bytes it has in a file. The lists of all modules of a kernel together have some hundreds.
const (
	maxEntries = 100_000
	maxNames   = 1 << 20
)

// taken is how much of some files was taken in.
type taken struct{ entries, names int }

// parse takes in all lines of a file, as long as not too much was taken in.
func (c *Config) parse(file source, text string, taken *taken) {
	l := lines{rest: text}
	problems := lineProblems{file: file.path}
	for line, ok := l.meaningful(); ok; line, ok = l.meaningful() {
		if taken.entries++; taken.entries > maxEntries || taken.names > maxNames {
			c.Problems = append(c.Problems, Problem{Kind: TooMany, Where: Where{file.path, l.number}})
			break
		}
		s := statement{Where: Where{File: file.path, Line: l.number}, file: file, taken: taken}
		s.command, s.rest = cutWord(line)
		if kind := c.obey(&s); kind != 0 {
			c.Problems = problems.add(c.Problems, l.number, kind, s.command)
		}
	}
	c.Problems = problems.rest(c.Problems)
}

// statement is one logical line.
type statement struct {
	Where
	file          source
	taken         *taken
	command, rest string
}

// obey takes in one statement, or tells what kind of problem it is.
func (c *Config) obey(s *statement) Kind {
	switch {
	case s.command == "include", s.command == "config":
		return DeprecatedCommand
	case !s.file.mayOrder(s.command), !c.takeIn(s):
		return BadLine
	}
	return 0
}

// takeIn is false for a command that is unknown or whose arguments make no sense.
func (c *Config) takeIn(s *statement) (ok bool) {
	switch s.command {
	case "alias":
		ok = c.alias(s)
	case "blacklist":
		ok = c.blacklist(s)
	case "options":
		ok = c.options(s)
	case "install":
		c.Installs, ok = appendCommand(c.Installs, s)
	case "remove":
		c.Removes, ok = appendCommand(c.Removes, s)
	case "softdep":
		ok = c.softdep(s)
	case "weakdep":
		ok = c.weakdep(s)
	}
	return ok
}

func (c *Config) alias(s *statement) bool {
	pattern, rest := cutWord(s.rest)
	target, _ := cutWord(rest)
	pattern, patternOK := normalised(pattern)
	target, targetOK := normalised(target)
	if !patternOK || !targetOK || target == "" {
		return false
	}
	c.Aliases = append(c.Aliases, Alias{pattern, target, s.Where})
	return true
}

func (c *Config) blacklist(s *statement) bool {
	name, _ := cutWord(s.rest)
	name, ok := normalised(name)
	if !ok || name == "" {
		return false
	}
	c.Blacklist = append(c.Blacklist, Blacklist{name, s.Where})
	return true
}

func (c *Config) options(s *statement) bool {
	key, text, ok := s.keyed()
	if ok {
		c.Options = append(c.Options, newOptions(key, text, s.Where))
	}
	return ok
}

func newOptions(key, text string, where Where) Options {
	return Options{key, strings.ReplaceAll(text, "\t", " "), where}
}

func appendCommand(commands []Command, s *statement) ([]Command, bool) {
	key, command, ok := s.keyed()
	if ok {
		commands = append(commands, Command{key, command, s.Where})
	}
	return commands, ok
}

// softdep has lists of just the length they need: there may be millions of names.
func (c *Config) softdep(s *statement) bool {
	key, text, ok := s.keyed()
	if !ok {
		return false
	}
	var pre, post int
	eachSoftdep(text, func(string) { pre++ }, func(string) { post++ })
	s.taken.names += pre + post
	softdep := Softdep{Key: key, Pre: slices.Grow([]string(nil), pre), Post: slices.Grow([]string(nil), post), FromModules: s.file.ofModules, Where: s.Where}
	eachSoftdep(text, func(name string) { softdep.Pre = append(softdep.Pre, name) }, func(name string) { softdep.Post = append(softdep.Post, name) })
	c.Softdeps = append(c.Softdeps, softdep)
	return true
}

// eachSoftdep leaves out the names before the first marker, as C kmod does.
func eachSoftdep(text string, pre, post func(name string)) {
	list := func(string) {}
	for word := range strings.FieldsFuncSeq(text, isSpace) {
		switch word {
		case "pre:":
			list = pre
		case "post:":
			list = post
		default:
			list(word)
		}
	}
}

func (c *Config) weakdep(s *statement) bool {
	key, text, ok := s.keyed()
	if !ok {
		return false
	}
	names := 0
	for range strings.FieldsFuncSeq(text, isSpace) {
		names++
	}
	s.taken.names += names
	weakdep := Weakdep{Key: key, Deps: slices.Grow([]string(nil), names), FromModules: s.file.ofModules, Where: s.Where}
	for name := range strings.FieldsFuncSeq(text, isSpace) {
		weakdep.Deps = append(weakdep.Deps, name)
	}
	c.Weakdeps = append(c.Weakdeps, weakdep)
	return true
}

// keyed gives the first argument, normalised, and all that stands after the blank behind it, of which there must be some.
func (s *statement) keyed() (key, text string, ok bool) {
	key, text = cutWord(s.rest)
	key, ok = normalised(key)
	return key, text, ok && text != ""
}

// isSpace is isspace(3) in C, which separates the names of softdep and weakdep and the words of the kernel command line. The
// rest of a file knows only blanks.
func isSpace(r rune) bool { return r == ' ' || '\t' <= r && r <= '\r' }
