package cli

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"

	"gomod/internal/config"
	"gomod/internal/kofile"
	"gomod/internal/sysfs"
)

// moduleDir is the folder of a kernel release's modules. root and release are "" for the running system's.
func (s *session) moduleDir(root, release string) (string, error) {
	if release == "" {
		var err error
		if release, err = s.Kernel.Release(); err != nil {
			return "", errors.New("uname() failed: " + strerror(err))
		}
	}
	if root == "" {
		return s.ModuleDirectory + "/" + release, nil
	}
	return s.absolute(root) + s.ModuleDirectory + "/" + release, nil
}

// absolute puts the working directory before a relative path and changes nothing else, for the result is shown to the user.
// An empty path names nothing and stays so.
func (s *session) absolute(path string) string {
	if path == "" || strings.HasPrefix(path, "/") {
		return path
	}
	dir, err := s.Getwd()
	if err != nil {
		return path
	}
	return dir + "/" + path
}

// sizeLimit is the most bytes that a compressed module may become.
func (s *session) sizeLimit() int64 {
	limit, err := strconv.ParseInt(s.getenv(kofile.LimitVariable), 10, 64)
	if err != nil || limit <= 0 {
		return kofile.DefaultLimit
	}
	return limit
}

// reportEnvironment says what is wrong in the files that every tool of C kmod looks at before its work, whether or not it uses
// them: what the kernel decompresses, what comes with the kernel's modules in folder dir, and the kernel command line. Scripts
// that look at standard error see it.
func (s *session) reportEnvironment(dir string) {
	var unknown *sysfs.ValueError
	if _, err := s.Sysfs.Compression(); errors.As(err, &unknown) {
		s.log.error("unknown kernel compression " + strings.TrimSuffix(unknown.Text, "\n"))
	}
	cmdline, err := s.Sysfs.Cmdline()
	for _, problem := range config.Kernel(dir, cmdline).Problems {
		s.log.error(problem.Text(strerror))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.log.error("could not read from '" + config.CmdlineFile + "': " + strerror(err))
	}
}

// reportRunningEnvironment is reportEnvironment with the running kernel's module folder.
func (s *session) reportRunningEnvironment() {
	if dir, err := s.moduleDir("", ""); err == nil {
		s.reportEnvironment(dir)
	}
}
