// Package config reads what the system's administrator and the kernel's command line say about modules: modprobe.d(5), the
// files modules.softdep and modules.weakdep of a module folder, and /proc/cmdline.
//
// Nothing here fails as a whole. What cannot be understood is left out and told in Config.Problems.
package config

import (
	"path/filepath"
	"strings"
)

// Where is the place that an entry comes from.
type Where struct {
	// File is the path as it was opened, or CmdlineFile.
	File string
	// Line is counted from 1; an entry that backslashes spread over several lines has the number of the last, as in C kmod's
	// messages. It is 0 for the kernel command line.
	Line int
}

// CmdlineFile is Where.File of what the kernel command line says.
const CmdlineFile = "/proc/cmdline"

// Alias is `alias PATTERN TARGET`: a look-up of a text that the pattern matches gives the module Target.
type Alias struct {
	Pattern, Target string
	Where
}

// Blacklist is `blacklist NAME`: the module is not to be loaded through an alias.
type Blacklist struct {
	Name string
	Where
}

// Options is `options KEY TEXT`. Text may begin and end with blanks, which belong to it; only the kernel command line makes
// an empty one.
type Options struct {
	Key, Text string
	Where
}

// Command is `install KEY COMMAND` or `remove KEY COMMAND`: a shell command to be run instead of inserting or removing.
type Command struct {
	Key, Command string
	Where
}

// Denies tells of the usual commands that only fail, or do nothing, in place of a module. A command that does more may load it in the end.
func (c Command) Denies() bool {
	if strings.ContainsAny(c.Command, "&|;<>$`()\n") {
		return false
	}
	words := strings.Fields(c.Command)
	if len(words) == 0 {
		return false
	}
	switch filepath.Base(words[0]) {
	case "false", "true", ":", "exit":
		return true
	}
	return false
}

// Softdep is `softdep KEY pre: NAMES post: NAMES`. The names are as written: `-` and `_` are not made the same.
type Softdep struct {
	Key       string
	Pre, Post []string
	// FromModules tells that depmod wrote it down from the modules themselves, into modules.softdep.
	FromModules bool
	Where
}

// Weakdep is `weakdep KEY NAMES`. The names are as written.
type Weakdep struct {
	Key  string
	Deps []string
	// FromModules tells that depmod wrote it down from the modules themselves, into modules.weakdep.
	FromModules bool
	Where
}

// Config is everything that was said, by command and in the order it was met: files by name, then the kernel command line.
// Keys, patterns, targets and blacklisted names are normalised by the rule of modname.Alias, but not cut.
type Config struct {
	Aliases   []Alias
	Blacklist []Blacklist
	Options   []Options
	Installs  []Command
	Removes   []Command
	Softdeps  []Softdep
	Weakdeps  []Weakdep
	// Problems are in the order in which C kmod meets them: those of folders first.
	Problems []Problem
}

// Sources is what a configuration is made of.
type Sources struct {
	// Paths are folders of .conf files, or single files of any name, those of highest precedence first; see Directories. What
	// does not exist counts as empty.
	Paths []string
	// ModuleDir is one kernel release's folder, whose modules.softdep and modules.weakdep are read too; "" has none.
	ModuleDir string
	// Cmdline is the content of /proc/cmdline.
	Cmdline []byte
}

// Load reads all sources.
func Load(sources Sources) *Config {
	m := sources.merger()
	c := &Config{Problems: m.problems}
	var r reader
	var own, ofModules taken
	for _, file := range m.merged() {
		text, problem := r.read(file)
		if problem != nil {
			c.Problems = append(c.Problems, *problem)
		}
		// It must not be modules that leave no room for what forbids them.
		count := &own
		if file.ofModules {
			count = &ofModules
		}
		c.parse(file, text, count)
	}
	c.addCmdline(sources.Cmdline)
	return c
}

func (s Sources) merger() merger {
	var m merger
	if s.ModuleDir != "" {
		m.addModuleDir(s.ModuleDir)
	}
	for _, path := range s.Paths {
		m.add(path)
	}
	return m
}

// Kernel reads only what comes with the kernel: modules.softdep and modules.weakdep in its module folder, and the content of
// /proc/cmdline. Nothing but modprobe reads modprobe.d, yet C kmod's other tools complain about these.
func Kernel(moduleDir string, cmdline []byte) *Config {
	return Load(Sources{ModuleDir: moduleDir, Cmdline: cmdline})
}

// Directories are the folders of one kind, "modprobe.d" or "depmod.d", highest precedence first. All lie below root, which is
// "" on a running system; sysconf and distconf are /etc and /usr/lib unless set at build time.
func Directories(root, sysconf, distconf, kind string) []string {
	return []string{
		root + sysconf + "/" + kind,
		root + "/run/" + kind,
		root + "/usr/local/lib/" + kind,
		root + distconf + "/" + kind,
		root + "/lib/" + kind,
	}
}
