package modules

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gomod/test/arch"
)

// damageChecks are the checks of the variants that are not compressed.
func damageChecks() map[string]check {
	return map[string]check{
		"bad-vermagic.ko":   vermagicIs("9.9.9 SMP mod_unload "),
		"other-release.ko":  otherRelease,
		"no-vermagic.ko":    vermagicIs(),
		"missing-symbol.ko": needsNobodysSymbol,
		"bad-crc.ko":        onlyCRCDiffers("gm_c_plain"),
		"bad-layout.ko":     onlyCRCDiffers("module_layout"),
		"proprietary.ko":    licenseIs("Proprietary"),
		"foreign-key.ko":    isSigned,
		"signed-garbage.ko": signatureLies,

		"truncated.ko":        hasFirst(func(origin []byte) int { return len(origin) / 2 }),
		"truncated-magic.ko":  hasFirst(func([]byte) int { return 3 }),
		"truncated-header.ko": hasFirst(func([]byte) int { return 63 }),
		"truncated-modinfo.ko": hasFirst(func(origin []byte) int {
			modinfo := sectionHeader(origin, ".modinfo")
			return int(modinfo.Offset + modinfo.FileSize/2)
		}),
		"truncated-table.ko": hasFirst(func(origin []byte) int { return len(origin) - 1 }),
		"empty.ko":           equals(""),
		"not-elf.ko":         equals("this is a text, not a kernel module\n"),
		"zeros.ko":           equals(strings.Repeat("\x00", 8192)),

		// Offsets in an ELF64 header: e_ident[4] class, [5] data, 18 e_machine, 40 e_shoff, 60 e_shnum, 62 e_shstrndx.
		"other-class.ko": differsAt(4, "\x02", "\x01"),
		"big-endian.ko":  differsAt(5, "\x01", "\x02"),
		"other-arch.ko":  otherArch,
		"lying-sections.ko": func(t *testing.T, _ string, origin, file []byte) {
			differsOnlyWithin(t, origin, file, 40, 48)
			if shoff := binary.LittleEndian.Uint64(file[40:]); shoff != uint64(len(file)) {
				t.Errorf("e_shoff is %#x, the file's size %#x", shoff, len(file))
			}
		},
		"lying-offset.ko": func(t *testing.T, _ string, origin, file []byte) {
			differsOnlyWithin(t, origin, file, 40, 48)
			if shoff := binary.LittleEndian.Uint64(file[40:]); shoff+64 != 0 {
				t.Errorf("e_shoff is %#x; with 64 added it must be 0", shoff)
			}
		},
		"lying-count.ko": func(t *testing.T, _ string, origin, file []byte) {
			differsOnlyWithin(t, origin, file, 60, 62)
			if shnum := int(binary.LittleEndian.Uint16(file[60:])); shnum != 65279 || shnum*64 < len(file) {
				t.Errorf("e_shnum is %d, the file has %d bytes", shnum, len(file))
			}
		},
		"lying-names.ko": func(t *testing.T, _ string, origin, file []byte) {
			differsOnlyWithin(t, origin, file, 62, 64)
			if index, count := binary.LittleEndian.Uint16(file[62:]), binary.LittleEndian.Uint16(file[60:]); index < count {
				t.Errorf("e_shstrndx is %d, e_shnum %d", index, count)
			}
		},
		"lying-size.ko":           modinfoSizeLies,
		"unterminated-strings.ko": endsWithModinfo,
		"trailing-garbage.ko": func(t *testing.T, _ string, origin, file []byte) {
			if !bytes.HasPrefix(file, origin) || len(file) != len(origin)+400 {
				t.Errorf("%d bytes, made from %d", len(file), len(origin))
			}
		},
	}
}

func equals(want string) check {
	return func(t *testing.T, _ string, _, file []byte) {
		if string(file) != want {
			t.Errorf("%q", file)
		}
	}
}

func hasFirst(length func(origin []byte) int) check {
	return func(t *testing.T, _ string, origin, file []byte) {
		if want := length(origin); len(file) != want || !bytes.HasPrefix(origin, file) {
			t.Errorf("%d bytes, want the first %d", len(file), want)
		}
	}
}

