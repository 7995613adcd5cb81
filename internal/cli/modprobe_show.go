package cli

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"

	"gomod/internal/elfinfo"
	"gomod/internal/index"
	"gomod/internal/kofile"
	"gomod/internal/resolve"
	"gomod/internal/sysfs"
)

// showConfig prints the configuration in the form in which it could be read again, and the aliases of the indexes.
func (m *modprobe) showConfig() {
	for entry := range m.config.Entries() {
		m.out.WriteString(entry.Command + " " + entry.Key)
		if entry.Command != "blacklist" {
			m.out.WriteString(" " + entry.Text)
		}
		m.out.WriteByte('\n')
	}
	m.out.WriteString("\n# End of configuration files. Dumping indexes now:\n\n")
	m.tree.Aliases(func(pattern []byte, module string) bool {
		m.out.WriteString("alias ")
		m.out.Write(pattern)
		m.write(" ", module, "\n")
		return true
	})
	m.badIndexes()
}

// symbolsOf are some of a module's symbols.
type symbolsOf func(*elfinfo.File) ([]elfinfo.Symbol, error)

// showSymbols prints the symbols of a file, or of the modules of a name or alias, with their checksums. kind
// is what messages call them.
func (m *modprobe) showSymbols(operand, kind string, of symbolsOf) bool {
	modules := m.symbolModules(operand)
	if len(modules) == 0 {
		m.refuse("Module " + operand + " not found.")
		if _, err := os.Stat(operand); err != nil && strings.Contains(operand, "/") {
			m.explainUnreadable(operand, err)
		} else {
			m.explainNotFound(operand)
		}
		return false
	}
	defer func() { m.tell("symbols", m.json.list) }()
	good := true
	for _, module := range modules {
		if err := m.showSymbolsOf(module, of); err != nil {
			m.refuse("could not get " + kind + " of " + operand + ": " + strerror(err))
			m.explainDetail(err)
			good = false
		}
		if m.ended {
			break
		}
	}
	return good
}

func (m *modprobe) symbolModules(operand string) []resolve.Module {
	if _, err := os.Stat(operand); err == nil {
		if module, err := m.tree.OfFile(m.absolute(operand)); err == nil {
			return []resolve.Module{module}
		}
	}
	return m.lookup(operand)
}

func (m *modprobe) showSymbolsOf(module resolve.Module, of symbolsOf) error {
	if module.Path == "" {
		return &fs.PathError{Op: "find", Path: module.Name, Err: syscall.ENOENT}
	}
	file, err := kofile.Open(module.Path, m.sizeLimit())
	if err != nil {
		return err
	}
	defer file.Close()
	image, err := file.Image()
	if err != nil {
		return err
	}
	parsed, err := elfinfo.Parse(image)
	if err != nil {
		return err
	}
	symbols, err := of(parsed)
	for _, symbol := range symbols {
		m.out.WriteString("0x" + hexadecimalCRC(symbol.CRC) + "\t" + symbol.Name + "\n")
		m.tellSymbol(module, symbol)
	}
	return err
}

// hexadecimalCRC has at least eight digits.
func hexadecimalCRC(crc uint64) string {
	digits := strconv.FormatUint(crc, 16)
	const width = 8
	for len(digits) < width {
		digits = "0" + digits
	}
	return digits
}

// badIndexes tells of the indexes that look-ups found damaged.
func (m *modprobe) badIndexes() {
	for _, problem := range m.tree.Problems() {
		m.badIndex(problem)
	}
}

func (m *modprobe) badIndex(err error) {
	var magic *index.MagicError
	var version *index.VersionError
	switch {
	case errors.As(err, &magic):
		m.log.error("magic check fail: " + strconv.FormatUint(uint64(magic.Got), 16) + " instead of b007f457")
	case errors.As(err, &version):
		m.log.error("major version check fail: " + strconv.FormatUint(uint64(version.Major), 10) + " instead of 2")
	default:
		m.log.error(err.Error())
		return
	}
	m.log.explain(err.Error())
}

// cmdline is the kernel's command line, and what kept it from being read. That there is none is nothing to tell.
func (m *modprobe) cmdline() (cmdline []byte, problem string) {
	cmdline, err := m.Sysfs.Cmdline()
	if err != nil && !errors.Is(err, syscall.ENOENT) {
		return nil, "could not read from '/proc/cmdline': " + strerror(err)
	}
	return cmdline, ""
}

// problemText is what is said of something in /sys that cannot be read, or of a dependency.
func problemText(err error) string {
	var value *sysfs.ValueError
	if errors.As(err, &value) && isRefcnt(value.Path) {
		return "could not read integer from '" + value.Path + "': 'Invalid argument'"
	}
	return sysfsText(err)
}

func isRefcnt(path string) bool {
	const file = "/refcnt"
	return len(path) > len(file) && path[len(path)-len(file):] == file
}
