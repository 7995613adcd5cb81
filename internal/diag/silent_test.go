package diag

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"gomod/internal/elfinfo"
	"gomod/internal/kernel"
	"gomod/internal/kofile"
	"gomod/internal/sysfs"
)

// What the kernel refuses without a word, or when its log is not for us.
func TestSilentRefusals(t *testing.T) {
	broken := module("m")
	broken.Err = &elfinfo.FormatError{What: "broken", Errno: syscall.EINVAL}
	signed := module("m")
	signed.Signature = &elfinfo.Signature{Signer: "someone"}
	garbled := module("m")
	garbled.Signature = &elfinfo.Signature{Problem: errors.New("garbled")}
	packed := module("m")
	packed.Compression = kofile.XZ
	executable := module("m")
	executable.Type = 2
	driver := module("m", "alias=pci:v00008086d*")
	none := sysfs.Privilege{}
	root := sysfs.Privilege{SysModule: true}
	for _, test := range []struct {
		what  string
		facts *Facts
		errno syscall.Errno
		route kernel.Route
		files map[string]string
		want  Cause
	}{
		{"no right", module("m"), syscall.EPERM, 0, map[string]string{"proc/self/status": "CapEff:\t0000000000000000\n"}, NoPrivilege{none}},
		{"root of a container", module("m"), syscall.EPERM, 0, map[string]string{"proc/self/uid_map": "0 100000 65536\n"},
			NoPrivilege{sysfs.Privilege{SysModule: true, OwnNamespace: true}}},
		{"modules_disabled", module("m"), syscall.EPERM, 0, map[string]string{"proc/sys/kernel/modules_disabled": "1\n"}, ModulesDisabled{}},
		{"module_blacklist", module("m_m"), syscall.EPERM, 0, map[string]string{"proc/cmdline": "quiet module_blacklist=a,m_m ro\n"}, KernelBlacklist{"m_m"}},
		{"lockdown, log not readable", module("m"), syscall.EPERM, 0, map[string]string{"sys/kernel/security/lockdown": "none [integrity] confidentiality\n"},
			Lockdown{Mode: "integrity"}},
		{"not locked down", module("m"), syscall.EPERM, 0, map[string]string{"sys/kernel/security/lockdown": "[none] integrity confidentiality\n"}, Denied{root}},
		{"no reason to be seen", module("m"), syscall.EPERM, 0, nil, Denied{root}},
		{"seccomp", module("m"), syscall.EPERM, 0, map[string]string{"proc/self/status": "CapEff:\t0000000000010000\nSeccomp:\t2\n"},
			Denied{sysfs.Privilege{SysModule: true, Filtered: true}}},
		{"unsigned", module("m"), syscall.EKEYREJECTED, 0, nil, Signature{Problem: Unsigned}},
		{"changed after signing", signed, syscall.EKEYREJECTED, 0, nil, Signature{Problem: DigestWrong, Signature: signed.Signature}},
		{"no key", signed, syscall.ENOKEY, 0, nil, Signature{Problem: KeyUnknown, Signature: signed.Signature}},
		{"no such hash", signed, syscall.ENOPKG, 0, nil, Signature{Problem: CryptoUnsupported, Signature: signed.Signature}},
		{"garbled signature", garbled, syscall.EBADMSG, 0, nil, Signature{Problem: SignatureUnreadable, Signature: garbled.Signature}},
		{"trailer without signature", module("m"), syscall.EBADMSG, 0, nil, Signature{Problem: SignatureUnreadable}},
		{"no module", broken, syscall.ENOEXEC, 0, nil, NotModule{Err: broken.Err}},
		{"an executable", executable, syscall.ENOEXEC, 0, nil, NotModule{}},
		{"no vermagic", module("m"), syscall.ENOEXEC, 0, nil, Vermagic{}},
		{"ENOEXEC and nothing found", module("m", "vermagic=9.9"), syscall.ENOEXEC, 0, nil, Unexplained{syscall.ENOEXEC}},
		{"loaded", module("m"), syscall.EEXIST, 0, map[string]string{"sys/module/m/initstate": "live\n"}, Present{State: sysfs.Live}},
		{"built in", module("m"), syscall.EEXIST, 0, map[string]string{tree("modules.builtin"): "kernel/m.ko\n"}, Present{Builtin: true}},
		{"being loaded by another", module("m"), syscall.EBUSY, 0, map[string]string{"sys/module/m/initstate": "coming\n"}, Present{State: sysfs.Coming}},
		{"EEXIST of the init function", module("m"), syscall.EEXIST, 0, nil, InitFailed{Errno: syscall.EEXIST}},
		{"busy device", module("m"), syscall.EBUSY, 0, nil, InitFailed{Errno: syscall.EBUSY}},
		{"no device", driver, syscall.ENODEV, 0, nil, InitFailed{Errno: syscall.ENODEV, Device: true}},
		{"bad parameter of the init function", module("m"), syscall.EINVAL, 0, nil, InitFailed{Errno: syscall.EINVAL, Guess: true}},
		{"missing firmware", module("m"), syscall.ENOENT, 0, nil, InitFailed{Errno: syscall.ENOENT, Guess: true}},
		{"not decompressed", packed, syscall.EOPNOTSUPP, kernel.CompressedFile, nil, Decompression{Format: "xz"}},
		{"feature missing", module("m"), syscall.EOPNOTSUPP, kernel.PlainFile, nil, InitFailed{Errno: syscall.EOPNOTSUPP}},
		{"no memory", module("m"), syscall.ENOMEM, 0, nil, NoMemory{}},
		{"no modules at all", module("m"), syscall.ENOSYS, 0, nil, NoModuleSupport{}},
		{"being written", module("m"), syscall.ETXTBSY, 0, nil, OpenForWriting{}},
	} {
		t.Run(test.what, func(t *testing.T) {
			w := newWorld(t, test.files)
			refused := &kernel.LoadError{Path: test.facts.Path, Errno: test.errno, Route: test.route, Log: kernel.Excerpt{Err: syscall.EACCES}}
			got := w.explain(refused, test.facts)
			expect(t, got.Causes, []Cause{test.want})
			var open bool
			switch test.want.(type) {
			case InitFailed, Denied, Unexplained:
				open = true
			}
			if (got.LogErr != nil) != open {
				t.Errorf("that the log cannot be read is told: %v", got.LogErr)
			}
		})
	}
}

