package diag

import (
	"path/filepath"
	"strings"

	"gomod/internal/config"
)

// notSet is the value of an option that the kernel was built without.
const notSet = "n"

// partOfKernel is what shows that the tree's kernel has a part of that name built in; "" is nothing. Of the running one there is more to see.
func (s *System) partOfKernel(name string, running bool) string {
	if running && s.Sysfs.Stateless(name) {
		return "/sys/module/" + name
	}
	if running && s.Sysfs.Initcall(name) {
		return "/proc/kallsyms has __initcall__kmod_" + name
	}
	if option, value, file := s.builtWith(name); value == "y" {
		return file + " has " + option + "=y"
	}
	return ""
}

// builtWith looks for the option that a module is usually named after, such as CONFIG_BINFMT_ELF of binfmt_elf, in the configuration that the
// tree's kernel was built with. The value is "" where there is no such option, or no such file.
func (s *System) builtWith(name string) (option, value, file string) {
	option = "CONFIG_" + strings.ToUpper(name)
	dir := s.Tree.Dir()
	for _, file := range []string{s.Root + "/boot/config-" + filepath.Base(dir), dir + "/config", dir + "/build/.config"} {
		content, err := config.ReadText(file)
		if err != nil {
			continue
		}
		if value, found := optionIn(content, option); found {
			return option, value, file
		}
	}
	return option, "", ""
}

// optionIn finds the first line about an option in the configuration of a kernel:
//
//	CONFIG_BINFMT_ELF=y
//	# CONFIG_BINFMT_AOUT is not set
func optionIn(content, option string) (value string, found bool) {
	for line := range strings.Lines(content) {
		line = strings.TrimSuffix(line, "\n")
		if value, found = strings.CutPrefix(line, option+"="); found {
			return value, true
		}
		if line == "# "+option+" is not set" {
			return notSet, true
		}
	}
	return "", false
}
