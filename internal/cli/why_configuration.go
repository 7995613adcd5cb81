package cli

import (
	"path/filepath"
	"strings"

	"gomod/internal/config"
	"gomod/internal/jsontext"
	"gomod/internal/why"
)

func (s *session) writeLines(lines why.Lines) {
	if len(lines.Some)+lines.Others == 0 {
		return
	}
	s.write("  configuration\n")
	for _, entry := range lines.Some {
		line := strings.TrimRight(entry.Command+" "+entry.Key+" "+entry.Text, " ")
		s.write("    ", s.shown(place(entry.Where)+": "+line), "\n")
		for _, line := range effectOf(entry).lines {
			s.write("      ", s.shown(line), "\n")
		}
	}
	if lines.Others > 0 {
		s.write("    and ", plural(lines.Others, "more line"), "\n")
	}
}

// effect is whom a line of configuration stops.
type effect struct {
	lines []string
	// stops are words of the JSON output: by-alias, by-name, as-dependency for each of modprobe, libkmod and the kernel's own requests.
	modprobe, libkmod, kernel []string
}

const (
	byAlias      = "by-alias"
	byName       = "by-name"
	asDependency = "as-dependency"
)

func effectOf(e why.Line) effect {
	if e.Refusal != nil {
		return effectOfRefused(e)
	}
	all := stopsAll()
	switch e.Command {
	case "blacklist":
		if filepath.Base(e.File) == config.ForbiddenFile {
			return effect{[]string{"with the install line: forbidden by gomod forbid, for everyone but insmod"}, all, all, all}
		}
		return effect{
			[]string{
				"stops modprobe by an alias, the kernel's requests by an alias, and udev and systemd-modules-load by alias and name;",
				"stops neither modprobe " + e.Key + " nor a module that needs " + e.Key,
			},
			[]string{byAlias}, []string{byAlias, byName}, []string{byAlias},
		}
	case "install":
		switch {
		case filepath.Base(e.File) == config.ForbiddenFile && strings.TrimSpace(e.Text) == config.Denial:
			return effect{[]string{"with the blacklist line: forbidden by gomod forbid, for everyone but insmod"}, all, all, all}
		case (config.Command{Command: e.Text}).Denies():
			return effect{
				[]string{
					"stops modprobe, udev and other programs with libkmod, and the kernel's requests, by alias, name and as a dependency;",
					"stops neither insmod nor modprobe --ignore-install",
				},
				all, all, all,
			}
		}
		return effect{lines: []string{"runs the command in place of loading the module"}}
	case "remove":
		return effect{lines: []string{"runs the command in place of removing the module"}}
	case "alias":
		if e.Text == "off" || e.Text == "null" {
			names := []string{byAlias, byName}
			return effect{[]string{"stops whoever asks for " + e.Key + " by that name: there is no module " + e.Text}, names, names, names}
		}
	}
	return effect{}
}

func stopsAll() []string { return []string{byAlias, byName, asDependency} }

// effectOfRefused is of a command that modprobe does not run. Other programs with libkmod do.
func effectOfRefused(e why.Line) effect {
	refusing := "modprobe refuses "
	if e.Command == "remove" {
		refusing = "modprobe -r refuses "
	}
	of := effect{lines: []string{
		"is not obeyed, for " + e.Refusal.Error() + ": " + refusing + e.Key + ";",
		"to fix: " + closing(e.Refusal.Exposure),
	}}
	if e.Command == "remove" {
		return of
	}
	of.modprobe, of.kernel = stopsAll(), stopsAll()
	if (config.Command{Command: e.Text}).Denies() {
		of.libkmod = stopsAll()
	}
	return of
}

// lineMembers are the lines, and how many others there are.
func lineMembers(lines why.Lines) jsontext.Object {
	objects := make([]jsontext.Object, 0, len(lines.Some))
	for _, e := range lines.Some {
		of := effectOf(e)
		stops := jsontext.Object{{Name: "modprobe", Value: of.modprobe}, {Name: "libkmod", Value: of.libkmod}, {Name: "kernel", Value: of.kernel}}
		objects = append(objects, append(entryObject(e.Entry), jsontext.Member{Name: "stops", Value: stops}))
	}
	members := jsontext.Object{{Name: "configuration", Value: objects}}
	if lines.Others > 0 {
		members = append(members, jsontext.Member{Name: "other_lines", Value: lines.Others})
	}
	return members
}
