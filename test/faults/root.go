package faults

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Root is a folder that tools see as /: a few small modules in every compression, configuration, and a /proc and /sys of plain files.
type Root struct {
	Dir, Release string
	// state is what may change in a run: the content of files by path, relative to Dir.
	state map[string]string
	// log is a socket as /dev/log, console the other end of a FIFO as /dev/console.
	log, console int
}

// old is the age that files have again before each run, for depmod -A.
const old = time.Hour

// written are the files that a tool may write; * stands for the kernel's release.
var written = []string{
	"lib/modules/*/modules.*", forbidFile, "etc/modprobe.d/.gomod*", "nodes/*",
}

// NewRoot makes a root in a folder from gomod and the folder of built test modules.
func NewRoot(dir, gomod, modules string) (*Root, error) {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return nil, err
	}
	r := &Root{Dir: dir, Release: unix.ByteSliceToString(name.Release[:])}
	busybox, err := exec.LookPath("busybox")
	if err != nil {
		return nil, err
	}
	tree := "lib/modules/" + r.Release + "/kernel/"
	err = errors.Join(
		r.copy(gomod, "gomod", 0o755), r.copy(busybox, "bin/busybox", 0o755), os.Symlink("busybox", r.path("bin/sh")),
		r.copy(modules+"/gm_a.ko", tree+"gm_a.ko", 0o644), r.copy(modules+"/gm_b.ko", tree+"gm_b.ko", 0o644), r.copy(modules+"/gm_c.ko", tree+"gm_c.ko", 0o644),
		r.copy(modules+"/gm_devname.ko", tree+"gm_devname.ko", 0o644), r.copy(modules+"/gm_softdep.ko", tree+"gm_softdep.ko", 0o644),
		r.copy(modules+"/gm_c.ko", "m/gm_c.ko", 0o644),
		r.pack("xz --check=crc64", modules+"/gm_text.ko", tree+"gm_text.ko.xz"), r.pack("zstd -q", modules+"/gm_alias.ko", tree+"gm_alias.ko.zst"),
		r.pack("gzip", modules+"/gm-dash.ko", tree+"gm-dash.ko.gz"), r.pack("xz --check=crc64", modules+"/gm_c.ko", "m/gm_c.ko.xz"),
		r.write("etc/modprobe.d/a.conf", "alias mine gm_a\noptions gm_b start=3\nblacklist gm_text\nsoftdep gm_b pre: gm_text\ninstall gm_command echo ran\n"),
		r.write(forbidFile, forbidFirst+forbidSecond),
		r.write("etc/depmod.d/a.conf", "search updates built-in\n"),
		r.write("lib/modules/"+r.Release+"/modules.order", "kernel/gm_c.ko\nkernel/gm_a.ko\n"),
		r.write("lib/modules/"+r.Release+"/modules.builtin", "kernel/inside.ko\n"),
		r.write("lib/modules/"+r.Release+"/modules.builtin.modinfo", "inside.alias=built-in\x00inside.license=GPL\x00"),
		r.write("proc/cmdline", "quiet gm_a.start=4\n"), r.write("proc/modules", "gm_alias 12288 0 - Live 0x0 (OE)\ngm_devname 4096 1 gm_alias, Live 0x0 (OE)\n"),
		r.write("proc/self/status", "CapEff:\t000001ffffffffff\n"),
		r.write("sys/module/gm_alias/initstate", "live\n"), r.write("sys/module/gm_alias/refcnt", "0\n"), r.write("sys/module/gm_alias/coresize", "12288\n"), r.write("sys/module/gm_alias/holders/.x", ""),
		r.write("sys/module/gm_devname/initstate", "live\n"), r.write("sys/module/gm_devname/refcnt", "1\n"), r.write("sys/module/gm_devname/coresize", "4096\n"),
		os.MkdirAll(r.path("sys/module/gm_devname/holders/gm_alias"), 0o755), os.MkdirAll(r.path("dev"), 0o755), os.MkdirAll(r.path("tmp"), 0o755),
		os.Remove(r.path("sys/module/gm_alias/holders/.x")), os.MkdirAll(r.path("nodes"), 0o755), r.write("etc/odd.conf", "no such word\n"),
		r.listen(),
	)
	if err != nil {
		return nil, err
	}
	said, err := exec.Command("chroot", dir, "/gomod", "depmod").CombinedOutput()
	if err != nil {
		return nil, errors.New(string(said) + err.Error())
	}
	// The indexes are to change when they are made again.
	if err := r.copy(modules+"/gm_ns.ko", tree+"gm_ns.ko", 0o644); err != nil {
		return nil, err
	}
	r.state = r.State()
	return r, nil
}

