//go:build guest

package guest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The kernel calls modprobe by itself, with four variables for an environment and no standard streams, when something that a
// module provides is asked for.
func TestAutoload(t *testing.T) {
	for _, request := range []struct {
		name, module string
		// ask brings the kernel to want the module, and gives up whatever it got for it.
		ask func() error
	}{
		{"file system type", "overlay", func() error {
			// The module comes before the options are found wanting.
			unix.Mount("none", "/tmp", "overlay", 0, "")
			return nil
		}},
		{"file system with dependencies", "vfat", func() error {
			unix.Mount("/dev/null", "/tmp", "vfat", 0, "")
			return nil
		}},
		{"network link type", "veth", func() error { return busybox("ip", "link", "add", "gm0", "type", "veth") }},
		{"socket family", "af_alg", func() error { return socket(unix.AF_ALG, unix.SOCK_SEQPACKET) }},
		{"crypto request", "crc32c_generic", func() error { return hashSocket("crc32c-generic") }},
	} {
		t.Run(request.name, func(t *testing.T) {
			bothAsSbin(t, func(t *testing.T, k *kit) {
				kernelCalls(t, "/sbin/modprobe")
				if isLoaded(t, request.module) {
					t.Fatalf("%s is loaded before anybody asked for it", request.module)
				}
				if err := request.ask(); err != nil {
					t.Error(err)
				}
				k.loadedNow()
				if !isLoaded(t, request.module) {
					t.Errorf("the kernel got no %s", request.module)
				}
				busybox("ip", "link", "delete", "gm0")
				unloadAll(t, k)
			})
		})
	}
}

// kernelCalls has the kernel call a program for the modules it wants, until the test ends.
func kernelCalls(t *testing.T, program string) {
	t.Helper()
	const setting = "/proc/sys/kernel/modprobe"
	if err := os.WriteFile(setting, []byte(program+"\n"), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.WriteFile(setting, []byte("\n"), 0) })
}

func socket(family, kind int) error {
	fd, err := unix.Socket(family, kind, 0)
	if err != nil {
		return fmt.Errorf("socket family %d: %w", family, err)
	}
	return unix.Close(fd)
}

func hashSocket(name string) error {
	fd, err := unix.Socket(unix.AF_ALG, unix.SOCK_SEQPACKET, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if err := unix.Bind(fd, &unix.SockaddrALG{Type: "hash", Name: name}); err != nil {
		return fmt.Errorf("hash %s: %w", name, err)
	}
	return nil
}

// Fifty at once, over modules that need the same ones, end as one after the other does.
func TestFiftyModprobes(t *testing.T) {
	leaveAsFound(t)
	k := &kit{t: t, tools: gomod}
	names := Distribution()
	for _, name := range names {
		ok(t, k.run("modprobe", name))
	}
	want := strings.Join(loaded(t), " ")
	unloadAll(t, k)
	var (
		commands [50]*exec.Cmd
		said     [50]strings.Builder
	)
	for i := range commands {
		commands[i] = k.tools.command(t.Context(), "modprobe", names[i%len(names)])
		commands[i].Stderr = &said[i]
		if err := commands[i].Start(); err != nil {
			t.Fatal(err)
		}
	}
	for i, command := range commands {
		if err := command.Wait(); err != nil || said[i].Len() > 0 {
			t.Errorf("%s: %v: %s", command, err, said[i].String())
		}
	}
	if got := strings.Join(loaded(t), " "); got != want {
		t.Errorf("loaded by fifty at once: %s\nby one after the other: %s", got, want)
	}
	unloadAll(t, k)
}

// unloadAll removes everything that can be removed.
func unloadAll(t *testing.T, k *kit) {
	t.Helper()
	for range 6 {
		if names := loaded(t); len(names) > 0 {
			k.run("modprobe", append([]string{"-raq"}, names...)...)
		}
	}
}

// As the kernel calls it: nothing open, nothing in the environment but what it gives.
func TestModprobeWithClosedStreams(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		script := string(k.tools) + `/modprobe -q -- "$1" <&- >&- 2>&-; echo $?`
		for _, alias := range []string{"gm_text", "gm-plain-alias", "gm_nope", "net-pf-99", "a["} {
			command := shell(t, script, alias)
			command.Env = []string{"HOME=/", "TERM=linux", "PATH=/sbin:/usr/sbin:/bin:/usr/bin"}
			r := finish(t, command)
			r.command = alias
			k.results = append(k.results, r)
		}
		k.loadedNow()
		ok(t, k.run("modprobe", "-ra", "gm_text", "gm_alias"))
	})
}

// As the kernel calls it early in an initramfs: there is no /dev/null yet that closed streams could be opened on, and what is to be
// said goes to the system's log.
func TestModprobeWithoutDevices(t *testing.T) {
	const bare = "/tmp/bare"
	if err := os.Mkdir(bare, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(bare) })
	// What is mounted on the folders of / does not come along.
	for _, from := range []string{"/", "/proc", "/sys"} {
		to := filepath.Join(bare, from)
		if err := unix.Mount(from, to, "", unix.MS_BIND, ""); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Unmount(to, 0) })
	}
	if _, err := os.Stat(filepath.Join(bare, "dev/null")); !os.IsNotExist(err) {
		t.Fatalf("a /dev/null is there: %v", err)
	}
	both(t, func(t *testing.T, k *kit) {
		for _, args := range []string{"-q gm_text", "gm_alias", "-q gm_nope", "gm_nope", "--no-such-option", "gm_fail"} {
			command := shell(t, "chroot "+bare+" "+string(k.tools)+"/modprobe "+args+" <&- >&- 2>&-; echo $?")
			records := recorded(t, filepath.Join(bare, "dev/log"), func() {
				r := finish(t, command)
				r.command = args
				k.results = append(k.results, r)
			})
			k.note("log of "+args, strings.Join(plainRecords("modprobe", records), ""))
		}
		k.loadedNow()
		ok(t, k.run("modprobe", "-ra", "gm_text", "gm_alias"))
	})
}
