package cli

import (
	"errors"
	"os"
	"strings"

	"gomod/internal/getopt"
	"gomod/internal/jsontext"
	"gomod/internal/kmod"
	"gomod/internal/modname"
	"gomod/internal/resolve"
)

// rmmodOptions is what rmmod was asked for.
type rmmodOptions struct {
	force   bool
	logging loggingFlags
}

func newRmmod(s *session) *Tool {
	var options rmmodOptions
	return withHelp(Tool{
		Use:   "rmmod [options] MODULE...",
		Short: "remove modules from the kernel",
		Long: "rmmod removes each MODULE, named or given as the file it was loaded from, unless something uses it. " +
			"It follows no dependencies: `modprobe -r` does.",
		Example: "  rmmod dummy\n  rmmod gm_a gm_b gm_c",
		Options: append([]getopt.Option{
			getopt.Switch('f', "force", &options.force, "DANGEROUS: remove a module that is in use, if the kernel allows that at all"),
		}, append(options.logging.options(), s.jsonOption())...),
		run:      func(operands []string) error { return s.rmmod(options, operands) },
		complete: s.loadedModules,
	})
}

func (s *session) rmmod(options rmmodOptions, operands []string) error {
	s.apply(options.logging)
	if len(operands) == 0 {
		return errors.New("missing module name.")
	}
	dir, err := s.moduleDir("", "")
	if err != nil {
		return err
	}
	s.reportEnvironment(dir)
	tree := resolve.NewTree(dir)
	defer tree.Close()
	failed := false
	defer func() { s.tell("modules", s.json.list) }()
	for _, operand := range operands {
		name, err := moduleOperand(operand)
		if err != nil {
			return errors.New("could not use module " + operand + ": " + strerror(err))
		}
		if !s.removeOne(tree, operand, name, options.force) {
			failed = true
		}
	}
	if failed {
		return errFailed
	}
	return nil
}

// moduleOperand is the name of the module that an operand means: a file's if there is a file so called.
func moduleOperand(operand string) (string, error) {
	if _, err := os.Stat(operand); err == nil {
		return modname.FromPath(operand)
	}
	return modname.Name(operand), nil
}

// removeOne tells whether the module is gone; if not, it said why.
func (s *session) removeOne(tree *resolve.Tree, operand, name string, force bool) bool {
	err := s.removeModule(tree, operand, name, force)
	object := jsontext.Object{{Name: "name", Value: name}, {Name: "removed", Value: err == nil}}
	if err != nil {
		if explanation := s.explainStay(tree, name, err); explanation != nil {
			object = append(object, jsontext.Member{Name: "explanation", Value: explanationObject(explanation)})
		}
	}
	s.json.list = append(s.json.list, object)
	return err == nil
}

// removeModule said what the error is.
func (s *session) removeModule(tree *resolve.Tree, operand, name string, force bool) error {
	host := s.host()
	if !force {
		problems, err := host.CheckRemoval(tree, name)
		for _, problem := range problems {
			s.log.error(sysfsText(problem))
		}
		var obstacle *kmod.RemovalError
		if errors.As(err, &obstacle) {
			s.log.error(obstacleText(obstacle))
			return err
		}
	}
	err := host.Remove(name, force)
	if err != nil {
		s.log.error("could not remove '" + name + "': " + strerror(err))
		s.log.error("could not remove module " + operand + ": " + strerror(err))
	}
	return err
}

func obstacleText(obstacle *kmod.RemovalError) string {
	switch obstacle.Obstacle {
	case kmod.Builtin:
		return "Module " + obstacle.Name + " is builtin."
	case kmod.NotLoaded:
		return "Module " + obstacle.Name + " is not currently loaded"
	case kmod.Held:
		return "Module " + obstacle.Name + " is in use by: " + strings.Join(obstacle.Holders, " ")
	case kmod.InUse:
		return "Module " + obstacle.Name + " is in use"
	}
	return "Module unloading is not supported"
}
