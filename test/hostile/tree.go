package hostile

import (
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Tree is one broken module folder, with its configuration beside it.
type Tree struct {
	*rand.Rand
	source *Source
	// Root has etc/modprobe.d and etc/depmod.d; Dir, below it, is the module folder.
	Root, Dir string
	// Victim is a folder that no tool has any business in; links lead there.
	Victim string
	// Done says what was broken, for whoever looks at a failure; Touched are the modules' files among it, relative to Dir.
	Done, Touched []string
	bombed        map[string]bool
	before        map[string]string // what depmod's files were
	held          []int             // descriptors of FIFOs that somebody holds open
	err           error
}

// NewTree lays down the tree of that number and breaks it. root must not exist yet.
func NewTree(s *Source, root, release string, seed uint64) (*Tree, error) {
	t := &Tree{Rand: rand.New(rand.NewPCG(seed, 0)), source: s, Root: root, Dir: filepath.Join(root, "lib/modules", release), Victim: filepath.Join(root, "victim"), bombed: make(map[string]bool)}
	for _, dir := range []string{t.Dir, t.Victim, t.conf("modprobe.d"), t.conf("depmod.d")} {
		t.must(os.MkdirAll(dir, 0o755))
	}
	for _, file := range s.Files {
		t.must(os.MkdirAll(filepath.Dir(t.path(file)), 0o755))
		t.must(os.Link(filepath.Join(s.Dir, file), t.path(file)))
	}
	t.must(os.WriteFile(filepath.Join(t.Victim, "victim.ko"), []byte("not to be changed"), 0o644))
	for range 1 + t.IntN(6) {
		t.breakSomething()
	}
	return t, t.err
}

// breaking is a way to break a tree.
type breaking struct {
	name   string
	weight int
	do     func(t *Tree)
}

// breakings are all ways, those of which there is more to be found with a greater weight.
func breakings() []breaking {
	return []breaking{
		{"bits of a module", 4, (*Tree).moduleBits},
		{"a module cut", 3, (*Tree).moduleCut},
		{"a module's header", 4, (*Tree).elfHeader},
		{"a module's sections", 10, (*Tree).elfSections},
		{"a module's symbols", 5, (*Tree).elfSymbols},
		{"a module's strings", 4, (*Tree).moduleStrings},
		{"what a module says", 4, (*Tree).moduleSays},
		{"a module's tail", 3, (*Tree).moduleTail},
		{"another compression than the name says", 2, (*Tree).otherForm},
		{"a compressed module's bits", 4, (*Tree).compressedBits},
		{"a bomb", 2, (*Tree).bomb},
		{"a huge sparse file", 1, (*Tree).sparse},
		{"a link", 4, (*Tree).link},
		{"no regular file", 3, (*Tree).special},
		{"names", 3, (*Tree).names},
		{"many folders", 1, (*Tree).folders},
		{"no rights", 1, (*Tree).rights},
		{"an index", 8, (*Tree).brokenIndex},
		{"a text file", 8, (*Tree).brokenText},
		{"a list of nonsense", 2, (*Tree).nonsense},
		{"modprobe.d", 6, (*Tree).modprobeConf},
		{"depmod.d", 2, (*Tree).depmodConf},
		{"files gone", 1, (*Tree).gone},
		{"a chain of modules", 3, (*Tree).chain},
		{"a web of soft dependencies", 3, (*Tree).web},
	}
}

func (t *Tree) breakSomething() {
	all := breakings()
	total := 0
	for _, b := range all {
		total += b.weight
	}
	n := t.IntN(total)
	for _, b := range all {
		if n -= b.weight; n < 0 {
			t.Done = append(t.Done, b.name)
			b.do(t)
			return
		}
	}
}

func (t *Tree) must(err error) {
	if err != nil && t.err == nil {
		t.err = err
	}
}

func (t *Tree) path(file string) string { return filepath.Join(t.Dir, file) }

func (t *Tree) conf(name string) string { return filepath.Join(t.Root, "etc", name) }

func (t *Tree) note(words ...string) { t.Done = append(t.Done, strings.Join(words, " ")) }

// some is one of a list.
func some[T any](t *Tree, list ...T) T { return list[t.IntN(len(list))] }

// module is one of the source's module files whose name has the suffix; it may have been broken before.
func (t *Tree) module(suffix string) string {
	var fit []string
	for _, file := range t.source.Modules() {
		if strings.HasSuffix(file, suffix) {
			fit = append(fit, file)
		}
	}
	file := some(t, fit...)
	t.Touched = append(t.Touched, file)
	return file
}

// read gives what a file has now; nothing for what is no regular file any more.
func (t *Tree) read(path string) []byte {
	file, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() || info.Size() > 64<<20 {
		return nil
	}
	content, _ := io.ReadAll(file)
	return content
}

// replace puts a file in place of whatever is there, which may be a link to a sound one.
func (t *Tree) replace(path string, content []byte) {
	t.remove(path)
	t.must(os.WriteFile(path, content, 0o644))
}

// remove makes room for something at path, also where a folder above has become something else.
func (t *Tree) remove(path string) {
	parent := filepath.Dir(path)
	if !isDir(parent) && len(parent) > len(t.Root) {
		t.remove(parent)
	}
	t.must(os.RemoveAll(path))
	t.must(os.MkdirAll(parent, 0o755))
}

// Remove takes the tree away, whatever rights it has left itself.
func (t *Tree) Remove() error {
	for _, fd := range t.held {
		unix.Close(fd)
	}
	filepath.Walk(t.Root, func(path string, info os.FileInfo, err error) error {
		if info != nil && info.IsDir() {
			os.Chmod(path, 0o755)
		}
		return nil
	})
	return os.RemoveAll(t.Root)
}
