package cli

import (
	"errors"
	"io/fs"
	"os"

	"gomod/internal/getopt"
	"gomod/internal/modinfo"
	"gomod/internal/modname"
	"gomod/internal/resolve"
)

// modinfoOptions is what modinfo was asked for.
type modinfoOptions struct {
	field   givenText // the only one; all where it was not given
	null    bool
	modname bool
	release string
	basedir string
}

func newModinfo(s *session) *Tool {
	var options modinfoOptions
	return withHelp(Tool{
		Use:   "modinfo [options] MODULE|ALIAS|FILE...",
		Short: "show information about a module",
		Long: "modinfo shows what a module says of itself: its description, licence, aliases, parameters and signature. " +
			"An operand that ends in .ko, .ko.gz, .ko.xz or .ko.zst and is a file is read; any other is looked up in the running kernel's modules.",
		Example:  "  modinfo e1000e\n  modinfo -F depends ext4\n  modinfo -p /tmp/driver.ko",
		Options:  append(options.list(), s.jsonOption()),
		run:      func(operands []string) error { return s.modinfo(options, operands) },
		complete: s.modinfoOperands(&options),
	})
}

func (o *modinfoOptions) list() []getopt.Option {
	// Of several the last one on the command line counts, and of -F.
	shortcut := func(letter byte, name, field string) getopt.Option {
		return getopt.Action(letter, name, func() { o.field.give(field) }, "print only '"+field+"'")
	}
	return []getopt.Option{
		shortcut('a', "author", "author"),
		shortcut('d', "description", "description"),
		shortcut('l', "license", "license"),
		shortcut('p', "parameters", "parm"),
		shortcut('n', "filename", "filename"),
		getopt.Switch('0', "null", &o.null, "end each value with a NUL byte, not a newline"),
		getopt.Switch('m', "modname", &o.modname, "take operands for module names, never for aliases or files"),
		getopt.Value('F', "field", "FIELD", o.field.give, "print only the values of FIELD, such as vermagic"),
		getopt.Text('k', "set-version", "RELEASE", &o.release, "look in the modules of kernel RELEASE, not of the running one"),
		getopt.Text('b', "basedir", "DIR", &o.basedir, "use DIR as the root of the file system that holds the modules"),
		showVersion(),
	}
}

func (s *session) modinfo(options modinfoOptions, operands []string) error {
	if len(operands) == 0 {
		return errors.New("missing module or filename.")
	}
	dir, err := s.moduleDir(options.basedir, options.release)
	if err != nil {
		return err
	}
	s.reportEnvironment(dir)
	tree := resolve.NewTree(dir)
	defer tree.Close()
	failed := false
	defer func() { s.tell("modules", s.json.list) }()
	for _, operand := range operands {
		if !s.modinfoOperand(tree, options, operand) {
			failed = true
		}
	}
	if failed {
		return errFailed
	}
	return nil
}

// modinfoOperand shows every module that an operand stands for; false when something went wrong, which was said.
func (s *session) modinfoOperand(tree *resolve.Tree, options modinfoOptions, operand string) bool {
	modules, notFound := s.modinfoModules(tree, options, operand)
	if len(modules) == 0 {
		s.log.error(notFound + " " + operand + " not found.")
		return false
	}
	good := true
	for _, module := range modules {
		if err := s.showModule(tree, options, module); err != nil {
			s.errorBehind(err)
			s.log.error("could not get modinfo from '" + module.Name + "': " + strerror(err))
			s.explainDetail(err)
			good = false
		}
	}
	return good
}

// modinfoModules also gives what a missing one is called.
func (s *session) modinfoModules(tree *resolve.Tree, options modinfoOptions, operand string) ([]resolve.Module, string) {
	if options.modname {
		return tree.ByName(operand), "Module name"
	}
	if modname.HasSuffix(operand) {
		if stat, err := os.Stat(operand); err == nil && stat.Mode().IsRegular() {
			return s.fileOperand(operand), "Module file"
		}
	}
	modules, err := tree.Lookup(operand)
	if err != nil {
		return nil, "Module alias"
	}
	return modules, "Module"
}

func (s *session) fileOperand(operand string) []resolve.Module {
	name, err := modname.FromPath(operand)
	if err != nil {
		return nil
	}
	return []resolve.Module{{Name: name, Path: s.absolute(operand)}}
}

// showModule prints one module. Its file name is out before anything else is read, so that it is known what failed.
func (s *session) showModule(tree *resolve.Tree, options modinfoOptions, module resolve.Module) error {
	p := fieldPrinter{session: s, all: !options.field.set, field: options.field.text, end: '\n', null: options.null}
	if options.null {
		p.end = 0
	}
	if p.filename(module) && !s.json.wanted {
		return nil
	}
	info, err := s.moduleInfo(tree, module)
	if err != nil {
		return err
	}
	p.info(info)
	s.tellInfo(module, info)
	return nil
}

// moduleInfo takes the kernel's word for a module that is built in, unless the operand was a file.
func (s *session) moduleInfo(tree *resolve.Tree, module resolve.Module) (*modinfo.Info, error) {
	found := module.Step != 0
	switch {
	case found && (module.Step == resolve.StepBuiltinAlias || tree.Builtin(module.Name)):
	case module.Path != "":
		return modinfo.OfFile(module.Path, s.sizeLimit())
	default:
		// An alias of a module that modules.dep lacks: C kmod has no more to say of it than its name.
		return &modinfo.Info{}, nil
	}
	info, err := modinfo.OfBuiltin(tree.Dir()+"/modules.builtin.modinfo", module.Name)
	if errors.Is(err, fs.ErrNotExist) && module.Path == "" {
		return &modinfo.Info{}, nil
	}
	return info, err
}
