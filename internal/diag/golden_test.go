package diag

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"gomod/internal/elfinfo"
	"gomod/internal/kernel"
	"gomod/internal/kofile"
)

// goldenCase is a refusal whose log was recorded, and the causes that a person finds in it.
type goldenCase struct {
	log     string
	only    string // the kernel that has it, "" for both
	facts   *Facts
	refused kernel.LoadError
	files   map[string]string
	want    func(version string) []Cause
}

func same(causes ...Cause) func(string) []Cause { return func(string) []Cause { return causes } }

func goldenCases() []goldenCase {
	const enoexec, enoent, einval = syscall.ENOEXEC, syscall.ENOENT, syscall.EINVAL
	releases := map[string]string{"6.1": "6.1.0-56-amd64", "6.12": "6.12.117+deb12-amd64"}
	signed := &elfinfo.Signature{Signer: "gomod test key", HashAlgo: "sha256"}
	withSignature := func(f *Facts) *Facts { f.Signature = signed; return f }
	withCRC := func(f *Facts, symbol string, crc uint64) *Facts {
		f.Needs, f.HasVersions = []elfinfo.Need{{Name: symbol, CRC: crc}}, true
		return f
	}
	notELF, arm := module("not_elf"), module("gm_c")
	notELF.Err = &elfinfo.FormatError{What: "file does not begin like ELF", Errno: enoexec}
	arm.Machine = 183
	packed := module("gm_c")
	packed.Compression = kofile.XZ
	layout, plain := uint64(0xd064d465), uint64(0x2fb6b4c9)
	return []goldenCase{
		{log: "bad-vermagic", facts: module("gm_c"), refused: kernel.LoadError{Errno: enoexec}, want: func(version string) []Cause {
			return []Cause{Vermagic{Module: "9.9.9 SMP mod_unload ", Kernel: releases[version] + " SMP preempt mod_unload modversions "}}
		}},
		{log: "bad-layout", facts: withCRC(module("gm_c"), "module_layout", layout), refused: kernel.LoadError{Errno: enoexec},
			want: same(SymbolVersions{Symbols: []SymbolVersion{{Name: "module_layout", Module: &layout}}})},
		{log: "bad-crc", facts: withCRC(module("gm_b"), "gm_c_plain", plain), refused: kernel.LoadError{Errno: einval},
			want: same(SymbolVersions{Symbols: []SymbolVersion{{Name: "gm_c_plain", Module: &plain}}})},
		{log: "missing-symbol", facts: module("gm_a", "license=Dual MIT/GPL"), refused: kernel.LoadError{Errno: enoent},
			files: map[string]string{tree("modules.symbols"): "alias symbol:gm_b_value gm_b\n", tree("modules.dep"): "updates/gm_b.ko:\n"},
			want:  same(UnknownSymbols{Symbols: []MissingSymbol{{"gm_b_value", []Provider{{Module: "gm_b", Path: tree("updates/gm_b.ko")}}}}})},
		{log: "nobodys-symbol", facts: module("gm_missing", "license=GPL"), refused: kernel.LoadError{Errno: enoent},
			files: map[string]string{tree("modules.dep"): "updates/gm_b.ko:\n"},
			want:  same(UnknownSymbols{Symbols: []MissingSymbol{{Name: "gm_nobody_exports_this"}}})},
		{log: "gpl-only", facts: module("gm_b", "license=Proprietary"), refused: kernel.LoadError{Errno: enoent},
			files: map[string]string{"proc/kallsyms": "0000 t gm_c_gpl\t[gm_c]\n"},
			want:  same(GPLOnly{License: "Proprietary", Symbols: []string{"gm_c_gpl"}})},
		{log: "namespace", facts: module("gm_nons"), refused: kernel.LoadError{Errno: einval}, want: same(Namespace{"gm_c_spaced", "GM_SPACE"})},
		{log: "other-arch", facts: arm, refused: kernel.LoadError{Errno: enoexec},
			want: same(OtherArchitecture{Module: Architecture{Machine: 183, Is64: true}, Kernel: amd64()})},
		{log: "not-elf", facts: notELF, refused: kernel.LoadError{Errno: enoexec}, want: same(NotModule{notELF.Err, "Invalid ELF header len 36"})},
		{log: "truncated", facts: notELF, refused: kernel.LoadError{Errno: enoexec}, want: same(NotModule{notELF.Err, "Invalid ELF section header overflow"})},
		{log: "bad-xz", only: "6.12", facts: packed, refused: kernel.LoadError{Errno: einval, Route: kernel.CompressedFile},
			want: same(Decompression{Format: "xz", Said: "decompression failed with status 7"})},
		{log: "invalid-value", facts: module("gm_params", "parmtype=a_int:int"), refused: kernel.LoadError{Errno: einval, Params: "a_int=x"},
			want: same(Parameter{Name: "a_int", Value: "x", Problem: Invalid, Type: "int"})},
		{log: "too-long", facts: module("gm_params", "parmtype=a_string:string"), refused: kernel.LoadError{Errno: syscall.ENOSPC, Params: "a_string=01234567890123456789"},
			want: same(Parameter{Name: "a_string", Value: "01234567890123456789", Problem: TooLong, Type: "string", Said: "a_string: string doesn't fit in 15 chars."})},
		{log: "too-many", facts: module("gm_params", "parmtype=ints:array of int"), refused: kernel.LoadError{Errno: einval, Params: "ints=1,2,3,4,5"},
			want: same(Parameter{Name: "ints", Value: "1,2,3,4,5", Problem: Invalid, Type: "array of int", Said: "ints: can only take 4 arguments"})},
		{log: "unsigned", facts: module("gm_c"), refused: kernel.LoadError{Errno: syscall.EKEYREJECTED}, want: same(Signature{Problem: Unsigned, Enforced: true})},
		{log: "unknown-key", facts: withSignature(module("gm_c")), refused: kernel.LoadError{Errno: syscall.EKEYREJECTED},
			want: same(Signature{KeyUnknown, signed, true})},
		{log: "digest-force", facts: withSignature(module("veth")), refused: kernel.LoadError{Errno: syscall.EKEYREJECTED, Force: kernel.Force{Vermagic: true}},
			want: same(Signature{Forced, signed, true})},
		{log: "kernel-blacklist", facts: module("dummy"), refused: kernel.LoadError{Errno: syscall.EPERM}, want: same(KernelBlacklist{"dummy"})},
		{log: "lockdown-unsigned", facts: module("gm_c"), refused: kernel.LoadError{Errno: syscall.EPERM}, want: same(Lockdown{Mode: "integrity"})},
		{log: "lockdown-key", facts: withSignature(module("gm_c")), refused: kernel.LoadError{Errno: syscall.EPERM}, want: same(Lockdown{"integrity", signed})},
	}
}

