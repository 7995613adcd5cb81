package cli

import (
	"errors"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gomod/internal/config"
	"gomod/internal/depmod"
	"gomod/internal/getopt"
)

// depmodOptions is what depmod was asked for.
type depmodOptions struct {
	all, quick, errsyms, show, warn, progress bool
	verbose                                   int
	basedir, moduledir, outdir                pathOption
	symvers, systemMap                        string
	config                                    []string
	prefix                                    byte
}

// pathOption tells an option that was given an empty value from one that was not given.
type pathOption struct {
	set  bool
	path string
}

func (p *pathOption) String() string        { return p.path }
func (p *pathOption) Type() string          { return "string" }
func (p *pathOption) Set(path string) error { *p = pathOption{true, path}; return nil }

// prefixOption is a single character; anything else ends depmod as soon as it is met.
type prefixOption struct {
	prefix *byte
	fatal  func(string)
}

func (p prefixOption) String() string { return "" }
func (p prefixOption) Type() string   { return "string" }
func (p prefixOption) Set(text string) error {
	if len(text) != 1 {
		p.fatal("-P only takes a single char")
		return errFailed
	}
	*p.prefix = text[0]
	return nil
}

func newDepmod(s *session) *cobra.Command {
	var options depmodOptions
	s.log.level = levelWarning
	return s.command(applet{
		use:   "depmod [options] [RELEASE [FILE...]]",
		short: "make the lists by which modules are found",
		long: "depmod reads the modules of kernel RELEASE, or of the running one, and writes modules.dep, modules.alias and the other " +
			"files by which modprobe and udev find modules and what these need. With FILEs it reads only those.",
		example: "  depmod\n  depmod -a 6.12.0-1-amd64\n  depmod -b /mnt/root -e -F /mnt/root/boot/System.map-6.12.0 6.12.0",
		declare: func(flags *pflag.FlagSet) { options.declare(flags, s.log.fatal) },
		run:     func(operands []string) error { return s.depmod(options, operands) },
	})
}

func (o *depmodOptions) declare(flags *pflag.FlagSet, fatal func(string)) {
	// The order is C kmod's, in which ambiguous abbreviations are listed.
	flags.BoolVarP(&o.all, "all", "a", false, "read all modules; FILEs do not count (default without FILEs)")
	flags.BoolVarP(&o.quick, "quick", "A", false, "as -a, but do nothing unless a module is newer than modules.dep")
	flags.VarP(&o.basedir, "basedir", "b", "use `DIR` as the root of the file system that holds the modules")
	flags.VarP(&o.moduledir, "moduledir", "m", "look for modules in `DIR` below the root, not in /lib/modules")
	flags.VarP(&o.outdir, "outdir", "o", "write below `DIR`, not below the root")
	flags.StringArrayVarP(&o.config, "config", "C", nil, "read `PATH`, a folder or file, not depmod.d; may be given several times")
	flags.StringVarP(&o.symvers, "symvers", "E", "", "take the kernel's symbols and their versions from `FILE`, a Module.symvers")
	flags.StringVarP(&o.systemMap, "filesyms", "F", "", "take the kernel's symbols from `FILE`, a System.map")
	flags.BoolVarP(&o.errsyms, "errsyms", "e", false, "with -E or -F: tell of symbols that neither kernel nor modules have")
	flags.BoolVarP(&o.show, "show", "n", false, "write to standard output, not to files")
	flags.BoolVar(&o.show, "dry-run", false, "the same as --show")
	flags.VarP(prefixOption{&o.prefix, fatal}, "symbol-prefix", "P", "drop the character `C` that symbols begin with")
	flags.BoolVarP(&o.warn, "warn", "w", false, "tell of aliases that a module has twice")
	flags.CountVarP(&o.verbose, "verbose", "v", "show which module needs which; may be given several times")
	flags.BoolVar(&o.progress, "progress", false, "show on a terminal how far it is")
	getopt.Addition(flags, "progress")
	declareVersion(flags)
}

