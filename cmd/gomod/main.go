// Command gomod is Linux's module tools: the name it is called by chooses the tool.
package main

import (
	"os"

	"gomod/internal/cli"
	"gomod/internal/kernel"
	"gomod/internal/kmod"
	"gomod/internal/sysfs"
)

// Set at build time, by make's variables of the same meaning.
var (
	moduleDirectory   = "/lib/modules"
	sysconfDirectory  = "/etc"
	distconfDirectory = "/usr/lib"
	version           = "development"
)

func main() {
	inheritSignals()
	shell := shell()
	os.Exit(cli.Run(&cli.Env{
		Args:              os.Args,
		Stdout:            os.Stdout,
		Stderr:            os.Stderr,
		LookupEnv:         os.LookupEnv,
		Getwd:             os.Getwd,
		Terminal:          func() bool { return cli.IsTerminal(os.Stdout) },
		StderrTerminal:    func() bool { return cli.IsTerminal(os.Stderr) },
		StderrClosed:      stderrClosed,
		Kernel:            kernel.Host{},
		Sysfs:             sysfs.New(""),
		Shell:             shell,
		Clock:             kmod.SystemClock{},
		ModuleDirectory:   moduleDirectory,
		SysconfDirectory:  sysconfDirectory,
		DistconfDirectory: distconfDirectory,
		SyslogSocket:      "/dev/log",
		Console:           "/dev/console",
		Version:           version,
	}))
}