func TestGoldenLogs(t *testing.T) {
	seen := map[string]bool{"ignored": true} // TestIgnored's
	for _, version := range []string{"6.1", "6.12"} {
		for _, test := range goldenCases() {
			if test.only != "" && test.only != version {
				continue
			}
			t.Run(version+"/"+test.log, func(t *testing.T) {
				w := newWorld(t, test.files)
				w.write("sys/module/module/parameters/sig_enforce", "Y\n")
				w.write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n")
				test.refused.Path, test.refused.Log.Records = test.facts.Path, golden(t, version, test.log)
				got := w.explain(&test.refused, test.facts)
				want := &Explanation{Module: test.facts.Name, Path: test.facts.Path, Causes: test.want(version)}
				expect(t, withoutRoot(got, w.root), want)
			})
		}
	}
	for _, test := range goldenCases() {
		seen[test.log] = true
	}
	files, err := filepath.Glob("../../testdata/kmsg/*/*.log")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if name := filepath.Base(file); !seen[name[:len(name)-len(".log")]] {
			t.Errorf("%s has no test", file)
		}
	}
}

// withoutRoot makes the paths of providers relative to the world's root.
func withoutRoot(e *Explanation, root string) *Explanation {
	for _, cause := range e.Causes {
		if unknown, ok := cause.(UnknownSymbols); ok {
			for _, symbol := range unknown.Symbols {
				for i := range symbol.Providers {
					symbol.Providers[i].Path, _ = filepath.Rel(root, symbol.Providers[i].Path)
				}
			}
		}
	}
	return e
}

func TestIgnored(t *testing.T) {
	w := newWorld(t, nil)
	path := filepath.Join(w.root, "gm_params.ko")
	if err := os.WriteFile(path, []byte("nothing to read here, the names of parameters are not known"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{"6.1", "6.12"} {
		got := w.Ignored(path, "a_itn=3", golden(t, version, "ignored"))
		expect(t, got, []Parameter{{Name: "a_itn", Problem: UnknownName}})
	}
	if got := w.Ignored(path, "x=1", records("other: unknown parameter 'x' ignored", "gm_params: hello")); got != nil {
		t.Error(got)
	}
}

// The kernel cuts off what follows a dot.
func TestIgnoredDotted(t *testing.T) {
	for _, test := range []struct{ parameters, logged, want string }{
		{"gm_params.a_int=5", "gm_params", "gm_params.a_int"},
		{"gm_params=1 gm_params.a_int=5", "gm_params", "gm_params"},
		{`text="gm_params.a_int x" y=1`, "gm_params", "gm_params"},
		{"a=1", "b", "b"},
	} {
		if got := nameGiven(test.parameters, test.logged); got != test.want {
			t.Errorf("%q: %q, want %q", test.parameters, got, test.want)
		}
	}
}

// Double quotes keep blanks together and are no part of a value, as in the kernel's own parser.
func TestParameterGiven(t *testing.T) {
	for _, test := range []struct{ parameters, name, want string }{
		{`text="two words" a_int=3`, "text", "two words"},
		{`"text=two words" a_int=3`, "text", "two words"},
		{`text="two a_int=4" a-int=3`, "a_int", "3"},
		{"a_int=1 a_int=2", "a_int", "2"},
	} {
		if got, given := parameterGiven(test.parameters, test.name); got != test.want || !given {
			t.Errorf("%q: %q, %v, want %q", test.parameters, got, given, test.want)
		}
	}
}
