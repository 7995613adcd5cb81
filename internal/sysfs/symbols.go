package sysfs

import (
	"bufio"
	"os"
	"strings"
)

// KernelSymbols tells for each name who has a symbol of that name in the running kernel: the name of a loaded module, "" for the kernel
// itself. A name that is not in the map exists nowhere. Whether a symbol is exported is not told. It reads /proc/kallsyms, some ten
// megabytes of lines like
//
//	ffffffff81234560 T register_netdev
//	ffffffffc0012340 t gm_c_plain	[gm_c]
//
// The error is that there is no such file.
func (s *FS) KernelSymbols(names []string) (map[string]string, error) {
	file, err := os.Open(s.root + "/proc/kallsyms")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	wanted := make(map[string]bool, len(names))
	for _, name := range names {
		wanted[name] = true
	}
	const longest = 4096
	owners := make(map[string]string)
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 64<<10), longest)
	for lines.Scan() {
		line := lines.Bytes()
		name, rest := symbolOf(line)
		if !wanted[string(name)] {
			continue
		}
		owner := strings.Trim(strings.TrimSpace(string(rest)), "[]")
		if known, twice := owners[string(name)]; !twice || known != "" {
			owners[string(name)] = owner
		}
	}
	return owners, lines.Err()
}

// symbolOf cuts the third column off a line; what follows is the module's name in brackets.
func symbolOf(line []byte) (name, rest []byte) {
	for range 2 {
		for len(line) > 0 && line[0] != ' ' {
			line = line[1:]
		}
		if len(line) > 0 {
			line = line[1:]
		}
	}
	for i, c := range line {
		if c == '\t' || c == ' ' {
			return line[:i], line[i:]
		}
	}
	return line, nil
}
