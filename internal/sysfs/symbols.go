package sysfs

import (
	"bufio"
	"bytes"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// KernelSymbols tells for each name who has a symbol of that name in the running kernel: the name of a loaded module, "" for the kernel
// itself. A name that is not in the map exists nowhere, if data is true; otherwise it may be data, for the kernel was built without
// CONFIG_KALLSYMS_ALL and tells of functions only. Whether a symbol is exported is not told. It reads /proc/kallsyms, some ten megabytes
// of lines like
//
//	ffffffff81234560 T register_netdev
//	ffffffffc0012340 t gm_c_plain	[gm_c]
//
// The error is that there is no such file, or nothing in it (ENODATA).
func (s *FS) KernelSymbols(names []string) (owners map[string]string, data bool, err error) {
	file, err := os.Open(s.root + "/proc/kallsyms")
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	owners, data, err = kernelSymbols(file, names)
	if err == syscall.ENODATA {
		err = &fs.PathError{Op: "read", Path: file.Name(), Err: err}
	}
	return owners, data, err
}

func kernelSymbols(kallsyms io.Reader, names []string) (owners map[string]string, data bool, err error) {
	wanted := make(map[string]bool, len(names))
	for _, name := range names {
		wanted[name] = true
	}
	const longest = 64 << 10
	owners = make(map[string]string)
	lines := bufio.NewScanner(kallsyms)
	lines.Buffer(make([]byte, longest), longest)
	any := false
	for lines.Scan() {
		any = true
		line := lines.Bytes()
		name, rest := symbolOf(line)
		if string(name) == someData {
			data = true
		}
		if !wanted[string(name)] {
			continue
		}
		owner := strings.Trim(strings.TrimSpace(string(rest)), "[]")
		if known, twice := owners[string(name)]; !twice || known != "" {
			owners[string(name)] = owner
		}
	}
	if !any && lines.Err() == nil {
		return nil, false, syscall.ENODATA
	}
	return owners, data, lines.Err()
}

// someData is a variable that every kernel has.
const someData = "init_task"

// Initcall tells whether the kernel itself has an init function of a part called name: what would be a module of that name, were it built as
// one. The kernel calls these symbols as in
//
//	ffffffffaedc68dc d __initcall__kmod_binfmt_elf__697_2179_init_elf_binfmt1
//
// It needs /proc/kallsyms with all symbols (CONFIG_KALLSYMS_ALL).
func (s *FS) Initcall(name string) bool {
	file, err := os.Open(s.root + "/proc/kallsyms")
	if err != nil {
		return false
	}
	defer file.Close()
	return initcall(file, name)
}

func initcall(kallsyms io.Reader, name string) bool {
	prefix := []byte("__initcall__kmod_" + name + "__")
	lines := bufio.NewScanner(kallsyms)
	for lines.Scan() {
		symbol, module := symbolOf(lines.Bytes())
		if rest, found := bytes.CutPrefix(symbol, prefix); found && len(module) == 0 && len(rest) > 0 && '0' <= rest[0] && rest[0] <= '9' {
			return true
		}
	}
	return false
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
