package cli

import (
	"errors"
	"strconv"
	"strings"

	"gomod/internal/config"
	"gomod/internal/kofile"
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
func (s *session) absolute(path string) string {
	if strings.HasPrefix(path, "/") {
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

// readKernelConfig reports what is wrong in the configuration that the kernel's own files hold. No tool but modprobe uses that
// configuration, but all of them complain, and scripts that look at standard error see it.
func (s *session) readKernelConfig(dir string) {
	_ = config.Kernel
}

// readRunningKernelConfig is readKernelConfig of the running kernel's module folder.
func (s *session) readRunningKernelConfig() {
	if dir, err := s.moduleDir("", ""); err == nil {
		s.readKernelConfig(dir)
	}
}