// The kernel logs lockdown's refusals only so often: a module without a usable signature is refused by it all the same.
func TestLockdownWithoutMessage(t *testing.T) {
	signed := module("m")
	signed.Signature = &elfinfo.Signature{Signer: "someone"}
	w := newWorld(t, map[string]string{"sys/kernel/security/lockdown": "none [integrity] confidentiality\n"})
	refused := &kernel.LoadError{Path: "/m/m.ko", Errno: syscall.EPERM}
	expect(t, w.explain(refused, module("m")).Causes, []Cause{Lockdown{Mode: "integrity"}})
	expect(t, w.explain(refused, signed).Causes, []Cause{Denied{sysfs.Privilege{SysModule: true}}})
}

// Messages that name another module or nobody count only where the file bears them out; whatever does not count is shown.
func TestDoubtfulMessages(t *testing.T) {
	w := newWorld(t, nil)
	refused := &kernel.LoadError{Path: "/m/m.ko", Errno: syscall.ENODEV, Params: "x=1"}
	refused.Log.Records = records(
		"other: version magic 'a' should be 'b'",
		"Loading of unsigned module is rejected",
		"Invalid ELF header len 12",
		"Module other is blacklisted",
		"Lockdown: insmod: unsigned module loading is restricted; see man kernel_lockdown.7",
		"decompression failed with status 7",
		"y: needs at least 2 arguments",
		"m: probe of 0000:00:01.0 failed",
		"m: Unknown symbol in the sense of nobody",
		"usb 1-1: new device",
	)
	e := w.explain(refused, module("m"))
	expect(t, e.Causes, []Cause{InitFailed{Errno: syscall.ENODEV}})
	expect(t, e.Own, records("m: probe of 0000:00:01.0 failed", "m: Unknown symbol in the sense of nobody"))
	expect(t, e.At, append(refused.Log.Records[:7:7], refused.Log.Records[9]))
	// What was understood and only says that the kernel is tainted now is not worth a line.
	refused.Log.Records = records("m: loading out-of-tree module taints kernel.", "Disabling lock debugging due to kernel taint")
	if e := w.explain(refused, module("m")); e.Own != nil || e.At != nil {
		t.Errorf("%+v", e)
	}
}

