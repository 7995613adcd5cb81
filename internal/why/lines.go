package why

import (
	"slices"
	"strings"

	"gomod/internal/config"
	"gomod/internal/glob"
)

// Line is one of the configuration.
type Line struct {
	config.Entry
	// Refusal is why modprobe does not obey it; nil if it does.
	Refusal *config.Refusal
}

// lines are those of the configuration that touch a module found by an alias, or that alias.
func (a *Asker) lines(name, alias string) []Line {
	var lines []Line
	refused := refusals{options: a.Config.OptionsOf(name, alias), known: make(map[refusalKey]*config.Refusal)}
	if a.entries == nil {
		a.entries = slices.Collect(a.Config.Entries())
	}
	for _, entry := range a.entries {
		if touches(entry, name, alias) {
			lines = append(lines, Line{entry, refused.of(entry)})
		}
	}
	return lines
}

// refusals are those of a module's commands: a file may have a thousand of them, and is looked at once.
type refusals struct {
	options []config.Options
	known   map[refusalKey]*config.Refusal
}

type refusalKey struct {
	file         string
	takesOptions bool
}

func (r *refusals) of(e config.Entry) *config.Refusal {
	var options []config.Options
	switch e.Command {
	case "install":
		options = r.options
	case "remove":
	default:
		return nil
	}
	key := refusalKey{e.File, options != nil && strings.Contains(e.Text, config.OptionsWord)}
	refusal, known := r.known[key]
	if !known {
		refusal = config.Command{Key: e.Key, Command: e.Text, Where: e.Where}.Refusal(options)
		r.known[key] = refusal
	}
	return refusal
}

func touches(e config.Entry, name, alias string) bool {
	switch e.Command {
	case "blacklist":
		return e.Key == name
	case "options":
		return e.Key == name || alias != "" && e.Key == alias
	case "alias":
		return e.Text == name || glob.Match(e.Key, name) || alias != "" && glob.Match(e.Key, alias)
	}
	return glob.Match(e.Key, name)
}
