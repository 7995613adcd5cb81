package faults

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gomod/internal/index"
)

// lineOf is the form of the lines that depmod writes into a list.
var lineOf = map[string]*regexp.Regexp{
	"modules.dep":     regexp.MustCompile(`^\S+\.ko(\.\w+)?:( \S+\.ko(\.\w+)?)*\n$`),
	"modules.alias":   regexp.MustCompile(`^(# .*|alias \S+ \w+)\n$`),
	"modules.symbols": regexp.MustCompile(`^(# .*|alias symbol:\S+ \w+)\n$`),
	"modules.softdep": regexp.MustCompile(`^(# .*|softdep \w+ (pre|post):.*)\n$`),
	"modules.weakdep": regexp.MustCompile(`^(# .*|weakdep \w+ .*)\n$`),
	"modules.devname": regexp.MustCompile(`^(# .*|\w+ \S+ [bc]\d+:\d+)\n$`),
}

// broken tells of indexes and lists of a release that are not whole: an index that cannot be read to its end, a list with part of a line,
// an index that has other entries than the list beside it.
func broken(release string, state map[string]string) (problems []string) {
	problem := func(name, format string, args ...any) {
		problems = append(problems, name+" "+fmt.Sprintf(format, args...))
	}
	folder := "lib/modules/" + release + "/"
	for name, form := range lineOf {
		content, there := state[folder+name]
		if !there {
			problem(name, "is missing")
		}
		for line := range strings.Lines(content) {
			if !form.MatchString(line) {
				problem(name, "has the line %q", line)
			}
		}
	}
	for _, name := range []string{"modules.dep", "modules.alias", "modules.symbols"} {
		indexed, err := entries(state[folder+name+".bin"])
		if err != nil {
			problem(name+".bin", "cannot be read: %v", err)
		} else if listed := listed(state[folder+name]); !slices.Equal(indexed, listed) {
			problem(name+".bin", "has the entries %q, and the list %q", indexed, listed)
		}
	}
	for _, name := range []string{"modules.builtin.bin", "modules.builtin.alias.bin"} {
		// Where the list of what is built in cannot be read, there is nothing in them, not even a head.
		if content := state[folder+name]; content != "" {
			if _, err := entries(content); err != nil {
				problem(name, "cannot be read: %v", err)
			}
		}
	}
	return problems
}

// listed are the entries of a list: a module's name and its line of modules.dep, or a pattern and the module that has it.
func listed(content string) []string {
	set := make(map[string]bool)
	for line := range strings.Lines(content) {
		line = strings.TrimSuffix(line, "\n")
		path, _, isDep := strings.Cut(line, ":")
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "#"):
		case words[0] == "alias":
			set[plain(strings.Join(words[1:], " "))] = true
		case isDep:
			name, _, _ := strings.Cut(path[strings.LastIndex(path, "/")+1:], ".ko")
			set[plain(name+" "+line)] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// plain has a name's dashes as an index has them, where it is a name or not: both sides are compared so.
func plain(entry string) string { return strings.ReplaceAll(entry, "-", "_") }

// entries are those of an index, each as a key and a value.
func entries(content string) ([]string, error) {
	x, err := index.Parse([]byte(content))
	if err != nil {
		return nil, err
	}
	set := make(map[string]bool)
	err = x.All(func(key []byte, values []index.Value) bool {
		for _, value := range values {
			set[plain(string(key)+" "+value.Text)] = true
		}
		return true
	})
	return slices.Sorted(maps.Keys(set)), err
}
