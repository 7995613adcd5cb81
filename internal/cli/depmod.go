package cli

import (
	"errors"
	"runtime/debug"
	"strings"

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

func (p *pathOption) give(path string) error { *p = pathOption{true, path}; return nil }

func newDepmod(s *session) *Tool {
	var options depmodOptions
	s.log.level = levelWarning
	return withHelp(Tool{
		Use:   "depmod [options] [RELEASE [FILE...]]",
		Short: "make the lists by which modules are found",
		Long: "depmod reads the modules of kernel RELEASE, or of the running one, and writes modules.dep, modules.alias and the other " +
			"files by which modprobe and udev find modules and what these need. With FILEs it reads only those.",
		Example: "  depmod\n  depmod -a 6.12.0-1-amd64\n  depmod -b /mnt/root -e -F /mnt/root/boot/System.map-6.12.0 6.12.0",
		Options: append(options.list(s.log.fatal), s.jsonOption()),
		run:     func(operands []string) error { return s.depmod(options, operands) },
	})
}

// list has the order of C kmod, in which ambiguous abbreviations are listed.
func (o *depmodOptions) list(fatal func(string)) []getopt.Option {
	return []getopt.Option{
		getopt.Switch('a', "all", &o.all, "read all modules; FILEs do not count (default without FILEs)"),
		getopt.Switch('A', "quick", &o.quick, "as -a, but do nothing unless a module is newer than modules.dep"),
		getopt.Value('b', "basedir", "DIR", o.basedir.give, "use DIR as the root of the file system that holds the modules"),
		getopt.Value('m', "moduledir", "DIR", o.moduledir.give, "look for modules in DIR below the root, not in /lib/modules"),
		getopt.Value('o', "outdir", "DIR", o.outdir.give, "write below DIR, not below the root"),
		getopt.Value('C', "config", "PATH", func(path string) error { o.config = append(o.config, path); return nil },
			"read PATH, a folder or file, not depmod.d; may be given several times"),
		getopt.Text('E', "symvers", "FILE", &o.symvers, "take the kernel's symbols and their versions from FILE, a Module.symvers"),
		getopt.Text('F', "filesyms", "FILE", &o.systemMap, "take the kernel's symbols from FILE, a System.map"),
		getopt.Switch('e', "errsyms", &o.errsyms, "with -E or -F: tell of symbols that neither kernel nor modules have"),
		getopt.Switch('n', "show", &o.show, "write to standard output, not to files"),
		getopt.Alias("dry-run", "show", "the same as --show"),
		getopt.Value('P', "symbol-prefix", "C", func(text string) error { return o.setPrefix(text, fatal) },
			"drop the character C that symbols begin with"),
		getopt.Switch('w', "warn", &o.warn, "tell of aliases that a module has twice"),
		getopt.Action('v', "verbose", func() { o.verbose++ }, "show which module needs which; may be given several times"),
		getopt.Addition(getopt.Switch(0, "progress", &o.progress, "show on a terminal how far it is")),
		showVersion(),
	}
}

// setPrefix takes a single character; anything else ends depmod as soon as it is met.
func (o *depmodOptions) setPrefix(text string, fatal func(string)) error {
	if len(text) != 1 {
		fatal("-P only takes a single char")
		return errFailed
	}
	o.prefix = text[0]
	return nil
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
		switch {
		case p.Kind == config.OtherName, p.Kind == config.NotImplemented:
			s.log.info(p.Text(strerror))
		case p.Kind == config.BadLine && p.More == 0:
			s.log.error(atLine(p.Where.File, p.Where.Line) + "ignoring bad line starting with '" + p.Word + "'")
		case p.Kind == config.LostEntry:
			// C kmod shows the path without its last slash.
			base := strings.LastIndexByte(p.Where.File, '/') + 1
			s.log.error("Cannot stat directory entry: " + p.Where.File[:base-1] + p.Where.File[base:])
		default:
			s.log.error(p.Text(strerror))
		}
	}
	return c
}
