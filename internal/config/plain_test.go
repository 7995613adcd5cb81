package config

import (
	"regexp"
	"strings"
	"testing"
)

// The plain way to read configuration: an expression for each rule of the format, letter by letter for the kernel command line, with no bound
// and any number of copies. The fuzz targets hold the parsers against it.

var (
	plainLine    = regexp.MustCompile(`(?s)^((?:[^\\\n]|\\.)*)\\?(?:\n|$)`)
	plainEscaped = regexp.MustCompile(`(?s)\\.`)
	plainBlanks  = regexp.MustCompile(`[ \t]+`)
	plainName    = regexp.MustCompile(`^[^ \t]+[ \t]+([^ \t]+)`)
	plainPair    = regexp.MustCompile(`^[^ \t]+[ \t]+([^ \t]+)[ \t]+([^ \t]+)`)
	// plainKeyed has a key and what follows the one blank behind it.
	plainKeyed    = regexp.MustCompile(`(?s)^[^ \t]+[ \t]+([^ \t]+)[ \t](.+)$`)
	plainBrackets = regexp.MustCompile(`^(?:[^\[\]]|\[[^\]]*\])*`)
	plainDash     = regexp.MustCompile(`\[[^\]]*\]|-`)
)

// plainStatement is a logical line that says something.
type plainStatement struct {
	text, command string
	// number is that of its last physical line.
	number int
}

// plainStatements leaves out comments and what is empty. A backslash goes, with a newline behind it, and a NUL ends the line.
func plainStatements(text string) []plainStatement {
	var all []plainStatement
	for number := 0; text != ""; {
		found := plainLine.FindStringSubmatch(text)
		text = text[len(found[0]):]
		number += 1 + strings.Count(found[1], "\n")
		line := plainEscaped.ReplaceAllStringFunc(found[1], func(pair string) string { return strings.TrimSuffix(pair[1:], "\n") })
		line, _, _ = strings.Cut(line, "\x00")
		// D15: a comment may be indented.
		if line = strings.TrimLeft(line, " \t"); line != "" && line[0] != '#' {
			all = append(all, plainStatement{line, plainBlanks.Split(line, 2)[0], number})
		}
	}
	return all
}

// plainNormalised makes underscores of the dashes outside of brackets, up to a bracket without its other half.
func plainNormalised(key string) (text string, ok bool) {
	paired := plainBrackets.FindString(key)
	rest := key[len(paired):]
	text = plainDash.ReplaceAllStringFunc(paired, func(part string) string {
		if part == "-" {
			return "_"
		}
		return part
	})
	return text + rest, rest == ""
}

// plainWords are parted by what isspace(3) takes for white space.
func plainWords(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n\v\f\r", r) })
}

// plainProblems are told one by one up to twenty of a kind; of the others only their number is.
func plainProblems(all []Problem) []Problem {
	met := make(map[Kind]int)
	var told []Problem
	for _, p := range all {
		if met[p.Kind]++; met[p.Kind] <= 20 {
			told = append(told, p)
		}
	}
	for kind := BadLine; kind <= NotImplemented; kind++ {
		if met[kind] > 20 {
			told = append(told, Problem{Kind: kind, Where: Where{File: "a.conf"}, More: met[kind] - 20})
		}
	}
	return told
}

// plainConfig reads a.conf. Where only is not empty it is one of depmod's files, which has no other command.
func plainConfig(text, only string) *Config {
	c := &Config{}
	var problems []Problem
	for _, s := range plainStatements(text) {
		where := Where{"a.conf", s.number}
		switch {
		case s.command == "include" || s.command == "config":
			problems = append(problems, Problem{Kind: DeprecatedCommand, Where: where, Word: s.command})
		case only != "" && s.command != only || !c.plainly(s, where, only != ""):
			problems = append(problems, Problem{Kind: BadLine, Where: where, Word: s.command})
		}
	}
	c.Problems = plainProblems(problems)
	return c
}

// plainly takes in a statement; false for one that makes no sense.
func (c *Config) plainly(s plainStatement, where Where, ofModules bool) bool {
	form := map[string]*regexp.Regexp{"alias": plainPair, "blacklist": plainName}[s.command]
	if form == nil {
		form = plainKeyed
	}
	found := form.FindStringSubmatch(s.text)
	if found == nil {
		return false
	}
	key, ok := plainNormalised(found[1])
	if !ok {
		return false
	}
	text := found[len(found)-1]
	switch s.command {
	case "alias":
		target, ok := plainNormalised(text)
		if !ok {
			return false
		}
		c.Aliases = append(c.Aliases, Alias{key, target, where})
	case "blacklist":
		c.Blacklist = append(c.Blacklist, Blacklist{key, where})
	case "options":
		c.Options = append(c.Options, Options{key, strings.ReplaceAll(text, "\t", " "), where})
	case "install":
		c.Installs = append(c.Installs, Command{key, text, where})
	case "remove":
		c.Removes = append(c.Removes, Command{key, text, where})
	case "softdep":
		pre, post := plainSoftdep(text)
		c.Softdeps = append(c.Softdeps, Softdep{key, pre, post, ofModules, where})
	case "weakdep":
		c.Weakdeps = append(c.Weakdeps, Weakdep{key, append([]string(nil), plainWords(text)...), ofModules, where})
	default:
		return false
	}
	return true
}