// differsAt checks that the only difference is want in place of was.
func differsAt(at int, was, want string) check {
	return func(t *testing.T, _ string, origin, file []byte) {
		differsOnlyWithin(t, origin, file, at, at+len(want))
		if string(origin[at:at+len(was)]) != was || string(file[at:at+len(want)]) != want {
			t.Errorf("at %d was %q and is %q", at, origin[at:at+len(was)], file[at:at+len(want)])
		}
	}
}

// differsOnlyWithin checks the bytes outside [from, to), and that there is a difference inside.
func differsOnlyWithin(t *testing.T, origin, file []byte, from, to int) {
	t.Helper()
	if !bytes.Equal(origin[:from], file[:from]) || !bytes.Equal(origin[to:], file[to:]) || bytes.Equal(origin, file) {
		t.Errorf("the difference is not within bytes %d to %d", from, to)
	}
}

// vermagicIs checks the values of vermagic, and that neither another key nor another section has changed.
func vermagicIs(want ...string) check {
	return func(t *testing.T, _ string, origin, file []byte) {
		before, after := modinfo(t, origin), modinfo(t, file)
		if !slices.Equal(after["vermagic"], want) || slices.Equal(before["vermagic"], want) {
			t.Errorf("vermagic %q, before %q", after["vermagic"], before["vermagic"])
		}
		delete(before, "vermagic")
		delete(after, "vermagic")
		if !maps.EqualFunc(before, after, slices.Equal) {
			t.Errorf(".modinfo %q, before %q", after, before)
		}
		onlyModinfoDiffers(t, origin, file)
	}
}

// otherRelease checks the flags of Debian's kernels: those for arm64 are not made with PREEMPT_DYNAMIC.
func otherRelease(t *testing.T, folder string, origin, file []byte) {
	want := "9.9.9 SMP preempt mod_unload modversions "
	if arch.Of(filepath.Base(folder)) == arch.ARM64() {
		want = "9.9.9 SMP mod_unload modversions aarch64"
	}
	vermagicIs(want)(t, folder, origin, file)
}

func otherArch(t *testing.T, folder string, origin, file []byte) {
	const x86, arm = "\x3e\x00", "\xb7\x00"
	if arch.Of(filepath.Base(folder)) == arch.ARM64() {
		differsAt(18, arm, x86)(t, folder, origin, file)
	} else {
		differsAt(18, x86, arm)(t, folder, origin, file)
	}
}

func licenseIs(want string) check {
	return func(t *testing.T, _ string, origin, file []byte) {
		if license := modinfo(t, file)["license"]; !slices.Equal(license, []string{want}) {
			t.Errorf("license %q", license)
		}
		onlyModinfoDiffers(t, origin, file)
	}
}

// isSigned checks the signature's trailer: PKCS#7, without signer and key ID outside of that, and as long as it says.
func isSigned(t *testing.T, _ string, origin, file []byte) {
	rest, signed := bytes.CutSuffix(file, []byte("~Module signature appended~\n"))
	if !signed || !bytes.HasPrefix(rest, origin) {
		t.Fatal("not the origin with a signature behind it")
	}
	at := len(rest) - 12
	length := int(binary.BigEndian.Uint32(rest[at+8:]))
	if !bytes.Equal(rest[at:at+8], []byte{0, 0, 2, 0, 0, 0, 0, 0}) || len(origin)+length != at || rest[len(origin)] != 0x30 {
		t.Errorf("trailer % x behind %d bytes, module of %d", rest[at:], at, len(origin))
	}
}

func onlyModinfoDiffers(t *testing.T, origin, file []byte) {
	t.Helper()
	before, after := sections(t, origin), sections(t, file)
	delete(before, ".modinfo")
	delete(after, ".modinfo")
	if !maps.Equal(before, after) {
		t.Error("sections other than .modinfo differ")
	}
}

