package kerneltest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

const nonblock = 0x800 // O_NONBLOCK of fcntl.h on most architectures; the fake looks at O_TRUNC only

func stub(strings ...string) []byte {
	image := "\x7fELF"
	for _, text := range strings {
		image += "\x00" + text
	}
	return []byte(image + "\x00")
}

func write(t testing.TB, root, path, text string) {
	t.Helper()
	full := filepath.Join(root, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// expect compares a file with a text; "-" is no file.
func expect(t testing.TB, root, path, want string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	got := string(text)
	if errors.Is(err, os.ErrNotExist) {
		got = "-"
	} else if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("%s is\n%s\nwant\n%s", path, got, want)
	}
}

func answer(t testing.TB, what string, got, want error) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestLoadAndUnload(t *testing.T) {
	root := t.TempDir()
	k := New(root)
	answer(t, "a without b", k.InitModule(stub("name=a", "depends=b-b,c"), ""), syscall.ENOENT)
	answer(t, "b", k.InitModule(stub("name=b_b", "srcversion=0123", "version=1.0"), "x=1"), nil)
	answer(t, "c", k.InitModule(stub("name=c", "depends="), ""), nil)
	answer(t, "a", New(root).InitModule(stub("name=a", "depends=b-b,c"), `s="a b"`), nil)
	answer(t, "a again", k.InitModule(stub("name=a", "depends=b-b,c"), ""), syscall.EEXIST)
	answer(t, "d", k.InitModule(stub("name=d", "depends=c"), ""), nil)
	expect(t, root, "proc/modules", "d 4096 0 - Live 0x0000000000000000\n"+
		"a 4096 0 - Live 0x0000000000000000\n"+
		"c 4096 2 d,a, Live 0x0000000000000000\n"+
		"b_b 4096 1 a, Live 0x0000000000000000\n")
	expect(t, root, "sys/module/c/refcnt", "2\n")
	expect(t, root, "sys/module/b_b/refcnt", "1\n")
	expect(t, root, "sys/module/b_b/coresize", "4096\n")
	expect(t, root, "sys/module/b_b/initstate", "live\n")
	expect(t, root, "sys/module/b_b/srcversion", "0123\n")
	expect(t, root, "sys/module/b_b/version", "1.0\n")
	expect(t, root, "sys/module/c/version", "-")
	expect(t, root, "sys/module/c/holders/a/initstate", "live\n")
	expect(t, root, "sys/module/c/holders/d/initstate", "live\n")

	answer(t, "unload c", k.DeleteModule("c", nonblock), syscall.EWOULDBLOCK)
	answer(t, "force c", k.DeleteModule("c", nonblock|syscall.O_TRUNC), syscall.EWOULDBLOCK)
	answer(t, "unload a", k.DeleteModule("a", nonblock), nil)
	answer(t, "unload a again", k.DeleteModule("a", nonblock), syscall.ENOENT)
	expect(t, root, "proc/modules", "d 4096 0 - Live 0x0000000000000000\n"+
		"c 4096 1 d, Live 0x0000000000000000\n"+
		"b_b 4096 0 - Live 0x0000000000000000\n")
	expect(t, root, "sys/module/c/refcnt", "1\n")
	expect(t, root, "sys/module/c/holders/a/initstate", "-")
	expect(t, root, "sys/module/a/initstate", "-")
	expect(t, root, "kernel/calls", `init_module a ""
init_module b_b "x=1"
init_module c ""
init_module a "s=\"a b\""
init_module a ""
init_module d ""
delete_module c flags=0x800
delete_module c flags=0xa00
delete_module a flags=0x800
delete_module a flags=0x800
`)
}

func TestUnloadRefusals(t *testing.T) {
	tests := []struct {
		name, modules, refcnt, state string
		plain, force                 error
	}{
		{"unused", "m 1 0 - Live 0x0\n", "", "", nil, nil},
		{"busy line", "m 1 2 - Live 0x0\n", "", "", syscall.EWOULDBLOCK, nil},
		{"busy refcnt", "m 1 0 - Live 0x0\n", "1\n", "", syscall.EWOULDBLOCK, nil},
		{"user", "m 1 1 n, Live 0x0\n", "", "", syscall.EWOULDBLOCK, syscall.EWOULDBLOCK},
		{"permanent", "m 1 0 [permanent], Live 0x0\n", "", "", syscall.EBUSY, nil},
		{"loading", "m 1 0 - Loading 0x0\n", "", "", syscall.EBUSY, syscall.EBUSY},
		{"going", "m 1 0 - Live 0x0\n", "", "going\n", syscall.EBUSY, syscall.EBUSY},
		{"no unload support", "m 1 - - Live 0x0\n", "", "", syscall.ENOSYS, syscall.ENOSYS},
		{"name only", "m\n", "", "", nil, nil},
		{"built in", "", "1\n", "", syscall.ENOENT, syscall.ENOENT},
	}
	for _, test := range tests {
		for _, force := range []bool{false, true} {
			root := t.TempDir()
			write(t, root, "proc/modules", test.modules)
			if test.refcnt != "" {
				write(t, root, "sys/module/m/refcnt", test.refcnt)
			}
			if test.state != "" {
				write(t, root, "sys/module/m/initstate", test.state)
			}
			flags, want := nonblock, test.plain
			if force {
				flags, want = nonblock|syscall.O_TRUNC, test.force
			}
			answer(t, test.name, New(root).DeleteModule("m", flags), want)
			if want == nil {
				expect(t, root, "proc/modules", "")
			}
		}
	}
}

func TestProcModulesKeepsWhatItDoesNotChange(t *testing.T) {
	root := t.TempDir()
	write(t, root, "proc/modules", "nvidia 40000000 2 nvidia_modeset,[permanent], Live 0xffffffffc1000000 (POE)\nloop 32768 - - Loading 0x0\n")
	answer(t, "new", New(root).InitModule(stub("name=new", "depends=nvidia"), ""), nil)
	expect(t, root, "proc/modules", "new 4096 0 - Live 0x0000000000000000\n"+
		"nvidia 40000000 3 new,nvidia_modeset,[permanent], Live 0xffffffffc1000000 (POE)\nloop 32768 - - Loading 0x0\n")
}

func finit(t testing.TB, k *Kernel, name string, data []byte, flags int) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return k.FinitModule(int(file.Fd()), "p", flags)
}

