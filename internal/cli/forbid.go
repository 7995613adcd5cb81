package cli

import (
	"errors"
	"io/fs"
	"strings"
	"unicode"

	"gomod/internal/config"
	"gomod/internal/modname"
	"gomod/internal/resolve"
)

func newForbid(s *session) *Tool {
	return withHelp(Tool{
		Use:   "forbid MODULE REASON...",
		Short: "keep a module from being loaded, and say why",
		Long: "gomod forbid writes lines into " + config.ForbiddenFile + " of modprobe.d by which a module is not loaded any more: not by its name, not by an " +
			"alias, not for another module that needs it or wants it beside itself. modprobe, udev and all programs with libkmod obey them; " +
			"insmod, which reads no configuration, does not. The REASON is shown to whoever tries. A module that is loaded stays loaded.",
		Example:  "  gomod forbid pcspkr the beep disturbs the others\n  gomod allow pcspkr",
		run:      s.forbid,
		complete: s.forbidOperands,
	})
}

func newAllow(s *session) *Tool {
	return withHelp(Tool{
		Use:      "allow MODULE...",
		Short:    "let a module be loaded that gomod forbid keeps out",
		Long:     "gomod allow takes back what gomod forbid did. Other lines of modprobe.d that keep the module out stay: gomod why shows them.",
		Example:  "  gomod allow pcspkr",
		run:      s.allow,
		complete: func(_ []string, begun string) ([]string, directive) { return beginning(s.forbidden(), begun), noFiles },
	})
}

func (s *session) forbid(operands []string) error {
	if len(operands) == 0 {
		return errors.New("which module is to be forbidden, and why? See gomod forbid --help")
	}
	reason := strings.Join(strings.Fields(strings.Join(operands[1:], " ")), " ")
	if strings.ContainsFunc(reason, unicode.IsControl) {
		return errors.New("a reason is plain text: it has characters that would steer a terminal")
	}
	if reason == "" {
		return errors.New("a reason is needed, for whoever wonders later: gomod forbid " + operands[0] + " REASON")
	}
	name, err := forbiddenName(operands[0])
	if err != nil {
		return err
	}
	dir, err := s.moduleDir("", "")
	if err != nil {
		return err
	}
	tree := resolve.NewTree(dir)
	if tree.Builtin(name) {
		return errors.New(name + " is a part of the kernel: no configuration of modules keeps it out")
	}
	if modules, _ := s.configured(tree).Lookup(operands[0]); tree.Named(name).Path == "" && len(modules) > 0 && modules[0].Name != name {
		return errors.New(operands[0] + " is not the name of a module, but an alias of " + modules[0].Name + ": forbid that")
	}
	err = config.ChangeForbidden(s.modprobeFolders(), func(content string) (string, error) { return config.Forbid(content, name, reason), nil })
	if err != nil {
		return errors.New("could not forbid " + name + ": " + err.Error())
	}
	s.afterForbidding(tree, name)
	return nil
}

// afterForbidding tells of what forbidding does not do.
func (s *session) afterForbidding(tree *resolve.Tree, name string) {
	s.write(name, " is forbidden by ", s.modprobeFolders()[0], "/", config.ForbiddenFile, "\n")
	s.write("An initramfs has a copy of its own: make it again if it holds the module (update-initramfs -u, dracut -f).\n")
	if s.Sysfs.Stateless(name) {
		s.log.remark("the kernel that runs has a part with the name " + name + ", which no configuration of modules keeps out")
	} else if _, err := s.Sysfs.InitState(name); err == nil {
		s.log.remark(name + " is loaded, and stays until it is removed: modprobe -r " + name)
	}
	if tree.Unindexed() == nil && tree.Named(name).Path == "" {
		s.log.remark("there is no module " + name + " in " + tree.Dir() + " now")
	}
	if command, found := s.modprobeConfig(tree.Dir()).InstallOf(name); found && command.Command != config.Denial {
		s.log.remark(place(command.Where) + " has another install command for it, which udev and other programs with libkmod obey instead: take it out")
	}
}

func (s *session) allow(operands []string) error {
	if len(operands) == 0 {
		return errors.New("which module is to be allowed? See gomod allow --help")
	}
	for _, operand := range operands {
		name, err := forbiddenName(operand)
		if err != nil {
			return err
		}
		err = config.ChangeForbidden(s.modprobeFolders(), func(content string) (string, error) {
			rest, found := config.Allow(content, name)
			if !found {
				return "", errors.New(name + " is not forbidden by " + config.ForbiddenFile + "; gomod why " + name + " shows what else may keep it out")
			}
			return rest, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// forbiddenName is the module's name as the kernel has it. Aliases and patterns are no names.
func forbiddenName(operand string) (string, error) {
	name := modname.Name(operand)
	valid := func(c rune) bool {
		return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	if name == "" || strings.TrimFunc(name, valid) != "" {
		return "", errors.New("'" + operand + "' is not the name of a module")
	}
	return name, nil
}

// modprobeFolders are those of modprobe.d; the first is the one that is changed.
func (s *session) modprobeFolders() []string {
	return config.Directories(s.ConfigRoot, s.SysconfDirectory, s.DistconfDirectory, "modprobe.d")
}

// configured has a tree take modprobe.d's aliases for names, too.
func (s *session) configured(tree *resolve.Tree) *resolve.Tree {
	tree.Configure(s.modprobeConfig(tree.Dir()))
	return tree
}

// modprobeConfig is what modprobe goes by when it looks in a module folder.
func (s *session) modprobeConfig(dir string) *config.Config {
	c, _ := s.loadConfig(dir)
	return c
}

// loadConfig is modprobeConfig with the error of the kernel command line.
func (s *session) loadConfig(dir string) (*config.Config, error) {
	cmdline, err := s.Sysfs.Cmdline()
	return config.Load(config.Sources{Paths: s.modprobeFolders(), ModuleDir: dir, Cmdline: cmdline}), err
}

// reportedConfig is modprobeConfig, and says what is wrong with it: what could not be read does not count in what is printed.
func (s *session) reportedConfig(dir string) *config.Config {
	c, err := s.loadConfig(dir)
	for _, problem := range c.Problems {
		s.log.error(problem.Text(strerror))
	}
	s.tellExposures(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.log.error("could not read from '" + config.CmdlineFile + "': " + strerror(err))
	}
	return c
}

// forbidden are the names that gomod forbid keeps out.
func (s *session) forbidden() []string {
	var names []string
	c := s.modprobeConfig("")
	for _, entry := range c.Blacklist {
		if _, found := c.Forbidden(entry.Name); found {
			names = append(names, entry.Name)
		}
	}
	return names
}

// forbidOperands completes the module; the reason is free.
func (s *session) forbidOperands(operands []string, begun string) ([]string, directive) {
	if len(operands) > 0 {
		return nil, noFiles
	}
	dir, err := s.moduleDir("", "")
	if err != nil {
		return nil, noFiles
	}
	return resolve.NewTree(dir).Names(modname.Name(begun)), noFiles
}
