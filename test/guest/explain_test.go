//go:build guest

package guest

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"gomod/internal/kofile"
	"gomod/test/arch"
	"gomod/test/modules"
	"gomod/test/ptrace"
)

// refusal is something that the kernel, or gomod, does not do, and what a person is told of it.
type refusal struct {
	name string
	// before are files that are loaded first.
	before []string
	// prepare changes something for the time of the case.
	prepare func(t *testing.T)
	command []string
	// leaves are modules that the command loads on its way.
	leaves []string
	// says are lines of the explanation, in this order; RELEASE stands for the kernel's, and ... at the end for any rest of the line.
	says []string
	// only is the kernel's release that it happens in, up to a dot; "" for both.
	only string
}

// explained runs the commands and compares what is said. Each explanation ends in something to do.
func explained(t *testing.T, refusals []refusal) {
	release := filepath.Base(tree(t))
	for _, test := range refusals {
		if test.only != "" && !strings.HasPrefix(release, test.only+".") {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			leaveAsFound(t)
			k := &kit{t: t, tools: gomod}
			for _, file := range test.before {
				ok(t, k.run("insmod", ours(file)))
				t.Cleanup(func() { removed(t, strings.TrimSuffix(file, ".ko")) })
			}
			for _, name := range test.leaves {
				t.Cleanup(func() { removed(t, name) })
			}
			if test.prepare != nil {
				test.prepare(t)
			}
			run, command := k.run, test.command
			if command[0] == "nobody" {
				run, command = k.nobody, command[1:]
			}
			r := run(command[0], command[1:]...)
			lines := strings.Split(strings.TrimSuffix(r.stderr, "\n"), "\n")
			if r.status != 1 || !strings.HasPrefix(lines[len(lines)-1], "  To fix: ") {
				t.Errorf("exit status 1 and something to do expected:\n%s", r)
			}
			for _, want := range test.says {
				want = strings.ReplaceAll(want, "RELEASE", release)
				at := slices.IndexFunc(lines, func(line string) bool { return saysSo(line, want) })
				if at < 0 {
					t.Fatalf("%q is not said, or not in its place:\n%s", want, r)
				}
				lines = lines[at+1:]
			}
		})
	}
}

// removed takes a module away that has to be there.
func removed(t *testing.T, name string) {
	if err := unix.DeleteModule(name, unix.O_NONBLOCK); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

func saysSo(line, want string) bool {
	line = strings.TrimLeft(line, " ")
	if start, any := strings.CutSuffix(want, "..."); any {
		return strings.HasPrefix(line, start)
	}
	return line == want
}

// hide takes a file of the tree away for the time of a test.
func hide(name string) func(t *testing.T) {
	return func(t *testing.T) {
		file := one(t, filepath.Join(tree(t), "*", name+".ko*"))
		content, err := os.ReadFile(file)
		if err == nil {
			err = os.Remove(file)
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.WriteFile(file, content, 0o644) })
	}
}

// damaged is a copy of a signed module of the distribution with one byte changed.
func damaged(t *testing.T, name string) string {
	t.Helper()
	plain := filepath.Join("/tmp", name+".ko")
	file, err := kofile.Open(one(t, filepath.Join(tree(t), "kernel/drivers/net", name+".ko*")), kofile.DefaultLimit)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	image, err := file.All()
	if err != nil {
		t.Fatal(err)
	}
	content := slices.Clone(image)
	content[len(content)/3] ^= 0x55
	if err := os.WriteFile(plain, content, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(plain) })
	return plain
}

const noSuchSymbol = "the module needs 1 symbol that the kernel does not have:"

