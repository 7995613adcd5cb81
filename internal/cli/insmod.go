package cli

import (
	"errors"
	"os"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gomod/internal/getopt"
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

func newInsmod(s *session) *cobra.Command {
	var options insmodOptions
	return s.command(applet{
		use:   "insmod [options] FILE [PARAMETER=VALUE...]",
		short: "load a module from a file",
		long: "insmod loads the one module in FILE. It neither looks for the modules that this one needs nor reads modprobe.d: " +
			"modprobe does. A compressed file is handed to the kernel as it is where the kernel can decompress it.",
		example:  "  insmod ./dummy.ko numdummies=2\n  insmod /lib/modules/$(uname -r)/kernel/drivers/net/dummy.ko.xz",
		declare:  options.declare,
		run:      func(operands []string) error { return s.insmod(options, operands) },
		complete: s.insmodOperands,
	})
}

func (o *insmodOptions) declare(flags *pflag.FlagSet) {
	flags.BoolVarP(&o.force, "force", "f", false, "DANGEROUS: load it even if it was built for another kernel")
	flags.BoolVar(&o.forceCRC, "force-modversion", false, "DANGEROUS: ignore the checksums of the symbols it needs")
	flags.BoolVar(&o.forceVermagic, "force-vermagic", false, "DANGEROUS: ignore the kernel version it was built for")
	getopt.Addition(flags, "force-modversion")
	getopt.Addition(flags, "force-vermagic")
	o.logging.declare(flags)
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
	if _, err := modname.FromPath(file); err != nil {
		if _, statErr := os.Stat(s.absolute(file)); statErr != nil {
			err = statErr
		}
		s.log.error("could not load module " + file + ": " + strerror(err))
		return errFailed
	}
	host := s.host()
	err := host.Insert(s.absolute(file), parameters, kernel.Force{
		Vermagic:    options.force || options.forceVermagic,
		Modversions: options.force || options.forceCRC,
	})
	if err != nil {
		s.insertFailed(file, err)
		return errFailed
	}
	return nil
}

func (s *session) insertFailed(file string, err error) {
	var notThere *kmod.OpenError
	if errors.As(err, &notThere) {
		s.log.error("could not load module " + file + ": " + strerror(err))
		return
	}
	s.errorBehind(err)
	s.log.info("Failed to insert module '" + s.absolute(file) + "': " + strerror(err))
	s.log.error("could not insert module " + file + ": " + insertText(err))
	var refused *kernel.LoadError
	if !errors.As(err, &refused) {
		s.explainDetail(err)
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
	return &kmod.Host{Kernel: s.Kernel, Sysfs: s.Sysfs, SizeLimit: s.sizeLimit()}
}
