package kerneltest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// module is one loaded module: its line in proc/modules, corrected by the refcnt and initstate in its folder.
type module struct {
	name      string
	size      int // bytes
	refcnt    int
	noUnload  bool // the kernel cannot unload modules
	users     []string
	permanent bool // has no exit function
	state     string
	address   string
	taint     string
}

// line returns the line of proc/modules.
func (m *module) line() string {
	refcnt, users := strconv.Itoa(m.refcnt), ""
	for _, user := range m.users {
		users += user + ","
	}
	if m.permanent {
		users += "[permanent],"
	}
	if m.noUnload {
		refcnt = "-"
	}
	if users == "" || m.noUnload {
		users = "-"
	}
	line := fmt.Sprintf("%s %d %s %s %s %s", m.name, m.size, refcnt, users, m.state, m.address)
	if m.taint != "" {
		line += " " + m.taint
	}
	return line + "\n"
}

func (k *Kernel) readModules() ([]*module, error) {
	text, err := os.ReadFile(k.path("proc/modules"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, internal(err)
	}
	var modules []*module
	for line := range strings.Lines(string(text)) {
		m, err := parseLine(line)
		if err != nil {
			return nil, err
		}
		k.correct(m)
		modules = append(modules, m)
	}
	return modules, nil
}

// parseLine reads a line; the columns after the name may be missing in a file that a test wrote.
func parseLine(line string) (*module, error) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return nil, errors.New("kerneltest: empty line in proc/modules")
	}
	words = append(words, []string{"16384", "0", "-", "Live", "0x0000000000000000", ""}[min(len(words)-1, 6):]...)
	size, sizeErr := strconv.Atoi(words[1])
	m := &module{name: words[0], size: size, state: words[4], address: words[5], taint: words[6]}
	var refcntErr error
	if words[2] == "-" {
		m.noUnload = true
	} else {
		m.refcnt, refcntErr = strconv.Atoi(words[2])
	}
	if sizeErr != nil || refcntErr != nil {
		return nil, fmt.Errorf("kerneltest: not a line of proc/modules: %q", line)
	}
	for _, user := range strings.Split(strings.Trim(words[3], "-,"), ",") {
		switch user {
		case "":
		case "[permanent]":
			m.permanent = true
		default:
			m.users = append(m.users, user)
		}
	}
	return m, nil
}

// correct takes over what a test wrote into the module's folder.
func (k *Kernel) correct(m *module) {
	if text, err := os.ReadFile(k.path("sys/module", m.name, "refcnt")); err == nil {
		if refcnt, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
			m.refcnt = refcnt
		}
	}
	state, _ := os.ReadFile(k.path("sys/module", m.name, "initstate"))
	switch string(state) {
	case "live\n":
		m.state = "Live"
	case "coming\n":
		m.state = "Loading"
	case "going\n":
		m.state = "Unloading"
	}
}

// writeModules replaces proc/modules in one step, as readers do not take the lock.
func (k *Kernel) writeModules(modules []*module) error {
	var text strings.Builder
	for _, m := range modules {
		text.WriteString(m.line())
	}
	if err := os.MkdirAll(k.path("proc"), 0o755); err != nil {
		return internal(err)
	}
	next := k.path("proc/modules.next")
	if err := os.WriteFile(next, []byte(text.String()), 0o644); err != nil {
		return internal(err)
	}
	return internal(os.Rename(next, k.path("proc/modules")))
}

// makeFolder makes sys/module/NAME of a module that was just loaded.
func (k *Kernel) makeFolder(m *module, image []byte) error {
	files := map[string]string{
		"coresize":  strconv.Itoa(m.size),
		"initsize":  "0",
		"initstate": "live",
		"refcnt":    "0",
		"taint":     "",
	}
	for _, key := range []string{"srcversion", "version"} {
		if value := modinfo(image, key); value != "" {
			files[key] = value
		}
	}
	if err := os.MkdirAll(k.path("sys/module", m.name, "holders"), 0o755); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(k.path("sys/module", m.name, name), []byte(text+"\n"), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (k *Kernel) addHolder(m *module, user string) error {
	holders := k.path("sys/module", m.name, "holders")
	if err := os.MkdirAll(holders, 0o755); err != nil {
		return err
	}
	if err := os.Symlink("../../"+user, filepath.Join(holders, user)); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return k.writeRefcnt(m)
}

func (k *Kernel) removeHolder(m *module, user string) error {
	if err := os.RemoveAll(k.path("sys/module", m.name, "holders", user)); err != nil {
		return err
	}
	return k.writeRefcnt(m)
}

func (k *Kernel) writeRefcnt(m *module) error {
	if m.noUnload {
		return nil
	}
	return os.WriteFile(k.path("sys/module", m.name, "refcnt"), []byte(strconv.Itoa(m.refcnt)+"\n"), 0o644)
}

func (k *Kernel) isFolder(name string) bool {
	info, err := os.Stat(k.path("sys/module", name))
	return err == nil && info.IsDir()
}
