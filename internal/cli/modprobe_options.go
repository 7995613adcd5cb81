package cli

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"gomod/internal/getopt"
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

func (o *modprobeOptions) declare(flags *pflag.FlagSet) {
	flags.BoolVarP(&o.all, "all", "a", false, "take every operand for a module, and go on where one fails")
	flags.BoolVarP(&o.remove, "remove", "r", false, "remove modules, and those that they needed and nobody uses")
	flags.BoolVar(&o.removeHolders, "remove-dependencies", false, "old name of --remove-holders")
	alias(flags, "remove-holders", "remove-dependencies", "with -r: first remove the modules that use MODULE")
	flags.BoolVar(&o.removeUnused, "remove-unused", false, "with -r: remove all that MODULE needed and nobody uses")
	getopt.Addition(flags, "remove-unused")
	flags.VarP(waitOption{&o.wait}, "wait", "w", "with -r: try for `MSEC` milliseconds while the module is in use")
	flags.BoolVarP(&o.resolve, "resolve-alias", "R", false, "only print the names of the modules that MODULE stands for")
	alias(flags, "show-alias", "resolve-alias", "the same as --resolve-alias")
	getopt.Addition(flags, "show-alias")
	flags.BoolVar(&o.firstTime, "first-time", false, "fail if the module is loaded already, or not loaded with -r")
	flags.BoolVarP(&o.ignoreCommands, "ignore-install", "i", false, "ignore MODULE's install or remove command and soft dependencies")
	alias(flags, "ignore-remove", "ignore-install", "the same as --ignore-install")
	flags.BoolVarP(&o.useBlacklist, "use-blacklist", "b", false, "obey the blacklist for names as well as aliases")
	flags.BoolVarP(&o.force, "force", "f", false, "DANGEROUS: both of the next; with -r, remove a module that is in use")
	flags.BoolVar(&o.forceCRC, "force-modversion", false, "DANGEROUS: ignore the checksums of the symbols a module needs")
	flags.BoolVar(&o.forceVermagic, "force-vermagic", false, "DANGEROUS: ignore the kernel version a module was built for")
	flags.BoolVarP(&o.showDepends, "show-depends", "D", false, "only print what would be done if nothing were loaded")
	flags.BoolVarP(&o.showConfig, "showconfig", "c", false, "print the configuration and all aliases")
	alias(flags, "show-config", "showconfig", "the same as --showconfig")
	flags.BoolVar(&o.showVersions, "show-modversions", false, "print the symbols that a module or file needs, with their checksums")
	alias(flags, "dump-modversions", "show-modversions", "the same as --show-modversions")
	flags.BoolVar(&o.showExports, "show-exports", false, "print the symbols that a module or file offers, with their checksums")
	flags.BoolVarP(&o.dryRun, "dry-run", "n", false, "do nothing; with -v, print what would be done")
	alias(flags, "show", "dry-run", "the same as --dry-run")
	flags.VarP(configOption{o}, "config", "C", "read `FILE`, or the folder of that name, instead of the usual folders")
	flags.StringVarP(&o.dirname, "dirname", "d", "", "use `DIR` as the root of the file system that holds the modules")
	flags.VarP(&o.release, "set-version", "S", "use the modules of kernel `RELEASE`, not of the running one")
	switchVar(flags, "syslog", "s", "send messages to the system's log, not to standard error", func() { o.syslog = true; o.hand("-s") })
	switchVar(flags, "quiet", "q", "no messages", func() { o.level = 0; o.hand("-q") })
	switchVar(flags, "verbose", "v", "print what is done; given again, more messages", func() { o.level++; o.hand("-v") })
	declareVersion(flags)
}

func (o *modprobeOptions) hand(words string) { o.handedOn = append(o.handedOn, words) }

// alias declares another spelling of an option.
func alias(flags *pflag.FlagSet, name, of, usage string) {
	flag := flags.Lookup(of)
	flags.AddFlag(&pflag.Flag{Name: name, Usage: usage, Value: flag.Value, DefValue: flag.DefValue, NoOptDefVal: flag.NoOptDefVal})
}

// switchOption is an option without a value that does something whenever it is met.
type switchOption struct{ met func() }

func (switchOption) String() string      { return "false" }
func (switchOption) Type() string        { return "bool" }
func (o *switchOption) Set(string) error { o.met(); return nil }

func switchVar(flags *pflag.FlagSet, name, short, usage string, met func()) {
	flags.VarPF(&switchOption{met}, name, short, usage).NoOptDefVal = "true"
}

// configOption is -C, which may come more than once.
type configOption struct{ options *modprobeOptions }

func (configOption) String() string { return "" }
func (configOption) Type() string   { return "string" }
func (c configOption) Set(path string) error {
	c.options.configs = append(c.options.configs, path)
	c.options.hand("-C " + quoteWord(path))
	return nil
}

// givenText is a text that may be given and empty.
type givenText struct {
	text string
	set  bool
}

func (g *givenText) String() string        { return g.text }
func (*givenText) Type() string            { return "string" }
func (g *givenText) Set(text string) error { g.text, g.set = text, true; return nil }

// waitOption is a number of milliseconds as strtoul(3) reads it with base 0.
type waitOption struct{ wait *time.Duration }

func (waitOption) String() string { return "0" }
func (waitOption) Type() string   { return "uint" }
func (w waitOption) Set(text string) error {
	milliseconds, err := parseUnsigned(text)
	if err != nil {
		return errors.New("unexpected wait value '" + text + "'.")
	}
	*w.wait = math.MaxInt64
	if milliseconds < uint64(math.MaxInt64/time.Millisecond) {
		*w.wait = time.Duration(milliseconds) * time.Millisecond
	}
	return nil
}

// parseUnsigned reads " 12", "0x1f", "017" and "-1", which is the largest number; what is larger counts as that, too.
func parseUnsigned(text string) (uint64, error) {
	digits := strings.TrimLeft(text, " \t\n\v\f\r")
	negative := strings.HasPrefix(digits, "-")
	if negative || strings.HasPrefix(digits, "+") {
		digits = digits[1:]
	}
	base := 10
	switch {
	case len(digits) > 2 && (digits[:2] == "0x" || digits[:2] == "0X"):
		base, digits = 16, digits[2:]
	case len(digits) > 1 && digits[0] == '0':
		base, digits = 8, digits[1:]
	}
	value, err := strconv.ParseUint(digits, base, 64)
	if errors.Is(err, strconv.ErrRange) {
		return math.MaxUint64, nil
	}
	if negative {
		value = -value
	}
	return value, err
}
