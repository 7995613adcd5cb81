package config

import (
	"strings"

	"gomod/internal/glob"
)

// AliasesOf are those whose pattern matches a normalised text, in config order.
func (c *Config) AliasesOf(text string) []Alias {
	var found []Alias
	for _, alias := range c.Aliases {
		if glob.Match(alias.Pattern, text) {
			found = append(found, alias)
		}
	}
	return found
}

// CommandNamed is the first install line whose key equals a normalised text, else the first remove line: such a text names a
// module even if there is none.
func (c *Config) CommandNamed(text string) (Command, bool) {
	for _, commands := range [...][]Command{c.Installs, c.Removes} {
		for _, command := range commands {
			if command.Key == text {
				return command, true
			}
		}
	}
	return Command{}, false
}

// InstallOf is the install line of a module: the first whose key, a pattern, matches its name.
func (c *Config) InstallOf(name string) (Command, bool) { return firstMatch(c.Installs, name) }

// RemoveOf is the remove line of a module: the first whose key, a pattern, matches its name.
func (c *Config) RemoveOf(name string) (Command, bool) { return firstMatch(c.Removes, name) }

func firstMatch(commands []Command, name string) (Command, bool) {
	for _, command := range commands {
		if glob.Match(command.Key, name) {
			return command, true
		}
	}
	return Command{}, false
}

// BlacklistOf is the first entry that equals the module's name.
func (c *Config) BlacklistOf(name string) (Blacklist, bool) {
	for _, entry := range c.Blacklist {
		if entry.Name == name {
			return entry, true
		}
	}
	return Blacklist{}, false
}

// OptionsOf are those of a module that was found by an alias: their key equals its name or that alias, which is the pattern
// for one of AliasesOf. alias is "" without one. Those without text are left out.
func (c *Config) OptionsOf(name, alias string) []Options {
	var found []Options
	for _, options := range c.Options {
		if options.Text != "" && (options.Key == name || alias != "" && options.Key == alias) {
			found = append(found, options)
		}
	}
	return found
}

// JoinOptions is the text of several options in one line.
func JoinOptions(options []Options) string {
	texts := make([]string, len(options))
	for i := range options {
		texts[i] = options[i].Text
	}
	return strings.Join(texts, " ")
}

// SoftdepOf puts together the softdep lines that count for a module: all that match its name in the first file that has one,
// each name once. A file of the administrator's counts before what the modules say of themselves. Where is of the first line.
func (c *Config) SoftdepOf(name string) (Softdep, bool) {
	lines := decisive(c.Softdeps, name)
	if len(lines) == 0 {
		return Softdep{}, false
	}
	first := c.Softdeps[lines[0]]
	result := Softdep{Key: first.Key, FromModules: first.FromModules, Where: first.Where}
	var pre, post distinct
	for _, i := range lines {
		result.Pre = pre.append(result.Pre, c.Softdeps[i].Pre)
		result.Post = post.append(result.Post, c.Softdeps[i].Post)
	}
	return result, true
}

// WeakdepOf puts together the weakdep lines that count for a module, as SoftdepOf does.
func (c *Config) WeakdepOf(name string) (Weakdep, bool) {
	lines := decisive(c.Weakdeps, name)
	if len(lines) == 0 {
		return Weakdep{}, false
	}
	first := c.Weakdeps[lines[0]]
	result := Weakdep{Key: first.Key, FromModules: first.FromModules, Where: first.Where}
	var deps distinct
	for _, i := range lines {
		result.Deps = deps.append(result.Deps, c.Weakdeps[i].Deps)
	}
	return result, true
}

// dependency is a Softdep or a Weakdep.
type dependency interface {
	origin() (key, file string, fromModules bool)
}

func (s *Softdep) origin() (key, file string, fromModules bool) { return s.Key, s.File, s.FromModules }
func (w *Weakdep) origin() (key, file string, fromModules bool) { return w.Key, w.File, w.FromModules }

// decisive gives the indexes of the entries that count for a module.
func decisive[T any, P interface {
	*T
	dependency
}](entries []T, name string) []int {
	var found []int
	foundFile, foundFromModules := "", false
	for i := range entries {
		key, file, fromModules := P(&entries[i]).origin()
		better := len(found) == 0 || foundFromModules && !fromModules
		if !better && file != foundFile || !glob.Match(key, name) {
			continue
		}
		if better {
			found, foundFile, foundFromModules = found[:0], file, fromModules
		}
		found = append(found, i)
	}
	return found
}

// distinct remembers the names that a list has, in their normalised form.
type distinct map[string]struct{}

// append adds to list those names that it does not have yet.
func (d *distinct) append(list, names []string) []string {
	if *d == nil {
		*d = make(distinct)
	}
	for _, name := range names {
		normal, _ := normalised(name)
		if _, has := (*d)[normal]; !has {
			(*d)[normal] = struct{}{}
			list = append(list, name)
		}
	}
	return list
}
