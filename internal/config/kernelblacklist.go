package config

import (
	"bytes"
	"strings"
)

// KernelBlacklist are the modules that the kernel itself refuses to load, whoever asks: those of module_blacklist= on its command line,
// normalised. The last such word counts, as in the kernel.
func KernelBlacklist(cmdline []byte) []string {
	cmdline, _, _ = bytes.Cut(cmdline, []byte{0})
	var names []string
	rest := string(cmdline)
	for rest != "" {
		var word string
		word, rest = cutCmdlineWord(rest)
		list, found := strings.CutPrefix(strings.Trim(word, `"`), "module_blacklist=")
		if !found {
			continue
		}
		names = names[:0]
		for name := range strings.SplitSeq(strings.Trim(list, `"`), ",") {
			if name != "" {
				names = append(names, strings.ReplaceAll(name, "-", "_"))
			}
		}
	}
	return names
}
