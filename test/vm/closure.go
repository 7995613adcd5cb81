package vm

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
)

// dependencies is a modules.dep file: module name to the paths of its line, that of the module itself first. A line reads
//
//	kernel/fs/fat/vfat.ko.xz: kernel/fs/fat/fat.ko.xz
type dependencies map[string][]string

func readDependencies(file string) (dependencies, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	d := make(dependencies)
	for line := range strings.Lines(string(text)) {
		module, needed, found := strings.Cut(strings.TrimSpace(line), ":")
		if !found {
			return nil, fmt.Errorf("%s: a line without a colon: %q", file, line)
		}
		d[moduleName(module)] = append([]string{module}, strings.Fields(needed)...)
	}
	return d, nil
}

func moduleName(file string) string {
	name, _, _ := strings.Cut(path.Base(file), ".")
	return strings.ReplaceAll(name, "-", "_")
}

// closure lists the files of the modules and of all that they need, sorted. Modules that the kernel does not have as files,
// because they are built in, are left out.
func (d dependencies) closure(modules []string) []string {
	var files []string
	for _, module := range modules {
		files = append(files, d[moduleName(module)]...)
	}
	slices.Sort(files)
	return slices.Compact(files)
}
