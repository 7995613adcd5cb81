package vm

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// Initramfs is the file system that a virtual machine starts with. Paths in it are absolute; the folders above a file come by
// themselves.
type Initramfs struct {
	kernel Kernel
	nodes  map[string]node
}

// node is one file of an initramfs. Its content lies in a file of the host if host is set.
type node struct {
	mode         uint32
	major, minor uint32
	content      []byte
	host         string
}

// NewInitramfs gives a file system for a kernel with nothing in it but /dev/console and the serial port of the results, without
// which the first process could not be heard.
func NewInitramfs(kernel Kernel) *Initramfs {
	i := &Initramfs{kernel, make(map[string]node)}
	i.Device("/dev/console", 5, 1)
	i.Device(ResultsPort, 4, boardOf(kernel.Arch).results)
	return i
}

// Directory adds an empty folder.
func (i *Initramfs) Directory(name string) { i.put(name, node{mode: typeDirectory | 0o755}) }

// Symlink adds a link to target.
func (i *Initramfs) Symlink(name, target string) {
	i.put(name, node{mode: typeSymlink | 0o777, content: []byte(target)})
}

// Device adds a character device.
func (i *Initramfs) Device(name string, major, minor uint32) {
	i.put(name, node{mode: typeCharacter | 0o600, major: major, minor: minor})
}

// Text adds a file with the permissions perm.
func (i *Initramfs) Text(name, content string, perm fs.FileMode) {
	i.put(name, node{mode: typeRegular | uint32(perm.Perm()), content: []byte(content)})
}

// File adds the content of a file of the host, which Save reads, following symbolic links.
func (i *Initramfs) File(name, host string, perm fs.FileMode) {
	i.put(name, node{mode: typeRegular | uint32(perm.Perm()), host: host})
}

func (i *Initramfs) put(name string, n node) {
	name = strings.TrimPrefix(path.Clean(name), "/")
	if name == "" {
		return
	}
	i.nodes[name] = n
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if _, there := i.nodes[dir]; !there {
			i.nodes[dir] = node{mode: typeDirectory | 0o755}
		}
	}
}

// Save writes the archive to a file of the host. Errors name the file that could not be had.
func (i *Initramfs) Save(file string) error {
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := i.write(out); err != nil {
		out.Close()
		return fmt.Errorf("%s: %w", file, err)
	}
	return out.Close()
}

func (i *Initramfs) write(out io.Writer) error {
	w := &newcWriter{out: bufio.NewWriterSize(out, 1<<20)}
	// Byte order of the paths puts every folder before what is in it.
	for _, name := range slices.Sorted(maps.Keys(i.nodes)) {
		if err := i.nodes[name].addTo(w, name); err != nil {
			return err
		}
	}
	return w.close()
}

func (n node) addTo(w *newcWriter, name string) error {
	m := member{name: name, mode: n.mode, major: n.major, minor: n.minor, size: int64(len(n.content))}
	if n.host == "" {
		return w.add(m, bytes.NewReader(n.content))
	}
	content, err := os.Open(n.host)
	if err != nil {
		return err
	}
	defer content.Close()
	info, err := content.Stat()
	if err != nil {
		return err
	}
	m.size = info.Size()
	return w.add(m, content)
}
