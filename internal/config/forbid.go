package config

import (
	"path/filepath"
	"slices"
	"strings"
)

// ForbiddenFile is the file of modprobe.d in which modules are forbidden for good, each by three lines that every program with libkmod
// obeys:
//
//	# pcspkr: the beep is not wanted here
//	blacklist pcspkr
//	install pcspkr /bin/false
const ForbiddenFile = "gomod-forbid.conf"

// Denial is the command in place of a forbidden module: it does nothing and fails.
const Denial = "/bin/false"

// Forbidden is the line of ForbiddenFile that forbids a module.
func (c *Config) Forbidden(name string) (Command, bool) {
	for _, command := range c.Installs {
		if command.Key == name && strings.TrimSpace(command.Command) == Denial && filepath.Base(command.File) == ForbiddenFile {
			return command, true
		}
	}
	return Command{}, false
}

// Forbid puts a module into the content of a ForbiddenFile, in place of what it says of that module. The reason must not have a newline.
func Forbid(content, name, reason string) string {
	content, _ = Allow(content, name)
	if content != "" && !strings.HasSuffix(content, "\n") {
		content += "\n"
	}
	if strings.HasSuffix(reason, `\`) {
		// A backslash at the end would join the comment with the next line, in a comment too.
		reason += " "
	}
	return content + "# " + name + ": " + reason + "\nblacklist " + name + "\ninstall " + name + " " + Denial + "\n"
}

// Allow takes a module's lines out of the content of a ForbiddenFile; found tells whether there were any. Lines that somebody has written
// by hand may have other blanks, and dashes.
func Allow(content, name string) (rest string, found bool) {
	lines := slices.Collect(strings.Lines(content))
	kept := slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return forbids(line, name) })
	return strings.Join(kept, ""), len(kept) < len(lines)
}

// forbids tells whether a line is one of the three that forbid a module.
func forbids(line, name string) bool {
	if strings.HasPrefix(line, "# "+name+": ") {
		return true
	}
	words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\n", r) })
	if len(words) < 2 {
		return false
	}
	if key, ok := normalised(words[1]); !ok || key != name {
		return false
	}
	return words[0] == "blacklist" || words[0] == "install" && len(words) == 3 && words[2] == Denial
}

// ReasonAt is why a module is forbidden, from the comment in a ForbiddenFile; "" if it has none any more.
func ReasonAt(file, name string) string {
	content, err := ReadText(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(content) {
		if reason, found := strings.CutPrefix(line, "# "+name+": "); found {
			return strings.TrimRight(reason, " \n")
		}
	}
	return ""
}