func gunzip(data []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}

func TestFinitModule(t *testing.T) {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	writer.Write(stub("name=inside"))
	writer.Close()
	tests := []struct {
		what, compression, file string
		data                    []byte
		flags                   int
		want                    error
		call                    string
	}{
		{"plain", "", "x.ko", stub("name=m"), 0, nil, "m"},
		{"forced", "", "x.ko", stub("name=m"), 3, nil, "m"},
		{"built in", "", "x.ko", stub("name=vmlinux"), 0, syscall.EINVAL, "vmlinux"},
		{"unknown flag", "", "x.ko", stub("name=m"), 8, syscall.EINVAL, "m"},
		{"not ELF", "", "snd-x.ko.xz", []byte("hello"), 0, syscall.ENOEXEC, "snd_x"},
		{"no name", "", "x.ko", stub(), 0, syscall.ENOEXEC, "x"},
		{"empty", "", "x.ko", nil, 0, syscall.EINVAL, "x"},
		{"compressed", "gzip\n", "x.ko.gz", packed.Bytes(), 4, nil, "inside"},
		{"compressed without flag", "gzip\n", "x.ko.gz", packed.Bytes(), 0, syscall.ENOEXEC, "x"},
		{"flag without compression", "gzip\n", "x.ko", stub("name=m"), 4, syscall.EINVAL, "x"},
		{"other compression", "xz\n", "x.ko.gz", packed.Bytes(), 4, syscall.EINVAL, "x"},
		{"no decompression", "", "x.ko.gz", packed.Bytes(), 4, syscall.EOPNOTSUPP, "x"},
		{"broken", "gzip\n", "x.ko.gz", packed.Bytes()[:packed.Len()/2], 4, syscall.EINVAL, "x"},
		{"xz with CRC64", "xz\n", "x.ko.xz", []byte("\xfd7zXZ\x00\x00\x04"), 4, syscall.EINVAL, "x"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			root := t.TempDir()
			write(t, root, "sys/module/vmlinux/uevent", "")
			if test.compression != "" {
				write(t, root, "sys/module/compression", test.compression)
			}
			k := New(root)
			k.Decompress = gunzip
			answer(t, test.what, finit(t, k, test.file, test.data, test.flags), test.want)
			expect(t, root, "kernel/calls", "finit_module "+test.call+` "p" flags=`+string(rune('0'+test.flags))+"\n")
		})
	}
	t.Run("descriptor", func(t *testing.T) {
		root := t.TempDir()
		answer(t, "-1", New(root).FinitModule(-1, "", 0), syscall.EBADF)
		answer(t, "not open", New(root).FinitModule(9999, "", 0), syscall.EBADF)
		file, err := os.OpenFile(filepath.Join(root, "m.ko"), os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		answer(t, "not for reading", New(root).FinitModule(int(file.Fd()), "", 0), syscall.EBADF)
		expect(t, root, "kernel/calls", "finit_module - \"\" flags=0\nfinit_module - \"\" flags=0\nfinit_module m \"\" flags=0\n")
	})
}

