package cli

import (
	"errors"
	"os"
	"syscall"

	"gomod/internal/diag"
	"gomod/internal/getopt"
	"gomod/internal/jsontext"
	"gomod/internal/kernel"
	"gomod/internal/kmod"
	"gomod/internal/modname"
)

// insmodOptions is what insmod was asked for.
type insmodOptions struct {
	force                   bool
	forceVermagic, forceCRC bool
	logging                 loggingFlags
}

func newInsmod(s *session) *Tool {
	var options insmodOptions
	return withHelp(Tool{
		Use:   "insmod [options] FILE [PARAMETER=VALUE...]",
		Short: "load a module from a file",
		Long: "insmod loads the one module in FILE. It neither looks for the modules that this one needs nor reads modprobe.d: " +
			"modprobe does. A compressed file is handed to the kernel as it is where the kernel can decompress it.",
		Example:  "  insmod ./dummy.ko numdummies=2\n  insmod /lib/modules/$(uname -r)/kernel/drivers/net/dummy.ko.xz",
		Options:  append(options.list(), s.jsonOption()),
		run:      func(operands []string) error { return s.insmod(options, operands) },
		complete: s.insmodOperands,
	})
}

func (o *insmodOptions) list() []getopt.Option {
	return append([]getopt.Option{
		getopt.Switch('f', "force", &o.force, "DANGEROUS: load it even if it was built for another kernel"),
		getopt.Addition(getopt.Switch(0, "force-modversion", &o.forceCRC, "DANGEROUS: ignore the checksums of the symbols it needs")),
		getopt.Addition(getopt.Switch(0, "force-vermagic", &o.forceVermagic, "DANGEROUS: ignore the kernel version it was built for")),
	}, o.logging.options()...)
}

func (s *session) insmod(options insmodOptions, operands []string) error {
	s.apply(options.logging)
	if len(operands) == 0 {
		return errors.New("missing filename.")
	}
	file, parameters := operands[0], joinParameters(operands[1:])
	if file == "-" {
		return errors.New("this tool does not support loading from stdin!")
	}
	s.reportRunningEnvironment()
	s.tell("file", s.absolute(file))
	s.tell("parameters", parameters)
	if _, err := modname.FromPath(file); err != nil {
		if _, statErr := os.Stat(s.absolute(file)); statErr != nil {
			err = statErr
		}
		s.notOpened(file, err)
		return errFailed
	}
	host := s.host()
	logged, err := host.Insert(s.absolute(file), parameters, kernel.Force{
		Vermagic:    options.force || options.forceVermagic,
		Modversions: options.force || options.forceCRC,
	})
	if err != nil {
		s.insertFailed(file, err)
		return errFailed
	}
	if len(logged) > 0 {
		ignored := s.runningSystem().Ignored(s.absolute(file), parameters, logged)
		s.warnOfIgnored(file, ignored)
		s.tell("ignored_parameters", ignoredObjects(ignored))
	}
	return nil
}

func ignoredObjects(ignored []diag.Parameter) []jsontext.Object {
	objects := make([]jsontext.Object, 0, len(ignored))
	for _, p := range ignored {
		objects = append(objects, jsontext.Object{{Name: "name", Value: p.Name}, {Name: "nearest", Value: p.Nearest}})
	}
	return objects
}

// warnOfIgnored tells of parameters that the kernel left out.
func (s *session) warnOfIgnored(module string, ignored []diag.Parameter) {
	for _, p := range ignored {
		text := "the kernel ignored the parameter " + p.Name + ", which " + module + " does not have"
		if p.Nearest != "" {
			text += ": did you mean " + p.Nearest + "?"
		}
		s.log.remark(text)
	}
}

func (s *session) insertFailed(file string, err error) {
	var notThere *kmod.OpenError
	if errors.As(err, &notThere) {
		s.notOpened(file, err)
		return
	}
	s.errorBehind(err)
	s.log.info("Failed to insert module '" + s.absolute(file) + "': " + strerror(err))
	s.log.error("could not insert module " + file + ": " + insertText(err))
	s.explainNotLoaded(file, err)
}

// notOpened tells of a file that cannot even be looked at.
func (s *session) notOpened(file string, err error) {
	s.log.error("could not load module " + file + ": " + strerror(err))
	s.explainNotLoaded(file, err)
}

func (s *session) explainNotLoaded(file string, err error) {
	if explanation := s.whyNotLoaded(s.runningSystem, s.absolute(file), err); explanation != nil {
		s.explainCauses(explanation)
		s.tell("explanation", explanationObject(explanation))
	}
}

// insertText is insmod's text for why the kernel refused a module.
func insertText(err error) string {
	switch {
	case errors.Is(err, syscall.ENOEXEC):
		return "Invalid module format"
	case errors.Is(err, syscall.ENOENT):
		return "Unknown symbol in module"
	case errors.Is(err, syscall.ESRCH):
		return "Module has wrong symbol version"
	case errors.Is(err, syscall.EINVAL):
		return "Invalid parameters"
	}
	return strerror(err)
}

func (s *session) host() *kmod.Host {
	host := &kmod.Host{Kernel: s.Kernel, Sysfs: s.Sysfs, SizeLimit: s.sizeLimit()}
	if s.explaining() {
		host.Watch = kernel.NewWatch(s.Kernel)
	}
	return host
}
