package hostile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Breaks what kind of files there are and what they are called.

// place is the path of any file of the tree: a module, an index, a list, or configuration. Some of them sound trees need not have.
func (t *Tree) place() string {
	switch t.IntN(5) {
	case 0:
		return some(t, filepath.Join(t.conf("modprobe.d"), some(t, "a.conf", "gomod-forbid.conf")), filepath.Join(t.conf("depmod.d"), "a.conf"), t.path("config"), t.path("modules.devname"))
	case 1, 2:
		return t.path(t.module(""))
	}
	return t.path(some(t, t.source.Files...))
}

func (t *Tree) sparse() {
	path := t.place()
	t.note(path)
	t.replace(path, t.read(path))
	t.must(os.Truncate(path, some(t, int64(1<<20), 1<<30, 1<<40, 1<<42)))
}

// link puts a symbolic link in place of a file: in circles, out of the tree, to devices and to nothing.
func (t *Tree) link() {
	path := t.place()
	base := filepath.Base(path)
	// None leads to /: to walk through the whole machine is no hang.
	target := some(t, base, "./"+base, "..", ".", "../..", t.Dir, t.Victim, t.Victim+"/victim.ko", "/dev/zero", "/dev/null", "/dev/full", "/dev/stdin",
		"/dev/tty", "/proc/self/fd", "/proc/self/fd/0", "/proc/self/mem", "/proc/self/exe", "/nowhere/at/all", strings.Repeat("x/", 2000), base+".other")
	if some(t, true, false) && strings.HasSuffix(target, ".other") {
		t.remove(path + ".other")
		t.must(os.Symlink(base, path+".other"))
	}
	if t.IntN(4) == 0 { // the whole folder
		path = filepath.Dir(path)
		if path == t.Dir || len(path) < len(t.Dir) {
			path = filepath.Join(t.Dir, "kernel", "linked")
		}
	}
	t.note(path, "->", target)
	t.remove(path)
	t.must(os.Symlink(target, path))
}

// special puts a FIFO, a socket or a folder in place of a file. A FIFO may be held open by somebody who never writes into it.
func (t *Tree) special() {
	path := t.place()
	t.note(path)
	t.remove(path)
	switch t.IntN(4) {
	case 0:
		t.must(unix.Mkfifo(path, 0o644))
	case 1:
		t.must(unix.Mkfifo(path, 0o644))
		fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		t.must(err)
		t.held = append(t.held, fd)
	case 2:
		t.must(socket(path))
	default:
		t.must(os.Mkdir(path, 0o755))
		if t.IntN(2) == 0 {
			t.must(os.WriteFile(filepath.Join(path, "within.ko"), nil, 0o644))
		}
	}
}

// socket makes one by a short name, for an address has 108 bytes.
func socket(path string) error {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	short, err := os.MkdirTemp("", "s")
	if err != nil {
		return err
	}
	defer os.RemoveAll(short)
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: short + "/s"}); err != nil {
		return err
	}
	return moveTo(short+"/s", path)
}

func moveTo(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		// Another file system: a FIFO is as good.
		return unix.Mkfifo(to, 0o644)
	}
	return nil
}

// word is a name that readers stumble over.
func (t *Tree) word() string {
	return some(t, "", "-", "--help", "*", "[", "]", "[a-", "[!]*]", "a[b]c[d]e[", strings.Repeat("*a", 60), strings.Repeat("?", 300), "..", "../../../../etc/passwd", "/etc/passwd",
		"\x1b[31m\x1b]0;title\a", "\xff\xfe\x80", "na\x01me", "a b\tc", "a\nb", "a:b", "#", "\\", "a\\", "\"", "$(id)", "%s%n%d", strings.Repeat("x", 4095), strings.Repeat("a-", 500), "ext4", "symbol:", "symbol:"+strings.Repeat("s", 200), "\x00\x00", "é", "\u202e", "\u009b31m")
}

// names adds modules with odd names; the longest that a file system takes has 255 bytes.
func (t *Tree) names() {
	content := t.read(t.path(t.module(".ko")))
	for range 1 + t.IntN(8) {
		name := strings.NewReplacer("/", "", "\x00", "").Replace(t.word())
		suffix := some(t, ".ko", ".ko", ".ko.xz", ".ko.gz.zst", ".ko.", "")
		name = name[:min(len(name), 255-len(suffix))] + suffix
		if strings.Trim(name, ".") == "" {
			continue
		}
		file := filepath.Join(some(t, "kernel", "updates", "extra/"+strings.Repeat("d", 200)), name)
		t.note(fmt.Sprintf("%q", file))
		t.Touched = append(t.Touched, file)
		if isDir(filepath.Dir(t.path(file))) || !exists(filepath.Dir(t.path(file))) {
			t.replace(t.path(file), content)
		}
	}
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// folders are nested as deep as a path can be, or deeper, or are many.
func (t *Tree) folders() {
	base := t.path("updates")
	t.remove(base)
	if t.IntN(2) == 0 {
		for i := range 300 {
			t.must(os.MkdirAll(filepath.Join(base, fmt.Sprint(i)), 0o755))
			t.must(os.WriteFile(filepath.Join(base, fmt.Sprint(i), "same.ko"), nil, 0o644))
		}
		return
	}
	t.must(os.MkdirAll(base, 0o755))
	fd, err := unix.Open(base, unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	name := strings.Repeat("d", some(t, 1, 100, 250))
	for range 40 + t.IntN(100) {
		if err != nil {
			break
		}
		var next int
		if err = unix.Mkdirat(fd, name, 0o755); err == nil {
			next, err = unix.Openat(fd, name, unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
			unix.Close(fd)
			fd = next
		}
	}
	t.must(err)
	if err == nil {
		file, _ := unix.Openat(fd, "deep.ko", unix.O_CREAT|unix.O_WRONLY|unix.O_CLOEXEC, 0o644)
		unix.Close(file)
		unix.Close(fd)
	}
}

// rights takes those of a file or folder away. Root does not notice.
func (t *Tree) rights() {
	path := some(t, t.place(), t.path("kernel"), t.Dir)
	if info, err := os.Lstat(path); err == nil && (info.IsDir() || info.Mode().IsRegular() && !linked(path)) {
		t.note(path)
		t.must(os.Chmod(path, some(t, os.FileMode(0), 0o111, 0o444, 0o777)))
	}
}

// linked tells of a file that is the source's too.
func linked(path string) bool {
	var st unix.Stat_t
	return unix.Lstat(path, &st) != nil || st.Nlink > 1
}

func (t *Tree) gone() {
	for _, file := range t.source.Files {
		if t.IntN(3) == 0 {
			// A folder above may be no folder any more.
			if err := os.RemoveAll(t.path(file)); !errors.Is(err, unix.ENOTDIR) && !errors.Is(err, unix.ENOENT) {
				t.must(err)
			}
		}
	}
}
