package cli

import (
	"path/filepath"
	"strings"

	"gomod/internal/config"
	"gomod/internal/jsontext"
)

func (s *session) writeLines(lines []config.Entry) {
	if len(lines) == 0 {
		return
	}
	s.write("  configuration\n")
	for _, entry := range lines {
		line := strings.TrimRight(entry.Command+" "+entry.Key+" "+entry.Text, " ")
		s.write("    ", s.shown(place(entry.Where)+": "+line), "\n")
		if e := effectOf(entry); e.text != "" {
			s.write("      ", e.text, "\n")
		}
	}
}

// effect is whom a line of configuration stops.
type effect struct {
	text string
	// stops are words of the JSON output: by-alias, by-name, as-dependency for each of modprobe, libkmod and the kernel's own requests.
	modprobe, libkmod, kernel []string
}

const (
	byAlias      = "by-alias"
	byName       = "by-name"
	asDependency = "as-dependency"
)

func effectOf(e config.Entry) effect {
	all := []string{byAlias, byName, asDependency}
	if e.Refused {
		return effect{text: "is not obeyed, for anyone may write or replace that file: modprobe refuses " + e.Key + ";\n      to fix: chown root " + e.File + "; chmod 644 " + e.File, modprobe: all}
	}
	switch e.Command {
	case "blacklist":
		if filepath.Base(e.File) == config.ForbiddenFile {
			return effect{"with the install line: forbidden by gomod forbid, for everyone but insmod", all, all, all}
		}
		return effect{
			"stops modprobe by an alias, the kernel's requests by an alias, and udev and systemd-modules-load by alias and name;\n" +
				"      stops neither modprobe " + e.Key + " nor a module that needs " + e.Key,
			[]string{byAlias}, []string{byAlias, byName}, []string{byAlias},
		}
	case "install":
		switch {
		case filepath.Base(e.File) == config.ForbiddenFile && strings.TrimSpace(e.Text) == config.Denial:
			return effect{"with the blacklist line: forbidden by gomod forbid, for everyone but insmod", all, all, all}
		case (config.Command{Command: e.Text}).Denies():
			return effect{"stops modprobe, udev and other programs with libkmod, and the kernel's requests, by alias, name and as a dependency;\n" +
				"      stops neither insmod nor modprobe --ignore-install", all, all, all}
		}
		return effect{text: "runs the command in place of loading the module"}
	case "remove":
		return effect{text: "runs the command in place of removing the module"}
	case "alias":
		if e.Text == "off" || e.Text == "null" {
			return effect{"stops whoever asks for " + e.Key + " by that name: there is no module " + e.Text, []string{byAlias, byName}, []string{byAlias, byName}, []string{byAlias, byName}}
		}
	}
	return effect{}
}

func lineObjects(lines []config.Entry) []jsontext.Object {
	objects := make([]jsontext.Object, 0, len(lines))
	for _, e := range lines {
		of := effectOf(e)
		objects = append(objects, jsontext.Object{
			{Name: "file", Value: e.File}, {Name: "line", Value: e.Line}, {Name: "command", Value: e.Command}, {Name: "key", Value: e.Key}, {Name: "text", Value: e.Text},
			{Name: "stops", Value: jsontext.Object{{Name: "modprobe", Value: of.modprobe}, {Name: "libkmod", Value: of.libkmod}, {Name: "kernel", Value: of.kernel}}},
		})
	}
	return objects
}