// TestExplanations is the table of causes, each brought about in this kernel.
func TestExplanations(t *testing.T) {
	digest := damaged(t, "dummy")
	explained(t, []refusal{
		{name: "unknown symbol of a module that is there", command: []string{"insmod", ours("gm_b.ko")},
			says: []string{"the module needs 2 symbols that the kernel does not have:", "gm_c_plain: from the module gm_c, which is not loaded", "To fix: load what it needs first: modprobe -a gm_c"}},
		{name: "unknown symbol of nobody", command: []string{"insmod", ours("gm_missing.ko")},
			says: []string{noSuchSymbol, "gm_nobody_exports_this: nothing in the module tree exports it"}},
		{name: "vermagic", command: []string{"insmod", variant("bad-vermagic.ko")},
			says: []string{"module: [9.9.9] SMP mod_unload", "kernel: [RELEASE] " + flags()}},
		{name: "no vermagic where that is no reason", command: []string{"insmod", variant("not-elf.ko")},
			says: []string{"the file is no module that can be loaded: offset 0x0: file does not begin like ELF: 74686973"}},
		{name: "truncated", command: []string{"insmod", variant("truncated.ko")}, says: []string{"the file is no module that can be loaded: ...", "the kernel says: Invalid ELF section header overflow"}},
		{name: "architecture", command: []string{"insmod", variant("other-arch.ko")},
			says: []string{"the module is for another kind of machine: it is for " + otherMachine() + ", 64 bit, little-endian, the kernel for " + machine() + ", 64 bit, little-endian"}},
		{name: "layout of struct module", command: []string{"insmod", variant("bad-layout.ko")},
			says: []string{"module_layout: the module has 0x..."}},
		{name: "version of a symbol", before: []string{"gm_c.ko"}, command: []string{"insmod", variant("bad-crc.ko")},
			says: []string{"the module was built against other versions of these symbols than the kernel has:", "gm_c_plain: the module has 0x..."}},
		{name: "namespace", before: []string{"gm_c.ko"}, command: []string{"insmod", ours("gm_nons.ko")},
			says: []string{"the module uses the symbol gm_c_spaced of the namespace GM_SPACE and does not import that"}},
		{name: "licence", before: []string{"gm_c.ko"}, command: []string{"insmod", variant("proprietary.ko")},
			says: []string{`the module's licence, "Proprietary", does not give it symbols that are for GPL modules only: gm_c_gpl`}},
		{name: "value", command: []string{"insmod", ours("gm_params.ko"), "a_int=x"},
			says: []string{"the module does not take the value 'x' for its parameter a_int of type int", "To fix: give a_int a value that fits (a number)..."}},
		{name: "too long", command: []string{"insmod", ours("gm_params.ko"), "a_string=01234567890123456789"},
			says: []string{"the value '01234567890123456789' is too long for the parameter a_string of type string", "the kernel says: a_string: string doesn't fit in 15 chars."}},
		{name: "too many", command: []string{"insmod", ours("gm_params.ko"), "ints=1,2,3,4,5"},
			says: []string{"the module does not take the value '1,2,3,4,5' for its parameter ints of type array of int", "the kernel says: ints: can only take 4 arguments"}},
		{name: "init function, no device", command: []string{"insmod", ours("gm_fail.ko")},
			says: []string{"the module was accepted, and its own init function returned an error: No such device, which..."}},
		{name: "init function, bad format", command: []string{"insmod", ours("gm_fail.ko"), "err=8"},
			says: []string{"the module was accepted, and its own init function returned an error: Exec format error"}},
		{name: "loaded already", before: []string{"gm_c.ko"}, command: []string{"insmod", ours("gm_c.ko")}, says: []string{"a module of that name is in the kernel already"}},
		{name: "first time", before: []string{"gm_c.ko"}, command: []string{"modprobe", "--first-time", "gm_c"}, says: []string{"a module of that name is in the kernel already"}},
		{name: "digest", command: []string{"insmod", digest}, says: []string{"the signature does not fit the file: ...", "the module is signed by ..."}},
		{name: "garbled signature", command: []string{"insmod", variant("signed-garbage.ko")}, says: []string{"the module's signature cannot be read, which the kernel does not accept even where it needs none"}},
		{name: "decompressed by the kernel", only: "6.12", command: []string{"insmod", variant("bad.ko.xz")},
			says: []string{"the kernel could not decompress the file (xz) by itself", "it says: decompression failed with status 7", "To fix: the file is damaged: copy or build it again"}},
		{name: "held by a module", before: []string{"gm_c.ko", "gm_b.ko"}, command: []string{"rmmod", "gm_c"},
			says: []string{"by the modules gm_b", "To fix: remove the modules that use it first: modprobe -r gm_b"}},
		{name: "held open", before: []string{"gm_device.ko"}, prepare: holdOpen("/dev/gm_device"), command: []string{"modprobe", "-r", "gm_device"},
			says: []string{"process ...", "To fix: end the processes"}},
		{name: "held open by major", before: []string{"gm_devname.ko"}, prepare: holdNode, command: []string{"rmmod", "gm_devname"}, says: []string{"process ..."}},
		{name: "not loaded", before: []string{"gm_c.ko"}, command: []string{"rmmod", "gm_cc"}, says: []string{"To fix: did you mean gm_c? See lsmod for what is loaded"}},
		{name: "name", command: []string{"modprobe", "nls_uft8"}, says: []string{"no module, no part of the kernel and no alias has that name", "To fix: did you mean nls_utf8? ..."}},
		{name: "device", command: []string{"modprobe", "pci:v1234"}, says: []string{"no module says that it is for that: ..."}},
		{name: "other release", command: []string{"modprobe", "-S", "5.5.5", "x"}, says: []string{"the folder /lib/modules/5.5.5 does not exist; there are those of RELEASE"}},
		{name: "part of the kernel", command: []string{"modprobe", "printk"}, says: []string{"printk is a part of the kernel itself (/sys/module/printk), ..."}},
		{name: "file gone", prepare: hide("gm_c"), command: []string{"modprobe", "gm_a"},
			says: []string{"it needs the module gm_c, which could not be loaded: /lib/modules/RELEASE/updates/gm_c.ko", "the file cannot be read: ..."}},
		{name: "dependency refused", prepare: damageInTree("gm_b", "truncated.ko"), command: []string{"modprobe", "gm_a"}, leaves: []string{"gm_c"},
			says: []string{"it needs the module gm_b, which could not be loaded: /lib/modules/RELEASE/updates/gm_b.ko", "the file is no module that can be loaded: ..."}},
		{name: "command", prepare: func(t *testing.T) { configure(t, "install gm_c exit 7\n") }, command: []string{"modprobe", "gm_c"},
			says: []string{"/etc/modprobe.d/test.conf:1 orders a command for the module gm_c, and the command failed: exit 7"}},
		{name: "no right", command: []string{"nobody", "insmod", ours("gm_c.ko")}, says: []string{"this process may not load or remove modules: it lacks CAP_SYS_MODULE"}},
		{name: "no right to remove", before: []string{"gm_c.ko"}, command: []string{"nobody", "rmmod", "gm_c"}, says: []string{"this process may not load or remove modules: it lacks CAP_SYS_MODULE"}},
	})
}