// sections gives the contents of all sections by name.
func sections(t *testing.T, file []byte) map[string]string {
	t.Helper()
	parsed, err := elf.NewFile(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	contents := make(map[string]string)
	for _, s := range parsed.Sections {
		if s.Type != elf.SHT_NOBITS && s.Type != elf.SHT_NULL {
			contents[s.Name] = string(section(t, file, s.Name))
		}
	}
	return contents
}

func sectionHeader(file []byte, name string) elf.SectionHeader {
	parsed, err := elf.NewFile(bytes.NewReader(file))
	if err != nil {
		return elf.SectionHeader{}
	}
	return parsed.Section(name).SectionHeader
}

func needsNobodysSymbol(t *testing.T, folder string, _, _ []byte) {
	const symbol = "gm_nobody_exports_this"
	if undefined := undefinedSymbols(t, folder, VariantFolder+"/missing-symbol"); !slices.Contains(undefined, symbol) {
		t.Errorf("needs %q", undefined)
	}
	if exports(t, folder)[symbol] != "" {
		t.Errorf("%s is exported", symbol)
	}
}

// onlyCRCDiffers checks the CRC of a symbol of the test modules, or of the kernel whose headers are two folders up.
func onlyCRCDiffers(symbol string) check {
	return func(t *testing.T, folder string, origin, file []byte) {
		before, after := versionsOf(t, origin), versionsOf(t, file)
		real := symvers(t, folder+"/Module.symvers")[symbol]
		if real == "" {
			real = symvers(t, filepath.Join(folder, "../../headers", filepath.Base(folder), "tree/Module.symvers"))[symbol]
		}
		if before[symbol] != real || after[symbol] == real {
			t.Errorf("the CRC of %s is %s in Module.symvers, %s before and %s now", symbol, real, before[symbol], after[symbol])
		}
		after[symbol] = before[symbol]
		if !maps.Equal(before, after) {
			t.Errorf("__versions %q, before %q", after, before)
		}
		versions := sectionHeader(origin, "__versions")
		differsOnlyWithin(t, origin, file, int(versions.Offset), int(versions.Offset+versions.FileSize))
	}
}

// signatureLies reads the trailer backwards: 28 bytes of magic, 4 bytes signature length, 3 of padding, then the lengths
// of key identifier and signer.
func signatureLies(t *testing.T, _ string, origin, file []byte) {
	const magic = "~Module signature appended~\n"
	end := len(file) - len(magic)
	if string(file[end:]) != magic || !bytes.HasPrefix(file, origin) {
		t.Fatal("not the module with a signature")
	}
	if length := binary.BigEndian.Uint32(file[end-4:]); int64(length) <= int64(len(file)) {
		t.Errorf("a signature of %d bytes fits into %d", length, len(file))
	}
	if file[end-8] != 255 || file[end-9] != 255 || file[end-10] != 2 {
		t.Errorf("key identifier of %d bytes, signer of %d, type %d", file[end-8], file[end-9], file[end-10])
	}
}

func modinfoSizeLies(t *testing.T, _ string, origin, file []byte) {
	parsed, err := elf.NewFile(bytes.NewReader(origin))
	if err != nil {
		t.Fatal(err)
	}
	index := slices.Index(parsed.Sections, parsed.Section(".modinfo"))
	// sh_size is at 32 in a section header of 64 bytes.
	at := int(binary.LittleEndian.Uint64(origin[40:])) + index*64 + 32
	differsOnlyWithin(t, origin, file, at, at+8)
	if size := binary.LittleEndian.Uint64(file[at:]); size != 1<<63 {
		t.Errorf("sh_size is %#x", size)
	}
}

func endsWithModinfo(t *testing.T, _ string, origin, file []byte) {
	whole := section(t, origin, ".modinfo")
	want := bytes.TrimSuffix(whole, []byte{0})
	if got := section(t, file, ".modinfo"); !bytes.Equal(got, want) || !bytes.HasSuffix(file, want) || bytes.HasSuffix(want, []byte{0}) {
		t.Errorf(".modinfo %q, was %q", got, whole)
	}
	onlyModinfoDiffers(t, origin, file)
}
