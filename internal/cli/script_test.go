package cli

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"gomod/internal/kernel/kerneltest"
	"gomod/internal/kmod"
	"gomod/internal/kofile"
	"gomod/internal/sysfs"
)

// TestMain makes this program be the tools when a script calls them.
func TestMain(m *testing.M) {
	programs := make(map[string]func())
	for _, tool := range append(Tools(), "gomod", "gomod-arm64", "lspci") {
		programs[tool] = func() { os.Exit(Run(scriptEnv(tool))) }
	}
	testscript.Main(m, programs)
}

// scriptEnv is a world below $ROOT, with the fake kernel whose state is there too.
func scriptEnv(tool string) *Env {
	root := os.Getenv("ROOT")
	kernel := kerneltest.New(root)
	kernel.Decompress = decompress
	return &Env{
		Args:             append([]string{tool}, os.Args[1:]...),
		Stdout:           os.Stdout,
		Stderr:           os.Stderr,
		LookupEnv:        os.LookupEnv,
		Getwd:            os.Getwd,
		Terminal:         func() bool { return os.Getenv("TERMINAL") != "" },
		StderrTerminal:   func() bool { return os.Getenv("TERMINAL") != "" },
		StderrClosed:     func() bool { return os.Getenv("STDERR_CLOSED") != "" },
		Shell:            kmod.SystemShell{},
		Clock:            &loggedClock{file: filepath.Join(root, "clock")},
		ConfigRoot:       root,
		Kernel:           kernel,
		Sysfs:            sysfs.New(root),
		ModuleDirectory:  filepath.Join(root, "lib/modules"),
		SyslogSocket:     filepath.Join(root, "dev/log"),
		Console:          filepath.Join(root, "dev/console"),
		Version:          "1.2.3",
		SysconfDirectory: "/etc", DistconfDirectory: "/usr/lib",
	}
}

// decompress is the fake kernel's own decompression.
func decompress(data []byte) ([]byte, error) {
	file, err := os.CreateTemp("", "module")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name())
	if _, err := file.Write(data); err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	opened, err := kofile.Open(file.Name(), kofile.DefaultLimit)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return opened.All()
}

// TestScript runs testdata/script: each file is commands, what they must print, and the files they work on.
func TestScript(t *testing.T) {
	testscript.Run(t, scriptParams(filepath.Join("..", "..", "testdata", "script")))
}

// scriptParams are for the scripts in a folder.
func scriptParams(dir string) testscript.Params {
	return testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", filepath.Join(env.WorkDir, "root"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"mkmodule": makeModule, "mkindexes": makeIndexes, "document": checkDocument},
	}
}

// loggedClock passes only when somebody sleeps, and writes down for how long.
type loggedClock struct {
	file string
	now  time.Time
}

func (c *loggedClock) Now() time.Time { return c.now }

func (c *loggedClock) Sleep(d time.Duration) {
	c.now = c.now.Add(d)
	file, err := os.OpenFile(c.file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err == nil {
		file.WriteString(d.String() + "\n")
		file.Close()
	}
}