// flags are those of vermagic that bad-vermagic.ko lacks, in brackets, and the others.
func flags() string {
	if arch.Running() == arch.ARM64() {
		return "SMP mod_unload [modversions] [aarch64]"
	}
	return "SMP [preempt] mod_unload [modversions]"
}

// machine and otherMachine name what this kernel runs on and what other-arch.ko is for.
func machine() string {
	if arch.Running() == arch.ARM64() {
		return "arm64"
	}
	return "x86-64"
}

func otherMachine() string {
	if arch.Running() == arch.ARM64() {
		return "x86-64"
	}
	return "arm64"
}

func holdOpen(device string) func(t *testing.T) {
	return func(t *testing.T) {
		file, err := os.Open(device)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { file.Close() })
	}
}

// holdNode opens a node of gm_devname, whose alias has the number.
func holdNode(t *testing.T) {
	node := filepath.Join(t.TempDir(), "node")
	if err := unix.Mknod(node, unix.S_IFCHR|0o600, int(unix.Mkdev(60, 7))); err != nil {
		t.Fatal(err)
	}
	holdOpen(node)(t)
}

// damageInTree puts a variant in place of a module of the tree.
func damageInTree(name, with string) func(t *testing.T) {
	return func(t *testing.T) {
		file := one(t, filepath.Join(tree(t), "*", name+".ko*"))
		hide(name)(t)
		content, err := os.ReadFile(variant(with))
		if err == nil {
			err = os.WriteFile(file, content, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A module that is forbidden stays out whoever asks, also by C kmod's tools.
func TestForbidden(t *testing.T) {
	leaveAsFound(t)
	for _, tools := range []toolset{gomod, ckmod} {
		k := &kit{t: t, tools: gomod}
		if r := k.run("gomod", "forbid", "gm_c", "for", "the", "test"); r.status != 0 {
			t.Fatal(r)
		}
		t.Cleanup(func() { os.RemoveAll("/etc/modprobe.d") })
		k.tools = tools
		for _, name := range []string{"gm_c", "gm_a"} {
			if r := k.run("modprobe", name); r.status != 1 || isLoaded(t, "gm_c") {
				t.Errorf("%s: %s", tools, r)
			}
		}
		k.tools = gomod
		ok(t, k.run("gomod", "allow", "gm_c"))
		k.tools = tools
		ok(t, k.run("modprobe", "gm_a"))
		ok(t, k.run("rmmod", "gm_a", "gm_b", "gm_c"))
	}
}

// TestWhyElsewhere asks for what is no module anywhere.
func TestWhyElsewhere(t *testing.T) {
	k := &kit{t: t, tools: gomod}
	r := ok(t, k.run("gomod", "why", "binfmt_elf"))
	if !strings.Contains(r.stdout, "part of the kernel, and therefore not in lsmod") {
		t.Error(r)
	}
	leaveAsFound(t)
	if r := ok(t, k.run("gomod", "why", "gm_a")); !strings.Contains(r.stdout, "loadable now  yes, as far as can be seen without trying") {
		t.Error(r)
	}
	for file, says := range map[string]string{
		variant("bad-vermagic.ko"): "[9.9.9]", variant("bad-layout.ko"): "module_layout: the module has", variant("truncated.ko"): "no module that can be loaded",
		ours("gm_missing.ko"): "gm_nobody_exports_this", variant("other-arch.ko"): "another kind of machine",
	} {
		status := 0
		if file == variant("truncated.ko") { // which is no module any more
			status = 1
		}
		if r := k.run("gomod", "why", file); r.status != status || r.stderr != "" || !strings.Contains(r.stdout, "loadable now  no\n") || !strings.Contains(r.stdout, says) {
			t.Errorf("%s", r)
		}
	}
}

// TestWatchCalls: a load that succeeds makes at most three system calls more for the sake of explanations, and none with -q.
func TestWatchCalls(t *testing.T) {
	leaveAsFound(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	calls := func(argv ...string) (count int, log int) {
		stops := make(map[int]int)
		ptrace.Run(t, path.Join(string(gomod), argv[0]), argv, func(_, pid int) { stops[ptrace.Call(pid)]++ })
		if !isLoaded(t, "gm_c") {
			t.Fatalf("%v did not load", argv)
		}
		if err := unix.DeleteModule("gm_c", unix.O_NONBLOCK); err != nil {
			t.Fatal(err)
		}
		for _, call := range append(ptrace.Opening(), syscall.SYS_LSEEK, syscall.SYS_READ, syscall.SYS_CLOSE, syscall.SYS_FCNTL, syscall.SYS_FSTAT, syscall.SYS_MMAP) {
			count += stops[call] / 2
		}
		return count, stops[syscall.SYS_LSEEK] / 2
	}
	// Go's runtime maps memory when it happens to need some: what it adds is left out by the run that has least of it.
	fewest := func(argv ...string) (count, log int) {
		count, log = calls(argv...)
		for range 4 {
			again, seeks := calls(argv...)
			if seeks != log {
				t.Errorf("%d seeks once, then %d", log, seeks)
			}
			count = min(count, again)
		}
		return count, log
	}
	quiet, seeks := fewest("modprobe", "-q", "gm_c")
	loud, marks := fewest("modprobe", "gm_c")
	t.Logf("%d system calls more than the %d with -q", loud-quiet, quiet)
	if loud-quiet > 3 || marks-seeks != 1 {
		t.Errorf("%d calls with -q, %d without; %d and %d seeks", quiet, loud, seeks, marks)
	}
	if insmod, _ := calls("insmod", ours("gm_c.ko")); insmod == 0 {
		t.Error("nothing was counted")
	}
}

// TestPolicyEnforced runs in a kernel that insists on signatures, with module.sig_enforce=1 and module_blacklist=dummy.
func TestPolicyEnforced(t *testing.T) {
	damagedModule := damaged(t, "veth")
	explained(t, []refusal{
		{name: "unsigned", command: []string{"insmod", ours("gm_c.ko")}, says: []string{"the module has no signature, and this kernel insists on one (module.sig_enforce)"}},
		{name: "unsigned, decompressed here", command: []string{"insmod", variant("gm_c-crc64.ko.xz")}, says: []string{"the module has no signature, and this kernel insists on one (module.sig_enforce)"}},
		{name: "unknown key", command: []string{"insmod", variant("foreign-key.ko")},
			says: []string{"the kernel does not know the key that the module is signed with", `the module is signed by "` + modules.ForeignSigner + `", key ...`}},
		{name: "digest", command: []string{"insmod", damagedModule}, says: []string{"the signature does not fit the file: ..."}},
		{name: "force", command: []string{"insmod", "-f", damagedModule}, says: []string{"with --force the module's signature does not count, and this kernel insists on one (module.sig_enforce)"}},
		{name: "module_blacklist", command: []string{"modprobe", "dummy"}, says: []string{"the kernel command line forbids the module: module_blacklist= has dummy"}},
	})
	k := &kit{t: t, tools: gomod}
	if r := k.run("gomod", "why", "dummy"); !strings.Contains(r.stdout, "the kernel itself refuses it, whoever asks") {
		t.Errorf("%s", r)
	}
	leaveAsFound(t)
	ok(t, k.run("modprobe", "veth"))
	ok(t, k.run("modprobe", "-r", "veth"))
}

// TestPolicyLocked runs in a kernel with lockdown=integrity, and at last forbids all changes.
func TestPolicyLocked(t *testing.T) {
	if err := unix.Mount("securityfs", "/sys/kernel/security", "securityfs", 0, ""); err != nil && !errors.Is(err, unix.EBUSY) {
		t.Fatal(err)
	}
	const locked = "the kernel is locked down (integrity) and takes only modules signed with a key it trusts"
	explained(t, []refusal{
		{name: "unsigned", command: []string{"insmod", ours("gm_c.ko")}, says: []string{locked, "the module has no signature"}},
		{name: "unknown key", command: []string{"insmod", variant("foreign-key.ko")}, says: []string{locked, `the module is signed by "` + modules.ForeignSigner + `", key ...`}},
	})
	k := &kit{t: t, tools: gomod}
	ok(t, k.run("modprobe", "dummy"))
	if err := os.WriteFile("/proc/sys/kernel/modules_disabled", []byte("1"), 0); err != nil {
		t.Fatal(err)
	}
	const disabled = "the kernel loads and removes no modules any more: kernel.modules_disabled is 1"
	explained(t, []refusal{
		{name: "no more loads", command: []string{"modprobe", "veth"}, says: []string{disabled}},
		{name: "no more removals", command: []string{"rmmod", "dummy"}, says: []string{disabled}},
	})
}
