package config

import (
	"bytes"
	"strings"
)

// KernelBlacklist are the modules that the kernel itself refuses to load, whoever asks: those of module_blacklist= on its command line, as they
// are written: the kernel compares them letter by letter with names that have no dash, so that one with a dash forbids nothing. The last
// such word counts; what stands behind "--" is for init. ParseCmdline takes that, too, as C kmod does.
func KernelBlacklist(cmdline []byte) []string {
	cmdline, _, _ = bytes.Cut(cmdline, []byte{0})
	var names []string
	rest := string(cmdline)
	for rest != "" {
		var word string
		word, rest = cutCmdlineWord(rest)
		word = strings.Trim(word, `"`)
		if word == "--" {
			break
		}
		key, list, found := strings.Cut(word, "=")
		if !found || strings.ReplaceAll(key, "-", "_") != "module_blacklist" {
			continue
		}
		names = names[:0]
		for name := range strings.SplitSeq(strings.Trim(list, `"`), ",") {
			if name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}