// plainSoftdep gives the names behind each marker; those before the first do not count.
func plainSoftdep(text string) (pre, post []string) {
	lists := map[string][]string{}
	marker := ""
	for _, word := range plainWords(text) {
		if word == "pre:" || word == "post:" {
			marker = word
			continue
		}
		lists[marker] = append(lists[marker], word)
	}
	return lists["pre:"], lists["post:"]
}

// plainDepmod reads a.conf of depmod.d.
func plainDepmod(text string) *Depmod {
	c := &Depmod{}
	var problems []Problem
	for _, s := range plainStatements(text) {
		words := plainBlanks.Split(strings.TrimRight(s.text, " \t"), -1)[1:]
		where := Where{"a.conf", s.number}
		kind := Kind(0)
		switch s.command {
		case "search":
			c.Search = append(c.Search, words...)
		case "exclude":
			c.Exclude = append(c.Exclude, words...)
		case "override":
			if kind = BadLine; len(words) >= 3 {
				c.Overrides, kind = append(c.Overrides, Override{Module: words[0], Release: words[1], Folder: words[2], Where: where}), 0
			}
		case "external":
			if kind = BadLine; len(words) >= 2 {
				c.Externals, kind = append(c.Externals, External{Release: words[0], Folder: words[1], Where: where}), 0
			}
		case "include", "make_map_files":
			kind = NotImplemented
		default:
			kind = BadLine
		}
		if kind != 0 {
			problems = append(problems, Problem{Kind: kind, Where: where, Word: s.command})
		}
	}
	c.Problems = plainProblems(problems)
	return c
}

// plainCmdline goes through the kernel command line letter by letter, as C kmod does. It is in a module's name, in a parameter's name, in its
// value, or in a word that says nothing to modules.
func plainCmdline(cmdline string) *Config {
	c := &Config{}
	var module, parameter, value string
	const inModule, inParameter, inValue, inOther = 0, 1, 2, 3
	state, first, quoted := inModule, true, false
	for _, b := range []byte(strings.Split(cmdline, "\x00")[0] + " ") {
		letter, space := string([]byte{b}), strings.IndexByte(" \t\n\v\f\r", b) >= 0
		if space && !quoted {
			switch state {
			case inParameter:
				c.plainParameter(module, parameter, "", false)
			case inValue:
				c.plainParameter(module, parameter, value, true)
			}
			module, parameter, value, state, first = "", "", "", inModule, true
			continue
		}
		if b == '"' {
			quoted = !quoted
		}
		switch {
		case state == inValue:
			value += letter
		case state == inOther:
		case b == '"' && first:
			value = letter // it is put around the value
		case b == '"' || space || b == '=' && state == inModule || b == '.' && state == inParameter:
			state = inOther
		case b == '.':
			state = inParameter
		case b == '=':
			state = inValue
		case state == inModule:
			module += letter
		default:
			parameter += letter
		}
		first = false
	}
	return c
}

func (c *Config) plainParameter(module, parameter, value string, hasValue bool) {
	where := Where{File: CmdlineFile}
	key := func(name string) (string, bool) {
		name, ok := plainNormalised(name)
		if !ok {
			c.Problems = append(c.Problems, Problem{Kind: BadCmdlineName, Where: where, Word: name})
		}
		return name, ok
	}
	if module == "modprobe" && parameter == "blacklist" && hasValue {
		for _, name := range strings.Split(value, ",") {
			// D17: such a name is normalised, and none of no letters.
			if name, ok := key(name); ok && name != "" {
				c.Blacklist = append(c.Blacklist, Blacklist{name, where})
			}
		}
		return
	}
	if hasValue {
		parameter += "=" + value
	}
	if name, ok := key(module); ok {
		c.Options = append(c.Options, Options{name, strings.ReplaceAll(parameter, "\t", " "), where})
	}
}

// TestPlain sees to it that the plain way reads something.
func TestPlain(t *testing.T) {
	expect(t, plainConfig("alias a-[b-] c\\\n-d\nblacklist e-f g\n # no\noptions h  i\tj\nsoftdep k x pre: l post: m\nbad", ""),
		[]string{"blacklist e_f", "alias a_[b-] c_d", "options h  i j", "softdep k pre: l post: m"},
		[]string{"a.conf line 7: ignoring bad line starting with 'bad'"})
	expect(t, plainCmdline(`quiet "a-b.c=d e" modprobe.blacklist=f-g,,h i.j "k`),
		[]string{"blacklist f_g", "blacklist h", `options a_b c="d e"`, "options i j"}, nil)
	expect(t, &Config{Problems: plainDepmod("search a\nexternal b").Problems}, nil,
		[]string{"a.conf line 2: ignoring bad line starting with 'external'"})
}
