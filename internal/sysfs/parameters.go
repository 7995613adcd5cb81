package sysfs

import (
	"os"
	"strings"
)

// Parameter is a parameter of a module in the kernel, with its present value.
type Parameter struct {
	Name string
	// Value is without the newline at its end; "" if Hidden.
	Value string
	// Hidden tells that this process may not read it.
	Hidden bool
}

// Parameters are those in /sys/module/NAME/parameters, by name. A module's parameter need not be there: its author decides.
func (s *FS) Parameters(name string) []Parameter {
	if !validName(name) {
		return nil
	}
	const most = 4096 // of one attribute of sysfs
	dir := s.modulePath(name + "/parameters")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var parameters []Parameter
	for _, entry := range entries {
		text, err := readUpTo(dir+"/"+entry.Name(), make([]byte, most))
		parameters = append(parameters, Parameter{entry.Name(), strings.TrimSuffix(string(text), "\n"), err != nil})
	}
	return parameters
}
