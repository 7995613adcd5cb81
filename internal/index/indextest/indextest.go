// Package indextest makes the indexes of small module folders for tests.
package indextest

import (
	"os"
	"path/filepath"
	"strings"

	"gomod/internal/index"
	"gomod/internal/modname"
)

// Write makes the *.bin files of a module folder from its modules.dep, modules.alias, modules.symbols, modules.builtin and,
// with lines `alias PATTERN MODULE` of built-in modules, modules.builtin.alias. What is missing counts as empty.
func Write(dir string) error {
	for _, name := range []string{"dep", "alias", "symbols", "builtin", "builtin.alias"} {
		path := filepath.Join(dir, "modules."+name)
		text, err := os.ReadFile(path)
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		content, err := encode(name, string(text))
		if err != nil {
			return err
		}
		if err := os.WriteFile(path+".bin", content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func encode(name, text string) ([]byte, error) {
	var builder index.Builder
	priority := uint32(0)
	for line := range strings.Lines(text) {
		key, value := entry(name, strings.TrimSpace(line))
		if err := builder.Add(key, value, priority); err != nil {
			return nil, err
		}
		priority++
	}
	return builder.Bytes()
}

func entry(name, line string) (key, value string) {
	switch name {
	case "dep":
		path, _, _ := strings.Cut(line, ":")
		key, _ = modname.FromPath(path)
		return key, line
	case "builtin":
		key, _ = modname.FromPath(line)
		return key, ""
	}
	words := strings.Fields(line)
	key, _ = modname.Alias(words[1])
	return key, words[2]
}