// Without a log the symbols and versions are compared with what the system shows.
func TestSymbolsFromFile(t *testing.T) {
	need := func(name string, crc uint64) elfinfo.Need { return elfinfo.Need{Name: name, CRC: crc} }
	m := module("m", "license=GPL")
	m.Needs = []elfinfo.Need{need("printk", 1), need("gone", 2), {Name: "weak", Weak: true}, need("moved", 3)}
	m.HasVersions = true
	w := newWorld(t, map[string]string{"proc/kallsyms": "0000 T printk\n0000 T moved\n0000 D init_task\n0000 t printk\t[x]\n"})
	sample := module("s", "vermagic="+release+" SMP")
	sample.Needs, sample.HasVersions = []elfinfo.Need{need("printk", 1), need("moved", 4)}, true
	w.sample = sample
	refused := &kernel.LoadError{Path: m.Path, Errno: syscall.ENOENT, Log: kernel.Excerpt{Err: syscall.EPERM}}
	three, four := uint64(3), uint64(4)
	expect(t, w.explain(refused, m).Causes, []Cause{
		SymbolVersions{Symbols: []SymbolVersion{{Name: "moved", Module: &three, Kernel: &four}}},
		UnknownSymbols{Symbols: []MissingSymbol{{Name: "gone"}}, NoIndex: &NoIndex{Tree{Dir: w.Tree.Dir()}, w.Tree.Unindexed()}},
	})
}

// A kernel without CONFIG_KALLSYMS_ALL, as Debian's for arm64, does not tell what data it has.
func TestSymbolsOfFunctionsOnly(t *testing.T) {
	m := module("m", "license=GPL")
	m.Needs = []elfinfo.Need{{Name: "printk", CRC: 1}, {Name: "param_ops_int", CRC: 2}, {Name: "elsewhere", CRC: 3}, {Name: "here", CRC: 4}, {Name: "nowhere"}}
	m.HasVersions = true
	w := newWorld(t, map[string]string{
		"proc/kallsyms":          "0000 T printk\n",
		tree("modules.symbols"):  "alias symbol:elsewhere a\nalias symbol:here b\n",
		tree("modules.dep"):      "a.ko:\nb.ko:\n",
		"sys/module/b/initstate": "live\n",
	})
	refused := &kernel.LoadError{Path: m.Path, Errno: syscall.ENOENT, Log: kernel.Excerpt{Err: syscall.EPERM}}
	expect(t, w.explain(refused, m).Causes, []Cause{
		UnknownSymbols{Symbols: []MissingSymbol{{"elsewhere", []Provider{{Module: "a", Path: filepath.Join(w.root, tree("a.ko"))}}}, {Name: "nowhere"}}},
	})
}

func TestSameMagic(t *testing.T) {
	const kernel = "6.1.0 SMP preempt mod_unload modversions "
	for _, test := range []struct {
		module   string
		versions bool
		want     bool
	}{
		{kernel, false, true}, {kernel, true, true}, {"9.9.9 SMP preempt mod_unload modversions ", true, true},
		{"9.9.9 SMP preempt mod_unload modversions ", false, false}, {"6.1.0 SMP mod_unload modversions ", true, false}, {"", true, false},
	} {
		if got := sameMagic(test.module, kernel, test.versions); got != test.want {
			t.Errorf("%q with versions %t: %t", test.module, test.versions, got)
		}
	}
}

// A kernel without modules has no list of them.
func TestCheckWithoutModules(t *testing.T) {
	w := newWorld(t, nil)
	if causes := w.Check(module("m"), ""); len(causes) != 0 {
		t.Error(causes)
	}
	if err := os.Remove(filepath.Join(w.root, "proc/modules")); err != nil {
		t.Fatal(err)
	}
	expect(t, w.Check(module("m"), ""), []Cause{NoModuleSupport{}})
}
