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

// Lines are those of the configuration that touch something, in its order, as far as there was room; Others counts the rest.
type Lines struct {
	Some   []Line
	Others int
}

const (
	// roomForLines is what the lines of all answers may cost: hostile files have a hundred thousand that touch every module.
	roomForLines = 2 << 20
	// ownRoom is what those of each module may cost, whatever others took.
	ownRoom = 16 << 10
	// costOfLine is what telling of a line costs beside its own text, all in bytes.
	costOfLine = 256
)

// lines are those of the configuration that touch a module found by an alias, or that alias.
func (a *Asker) lines(name, alias string) Lines {
	var lines Lines
	own := 0
	refused := refusals{options: a.Config.OptionsOf(name, alias), known: make(map[refusalKey]*config.Refusal)}
	if a.entries == nil {
		a.entries = slices.Collect(a.Config.Entries())
	}
	for _, entry := range a.entries {
		if !touches(entry, name, alias) {
			continue
		}
		switch cost := costOfLine + len(entry.File) + len(entry.Key) + len(entry.Text); {
		case own+cost <= ownRoom:
			own += cost
		case a.lineCosts+cost <= roomForLines:
			a.lineCosts += cost
		default:
			lines.Others++
			continue
		}
		lines.Some = append(lines.Some, Line{entry, refused.of(entry)})
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
