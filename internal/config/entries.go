package config

import (
	"iter"
	"strings"
)

// Entry is one line of configuration as `modprobe -c` shows it.
type Entry struct {
	// Command is the line's first word, such as "options".
	Command string
	// Key is a name or pattern; for a blacklist entry it is all.
	Key string
	// Text is what follows the key, such as "pre: a b post: c"; it may be empty.
	Text string
	Where
}

// Entries are all entries, command by command and in the order of `modprobe -c`.
func (c *Config) Entries() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for _, entries := range [...]iter.Seq[Entry]{
			each(c.Blacklist, func(b *Blacklist) Entry { return Entry{"blacklist", b.Name, "", b.Where} }),
			each(c.Installs, func(i *Command) Entry { return Entry{"install", i.Key, i.Command, i.Where} }),
			each(c.Removes, func(r *Command) Entry { return Entry{"remove", r.Key, r.Command, r.Where} }),
			each(c.Aliases, func(a *Alias) Entry { return Entry{"alias", a.Pattern, a.Target, a.Where} }),
			each(c.Options, func(o *Options) Entry { return Entry{"options", o.Key, o.Text, o.Where} }),
			each(c.Softdeps, func(s *Softdep) Entry { return Entry{"softdep", s.Key, s.text(), s.Where} }),
			each(c.Weakdeps, func(w *Weakdep) Entry { return Entry{"weakdep", w.Key, strings.Join(w.Deps, " "), w.Where} }),
		} {
			for entry := range entries {
				if !yield(entry) {
					return
				}
			}
		}
	}
}

func each[T any](list []T, entry func(*T) Entry) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for i := range list {
			if !yield(entry(&list[i])) {
				return
			}
		}
	}
}

func (s *Softdep) text() string {
	var parts []string
	if len(s.Pre) > 0 {
		parts = append(append(parts, "pre:"), s.Pre...)
	}
	if len(s.Post) > 0 {
		parts = append(append(parts, "post:"), s.Post...)
	}
	return strings.Join(parts, " ")
}
