package cli

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"gomod/internal/modname"
)

// makeIndexes is the script command `mkindexes FOLDER`: the *.bin files of a module folder from its modules.dep, modules.alias,
// modules.symbols, modules.builtin and, with lines `alias PATTERN MODULE` of built-in modules, modules.builtin.alias. What is
// missing counts as empty.
func makeIndexes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: mkindexes FOLDER")
	}
	for _, name := range []string{"dep", "alias", "symbols", "builtin", "builtin.alias"} {
		text, err := os.ReadFile(filepath.Join(ts.MkAbs(args[0]), "modules."+name))
		if err != nil && !os.IsNotExist(err) {
			ts.Check(err)
		}
		root := &trie{}
		for line := range strings.Lines(string(text)) {
			key, value := indexEntry(name, strings.TrimSpace(line))
			root.add(key, value)
		}
		ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[0]), "modules."+name+".bin"), root.file(), 0o644))
	}
}

func indexEntry(index, line string) (key, value string) {
	switch index {
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

// trie is an index with one node for each character.
type trie struct {
	children [128]*trie
	values   []string
}

func (n *trie) add(key, value string) {
	for i := range len(key) {
		if n.children[key[i]] == nil {
			n.children[key[i]] = &trie{}
		}
		n = n.children[key[i]]
	}
	n.values = append(n.values, value)
}

func (n *trie) file() []byte {
	file := binary.BigEndian.AppendUint32(nil, 0xb007f457)
	file = binary.BigEndian.AppendUint32(file, 0x00020001)
	file = append(file, 0, 0, 0, 0)
	root := n.write(&file)
	binary.BigEndian.PutUint32(file[8:], root)
	return file
}

// write appends the node behind its children and gives the reference to it.
func (n *trie) write(file *[]byte) uint32 {
	const withValues, withChildren = 0x40000000, 0x20000000
	var references [128]uint32
	first, last := -1, -1
	for c, child := range n.children {
		if child != nil {
			references[c] = child.write(file)
			if first < 0 {
				first = c
			}
			last = c
		}
	}
	reference := uint32(len(*file))
	if first >= 0 {
		reference |= withChildren
		*file = append(*file, byte(first), byte(last))
		for _, child := range references[first : last+1] {
			*file = binary.BigEndian.AppendUint32(*file, child)
		}
	}
	if len(n.values) > 0 {
		reference |= withValues
		*file = binary.BigEndian.AppendUint32(*file, uint32(len(n.values)))
		for i, value := range n.values {
			*file = binary.BigEndian.AppendUint32(*file, uint32(i))
			*file = append(*file, value+"\x00"...)
		}
	}
	return reference
}