func TestChosenErrno(t *testing.T) {
	root := t.TempDir()
	write(t, root, "kernel/errno", `# first fit counts
finit_module a ENOEXEC
finit_module * EPERM   # all others
init_module ENOSYS
delete_module a EWOULDBLOCK
`)
	k := New(root)
	answer(t, "finit a", finit(t, k, "a.ko", stub("name=a"), 0), syscall.ENOEXEC)
	answer(t, "finit b", finit(t, k, "b.ko", stub("name=b"), 0), syscall.EPERM)
	answer(t, "init", k.InitModule(stub("name=a"), ""), syscall.ENOSYS)
	answer(t, "delete a", k.DeleteModule("a", nonblock), syscall.EAGAIN)
	answer(t, "delete b", k.DeleteModule("b", nonblock), syscall.ENOENT)
	expect(t, root, "proc/modules", "-")

	for _, line := range []string{"finit_module", "finit a ENOENT", "init_module a b c", "init_module a ENOSENSE"} {
		write(t, root, "kernel/errno", "\n"+line+"\n")
		err := k.InitModule(stub("name=a"), "")
		var errno syscall.Errno
		if err == nil || errors.As(err, &errno) || !strings.Contains(err.Error(), "kernel/errno:2") {
			t.Errorf("line %q: %v, want an error with its place and without errno", line, err)
		}
	}
}

func TestRelease(t *testing.T) {
	root := t.TempDir()
	write(t, root, "kernel/release", "6.12.1-amd64\n")
	if got, err := New(root).Release(); got != "6.12.1-amd64" || err != nil {
		t.Errorf("Release = %q, %v", got, err)
	}
	if _, err := New(t.TempDir()).Release(); err == nil {
		t.Error("Release without a file")
	}
}

func TestManyAtOnce(t *testing.T) {
	root := t.TempDir()
	answer(t, "base", New(root).InitModule(stub("name=base"), ""), nil)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			name := "name=m" + string(rune('a'+i))
			answer(t, name, New(root).InitModule(stub(name, "depends=base"), ""), nil)
		})
	}
	group.Wait()
	expect(t, root, "sys/module/base/refcnt", "20\n")
	text, _ := os.ReadFile(filepath.Join(root, "proc/modules"))
	if lines := strings.Count(string(text), "\n"); lines != 21 {
		t.Errorf("%d lines in\n%s", lines, text)
	}
}
