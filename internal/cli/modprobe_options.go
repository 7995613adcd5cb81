package cli

import (
	"errors"
	"math"
	"time"

	"gomod/internal/getopt"
	"gomod/internal/strtoull"
)

// modprobeOptions is what modprobe was asked for.
type modprobeOptions struct {
	all, remove, removeHolders, removeUnused bool
	wait                                     time.Duration
	resolve, firstTime, ignoreCommands       bool
	useBlacklist                             bool
	force, forceCRC, forceVermagic           bool
	showDepends, showConfig                  bool
	showVersions, showExports                bool
	dryRun                                   bool
	configs                                  []string // nil for the usual folders
	dirname                                  string
	release                                  givenText
	syslog                                   bool
	level                                    priority
	// handedOn are those options that the commands in modprobe.d get too, as words of MODPROBE_OPTIONS.
	handedOn []string
}

func (o *modprobeOptions) list() []getopt.Option {
	return []getopt.Option{
		getopt.Switch('a', "all", &o.all, "take every operand for a module, and go on where one fails"),
		getopt.Switch('r', "remove", &o.remove, "remove modules, and those that they needed and nobody uses"),
		getopt.Switch(0, "remove-dependencies", &o.removeHolders, "old name of --remove-holders"),
		getopt.Alias("remove-holders", "remove-dependencies", "with -r: first remove the modules that use MODULE"),
		getopt.Addition(getopt.Switch(0, "remove-unused", &o.removeUnused, "with -r: remove all that MODULE needed and nobody uses")),
		getopt.Value('w', "wait", "MSEC", o.setWait, "with -r: try for MSEC milliseconds while the module is in use"),
		getopt.Switch('R', "resolve-alias", &o.resolve, "only print the names of the modules that MODULE stands for"),
		getopt.Addition(getopt.Alias("show-alias", "resolve-alias", "the same as --resolve-alias")),
		getopt.Switch(0, "first-time", &o.firstTime, "fail if the module is loaded already, or not loaded with -r"),
		getopt.Switch('i', "ignore-install", &o.ignoreCommands, "ignore MODULE's install or remove command and soft dependencies"),
		getopt.Alias("ignore-remove", "ignore-install", "the same as --ignore-install"),
		getopt.Switch('b', "use-blacklist", &o.useBlacklist, "obey the blacklist for names as well as aliases"),
		getopt.Switch('f', "force", &o.force, "DANGEROUS: both of the next; with -r, remove a module that is in use"),
		getopt.Switch(0, "force-modversion", &o.forceCRC, "DANGEROUS: ignore the checksums of the symbols a module needs"),
		getopt.Switch(0, "force-vermagic", &o.forceVermagic, "DANGEROUS: ignore the kernel version a module was built for"),
		getopt.Switch('D', "show-depends", &o.showDepends, "only print what would be done if nothing were loaded"),
		getopt.Switch('c', "showconfig", &o.showConfig, "print the configuration and all aliases"),
		getopt.Alias("show-config", "showconfig", "the same as --showconfig"),
		getopt.Switch(0, "show-modversions", &o.showVersions, "print the symbols that a module or file needs, with their checksums"),
		getopt.Alias("dump-modversions", "show-modversions", "the same as --show-modversions"),
		getopt.Switch(0, "show-exports", &o.showExports, "print the symbols that a module or file offers, with their checksums"),
		getopt.Switch('n', "dry-run", &o.dryRun, "do nothing; with -v, print what would be done"),
		getopt.Alias("show", "dry-run", "the same as --dry-run"),
		getopt.Value('C', "config", "FILE", o.addConfig, "read FILE, or the folder of that name, instead of the usual folders"),
		getopt.Text('d', "dirname", "DIR", &o.dirname, "use DIR as the root of the file system that holds the modules"),
		getopt.Value('S', "set-version", "RELEASE", o.release.give, "use the modules of kernel RELEASE, not of the running one"),
		getopt.Action('s', "syslog", func() { o.syslog = true; o.hand("-s") }, "send messages to the system's log, not to standard error"),
		getopt.Action('q', "quiet", func() { o.level = 0; o.hand("-q") }, "no messages"),
		getopt.Action('v', "verbose", func() { o.level++; o.hand("-v") }, "print what is done; given again, more messages"),
		showVersion(),
	}
}

func (o *modprobeOptions) hand(words string) { o.handedOn = append(o.handedOn, words) }

// addConfig is -C, which may come more than once.
func (o *modprobeOptions) addConfig(path string) error {
	o.configs = append(o.configs, path)
	o.hand("-C " + quoteWord(path))
	return nil
}

// setWait takes a number of milliseconds as strtoul(3) reads it with base 0.
func (o *modprobeOptions) setWait(text string) error {
	milliseconds, ok := strtoull.Parse(text, 0)
	if !ok {
		return errors.New("unexpected wait value '" + text + "'.")
	}
	o.wait = math.MaxInt64
	if milliseconds < uint64(math.MaxInt64/time.Millisecond) {
		o.wait = time.Duration(milliseconds) * time.Millisecond
	}
	return nil
}

// givenText is a text that may be given and empty.
type givenText struct {
	text string
	set  bool
}

func (g *givenText) give(text string) error { g.text, g.set = text, true; return nil }
