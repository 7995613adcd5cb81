package cli

import (
	"errors"

	"gomod/internal/config"
	"gomod/internal/elfinfo"
	"gomod/internal/kernel"
	"gomod/internal/kmod"
	"gomod/internal/resolve"
)

func newModprobe(s *session) *Tool {
	options := modprobeOptions{level: levelWarning}
	var inherited inheritedOptions
	return withHelp(Tool{
		Use: "modprobe [options] MODULE [PARAMETER=VALUE...]\n" +
			"  modprobe [options] -a MODULE...\n" +
			"  modprobe [options] -r MODULE...\n" +
			"  modprobe [options] -c",
		Short: "load a module with all that it needs, or remove it",
		Long: "modprobe loads MODULE, a name or an alias, and the modules that it needs. A MODULE that begins with / or ./ is a file. " +
			"What modprobe.d(5) says of options, blacklists and commands is obeyed.",
		Example: "  modprobe dummy numdummies=2\n  modprobe -nv ext4\n  modprobe -r dummy",
		before: func() []string {
			inherited = readInherited(s.getenv(optionsVariable))
			return inherited.words
		},
		Options:  append(options.list(), s.jsonOption()),
		run:      func(operands []string) error { return s.modprobe(&options, inherited, operands) },
		complete: s.modprobeOperands(&options),
	})
}

// modprobe is one call of the tool once its options are known.
type modprobe struct {
	*session
	options *modprobeOptions
	dir     string
	config  *config.Config
	tree    *resolve.Tree
	runner  *kmod.Runner
	// answer is about the operand whose turn it is.
	answer operandAnswer
	// failed is the last step that failed.
	failed *kmod.Step
	// told are all steps in the document so far.
	told int
	// ended tells that a fatal message was printed, after which nothing more is done.
	ended bool
}

func (s *session) modprobe(options *modprobeOptions, inherited inheritedOptions, operands []string) error {
	if options.syslog || s.StderrClosed() {
		s.log.openSyslog(s.SyslogSocket, s.Console)
	}
	if len(operands) == 0 && !options.showConfig {
		return errors.New("missing parameters. See -h.")
	}
	// Not even -q silences what comes before.
	s.log.level = options.level
	m := &modprobe{session: s, options: options}
	if err := m.prepare(inherited); err != nil {
		return err
	}
	// The indexes stay mapped: the process ends, and to unmap them takes longer than to look a name up.
	if !m.run(operands) {
		return errFailed
	}
	return nil
}

// prepare reads the configuration and opens the indexes.
func (m *modprobe) prepare(inherited inheritedOptions) error {
	var err error
	if m.dir, err = m.moduleFolder(); err != nil {
		return err
	}
	m.readConfig()
	m.tree = resolve.NewTree(m.dir)
	m.tree.Configure(m.config)
	for _, err := range m.tree.Preload() {
		m.badIndex(err)
	}
	m.runner = &kmod.Runner{
		Planner: &kmod.Planner{Host: m.host(), Tree: m.tree, Config: m.config, Running: m.getenv(moduleVariable)},
		Shell:   m.Shell,
		Clock:   m.Clock,
		Force: kernel.Force{
			Vermagic:    m.options.force || m.options.forceVermagic,
			Modversions: m.options.force || m.options.forceCRC,
		},
		Variables:  inherited.handOn(m.options.handedOn),
		DryRun:     m.options.dryRun || m.options.showDepends,
		Taking:     m.showInsertion,
		TakingAway: m.showRemoval,
		Failed:     m.insertionFailed,
		Logged:     m.ignored,
		NotRemoved: m.removalFailed,
		Problem:    m.problem,
	}
	if m.json.wanted {
		m.runner.Shell = quietShell{m.Shell}
	}
	return nil
}

func (m *modprobe) moduleFolder() (string, error) {
	root, release := m.options.dirname, m.options.release
	if release.text != "" || !release.set {
		return m.moduleDir(root, release.text)
	}
	if root != "" {
		root = m.absolute(root)
	}
	return root + m.ModuleDirectory + "/", nil
}

func (m *modprobe) readConfig() {
	paths := m.options.configs
	if paths == nil {
		paths = config.Directories(m.ConfigRoot, m.SysconfDirectory, m.DistconfDirectory, "modprobe.d")
	}
	cmdline, problem := m.cmdline()
	m.config = config.Load(config.Sources{Paths: paths, ModuleDir: m.dir, Cmdline: cmdline})
	for _, problem := range m.config.Problems {
		m.log.error(problem.Text(strerror))
	}
	if problem != "" {
		m.log.error(problem)
	}
}

// run does what the options ask for; of several modes the first counts. It tells whether all went well.
func (m *modprobe) run(operands []string) bool {
	switch {
	case m.options.showConfig:
		m.showConfig()
		m.tellConfig()
		return true
	case m.options.showVersions:
		return m.showSymbols(operands[0], "modversions", (*elfinfo.File).Versions)
	case m.options.showExports:
		return m.showSymbols(operands[0], "symbols", (*elfinfo.File).Exports)
	case m.options.remove:
		return m.each(operands, m.removeOperand)
	case m.options.all:
		return m.each(operands, func(operand string) bool { return m.insertOperand(operand, "") })
	}
	return m.each(operands[:1], func(operand string) bool { return m.insertOperand(operand, joinParameters(operands[1:])) })
}

func (m *modprobe) each(operands []string, do func(operand string) bool) bool {
	good := true
	for _, operand := range operands {
		m.begin(operand)
		if !do(operand) {
			good = false
		}
		m.end()
		if m.ended {
			break
		}
	}
	m.tell("operands", m.json.list)
	return good
}

// refuse says why an operand cannot be dealt with. With -a that is a warning and the others have their turn; without, it ends
// the program, unless -q has kept it from being said.
func (m *modprobe) refuse(text string) {
	if m.options.all {
		m.log.warning(text)
		return
	}
	m.log.fatal(text)
	m.ended = m.log.level >= levelFatal
}

func (m *modprobe) problem(err error) { m.log.error(problemText(err)) }

// lookup finds the modules of a name or alias, and tells of indexes that it found damaged.
func (m *modprobe) lookup(name string) []resolve.Module {
	modules, _ := m.tree.Lookup(name)
	for _, problem := range m.tree.Problems() {
		m.badIndex(problem)
	}
	return modules
}
