package config

import (
	"os"
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

// denial is a command that does nothing and fails.
const denial = "/bin/false"

// Forbidden is the line of ForbiddenFile that forbids a module.
func (c *Config) Forbidden(name string) (Command, bool) {
	for _, command := range c.Installs {
		if command.Key == name && command.Command == denial && filepath.Base(command.File) == ForbiddenFile {
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
	return content + "# " + name + ": " + reason + "\nblacklist " + name + "\ninstall " + name + " " + denial + "\n"
}

// Allow takes a module's lines out of the content of a ForbiddenFile; found tells whether there were any.
func Allow(content, name string) (rest string, found bool) {
	lines := slices.Collect(strings.Lines(content))
	kept := slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
		line = strings.TrimSuffix(line, "\n")
		return strings.HasPrefix(line, "# "+name+": ") || line == "blacklist "+name || line == "install "+name+" "+denial
	})
	return strings.Join(kept, ""), len(kept) < len(lines)
}

// ReasonAt is why a module is forbidden, from the comment in a ForbiddenFile; "" if it has none any more.
func ReasonAt(file, name string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(content)) {
		if reason, found := strings.CutPrefix(line, "# "+name+": "); found {
			return strings.TrimSuffix(reason, "\n")
		}
	}
	return ""
}
