package cli

import (
	"io"

	"gomod/internal/kernel"
	"gomod/internal/kmod"
	"gomod/internal/sysfs"
)

// Env is all that a tool knows of the world. Only main makes the real one; tests point every part of it elsewhere.
type Env struct {
	// Args is the command line with the program's name, as it was called, first.
	Args           []string
	Stdout, Stderr io.Writer
	LookupEnv      func(name string) (value string, set bool)
	Getwd          func() (string, error)
	// Terminal tells whether Stdout is a terminal.
	Terminal func() bool
	// StderrTerminal tells whether Stderr is one.
	StderrTerminal func() bool
	// StderrClosed tells whether the program was started without a standard error.
	StderrClosed func() bool
	Kernel       kernel.Kernel
	Sysfs        *sysfs.FS
	// Shell runs the commands of modprobe.d; they write where Stdout and Stderr go.
	Shell kmod.Shell
	Clock kmod.Clock
	// ModuleDirectory holds one module tree per kernel release; /lib/modules unless set at build time.
	ModuleDirectory string
	// SysconfDirectory and DistconfDirectory hold modprobe.d and depmod.d; /etc and /usr/lib unless set at build time.
	SysconfDirectory, DistconfDirectory string
	// ConfigRoot is what all folders of configuration lie below; "" on a running system.
	ConfigRoot string
	// SyslogSocket is the datagram socket of the system's log; /dev/log.
	SyslogSocket string
	// Console gets what the system's log cannot be told; /dev/console.
	Console string
	// Version is gomod's own.
	Version string
}

// getenv is the value of a variable, empty where it is not set.
func (e *Env) getenv(name string) string {
	value, _ := e.LookupEnv(name)
	return value
}
