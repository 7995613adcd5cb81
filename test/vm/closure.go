package vm

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
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

// AddModules puts the named modules of the distribution, all that they need, and every index of the whole tree where the guest
// looks for them. Modules that the kernel has built in are passed over.
func (i *Initramfs) AddModules(kernel Kernel, modules []string) error {
	d, err := readDependencies(filepath.Join(kernel.Modules, "modules.dep"))
	if err != nil {
		return err
	}
	indexes, err := filepath.Glob(filepath.Join(kernel.Modules, "modules.*"))
	if err != nil {
		return err
	}
	tree := "/lib/modules/" + kernel.Release
	for _, index := range indexes {
		i.File(path.Join(tree, filepath.Base(index)), index, 0o644)
	}
	for _, file := range d.closure(modules) {
		i.File(path.Join(tree, file), filepath.Join(kernel.Modules, file), 0o644)
	}
	return nil
}