// limitMemory sets how much memory may be in use before garbage is looked for. A run is short, and half of what it makes lives
// to its end: for the 4,000 modules of a distribution's kernel these are 48 MiB.
func limitMemory(modules int) {
	const (
		atLeast   = 24 << 20
		perModule = 6 << 10
	)
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(int64(atLeast + perModule*modules))
}

func (s *session) depmod(options depmodOptions, operands []string) error {
	s.log.level += priority(options.verbose)
	release, files, err := s.depmodOperands(options, operands)
	if err != nil {
		return err
	}
	dir, err := s.depmodFolder(options, options.basedir, release)
	if err != nil {
		return err
	}
	out := dir
	if options.outdir.set {
		if out, err = s.depmodFolder(options, options.outdir, release); err != nil {
			return err
		}
	}
	if options.quick && (options.show || !s.outdated(dir)) {
		return nil
	}
	s.reportEnvironment(dir)
	if options.errsyms && options.symvers == "" && options.systemMap == "" {
		s.log.warning("-e needs -E or -F")
	}
	work := depmodRun{session: s, options: options, out: out}
	return work.do(depmod.Options{
		Dir: dir, Release: release, Files: files, Config: func() *config.Depmod { return s.depmodConfig(options.config) },
		Symvers: options.symvers, SystemMap: options.systemMap, CheckSymbols: options.errsyms, Prefix: options.prefix,
		WarnDuplicates: options.warn, TellNeeds: options.verbose > 0, TextOnly: options.show, SizeLimit: s.sizeLimit(),
		Report: s.depmodEvent, Found: limitMemory,
	})
}

// depmodOperands takes the release, and the files unless all modules are asked for.
func (s *session) depmodOperands(options depmodOptions, operands []string) (release string, files []string, err error) {
	if len(operands) == 0 {
		if release, err = s.Kernel.Release(); err != nil {
			return "", nil, errors.New("uname() failed: " + strerror(err))
		}
		return release, nil, nil
	}
	if !depmod.IsRelease(operands[0]) {
		return "", nil, errors.New("Bad version passed " + operands[0])
	}
	if options.all || options.quick {
		return operands[0], nil, nil
	}
	return operands[0], operands[1:], nil
}

// maxPath is PATH_MAX.
const maxPath = 4096

// depmodFolder is the module folder below a root.
func (s *session) depmodFolder(options depmodOptions, root pathOption, release string) (string, error) {
	base := ""
	if root.set {
		base = s.absolute(root.path)
	}
	below := s.ModuleDirectory
	if options.moduledir.set {
		below = options.moduledir.path
	}
	dir := base + "/" + strings.TrimLeft(below, "/") + "/" + release
	if len(dir) >= maxPath {
		return "", errors.New("Bad directory " + dir + ": path too long")
	}
	return dir, nil
}

// outdated is the question that -A asks; true also when it cannot be answered, which is told.
func (s *session) outdated(dir string) bool {
	outdated, err := depmod.Outdated(dir, s.depmodEvent)
	if err != nil {
		s.log.error("could not fstatat(" + dir + ", modules.dep): " + strerror(err))
	}
	return outdated
}

// depmodConfig reads depmod.d, or what -C says instead.
func (s *session) depmodConfig(paths []string) *config.Depmod {
	if len(paths) == 0 {
		paths = config.Directories("", s.SysconfDirectory, s.DistconfDirectory, "depmod.d")
	}
	c := config.LoadDepmod(paths)
	for _, p := range c.Problems {
		switch p.Kind {
		case config.OtherName, config.NotImplemented:
			s.log.info(p.Text(strerror))
		case config.BadLine:
			s.log.error(atLine(p.Where.File, p.Where.Line) + "ignoring bad line starting with '" + p.Word + "'")
		case config.LostEntry:
			// C kmod shows the path without its last slash.
			base := strings.LastIndexByte(p.Where.File, '/') + 1
			s.log.error("Cannot stat directory entry: " + p.Where.File[:base-1] + p.Where.File[base:])
		default:
			s.log.error(p.Text(strerror))
		}
	}
	return c
}