// listen makes /dev/log and /dev/console.
func (r *Root) listen() (err error) {
	r.log, err = unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return err
	}
	dev, err := os.Open(r.path("dev"))
	if err != nil {
		return err
	}
	defer dev.Close()
	// An address has 108 bytes, which the name of a temporary folder may need for itself.
	if err := unix.Bind(r.log, &unix.SockaddrUnix{Name: fmt.Sprintf("/proc/self/fd/%d/log", dev.Fd())}); err != nil {
		return err
	}
	if err := unix.Mkfifo(r.path("dev/console"), 0o600); err != nil {
		return err
	}
	r.console, err = unix.Open(r.path("dev/console"), unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	return err
}

// Close ends the log and the console.
func (r *Root) Close() error { return errors.Join(unix.Close(r.log), unix.Close(r.console)) }

// logHead is what a record of the log has before the message: <28>Nov 23 09:05:01
var logHead = regexp.MustCompile(`^<\d+>.{15} `)

// Logged is what was said since the last call to the system's log or to the console, in lines.
func (r *Root) Logged() string {
	var text strings.Builder
	buffer := make([]byte, 64<<10)
	for _, fd := range []int{r.log, r.console} {
		for n, err := unix.Read(fd, buffer); err == nil && n > 0; n, err = unix.Read(fd, buffer) {
			text.WriteString(strings.ReplaceAll(logHead.ReplaceAllString(string(buffer[:n]), ""), "\r\n", "\n"))
		}
	}
	return text.String()
}

func (r *Root) path(name string) string { return filepath.Join(r.Dir, name) }

func (r *Root) write(name, content string) error {
	if err := os.MkdirAll(filepath.Dir(r.path(name)), 0o755); err != nil {
		return err
	}
	return os.WriteFile(r.path(name), []byte(content), 0o644)
}

func (r *Root) copy(from, to string, mode os.FileMode) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return errors.Join(r.write(to, string(content)), os.Chmod(r.path(to), mode))
}

func (r *Root) pack(program, from, to string) error {
	words := strings.Fields(program)
	content, err := exec.Command(words[0], append(words[1:], "-c", from)...).Output()
	if err != nil {
		return err
	}
	return r.write(to, string(content))
}

// State is what the files that tools write hold now.
func (r *Root) State() map[string]string {
	state := make(map[string]string)
	for _, pattern := range written {
		files, _ := filepath.Glob(r.path(strings.Replace(pattern, "/*/", "/"+r.Release+"/", 1)))
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err == nil {
				state[strings.TrimPrefix(file, r.Dir+"/")] = string(content)
			}
		}
	}
	return state
}

// Restore makes the files what they were in the beginning.
func (r *Root) Restore() error {
	now := r.State()
	for name, content := range r.state {
		if now[name] != content {
			if err := r.write(name, content); err != nil {
				return err
			}
		}
		then := time.Now().Add(-old)
		if err := os.Chtimes(r.path(name), then, then); err != nil {
			return err
		}
	}
	for name := range now {
		if _, was := r.state[name]; !was {
			if err := os.Remove(r.path(name)); err != nil {
				return err
			}
		}
	}
	return nil
}
