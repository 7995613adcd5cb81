package modules

import (
	"debug/elf"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"syscall"
)

// VariantFolder is the name of the folder with the variants, below the one that Build gives.
const VariantFolder = "variants"

// A Variant is a module file that is broken, or packed in a way of its own.
type Variant struct {
	// Name of the file in VariantFolder.
	Name string
	// Origin is the file that it is made from, in the folder above; empty when it has nothing of a module.
	Origin string
	// Wrong says what is wrong with it or special about it.
	Wrong string
	// Errno is what finit_module(2) gives on Debian's 6.12; 0 means that the module gets loaded, provided that those which
	// it needs are. Compressed data, whatever the name, is handed over with MODULE_INIT_COMPRESSED_FILE; that kernel knows
	// xz only. Debian's 6.1 gives the same, but EOPNOTSUPP for all compressed data.
	Errno syscall.Errno

	// edit is nil for the bombs.
	edit edit
}

// Variants is the table of everything in VariantFolder.
func Variants() []Variant {
	return []Variant{
		// They do not fit to the kernel or to other modules.
		{"bad-vermagic.ko", "gm_c.ko", "vermagic is of release 9.9.9 and lacks flags", syscall.ENOEXEC,
			setModinfo("vermagic", "9.9.9 SMP mod_unload ")},
		{"other-release.ko", "gm_c.ko", "vermagic has the kernel's flags but release 9.9.9, which a kernel with modversions does not compare", 0,
			setRelease("9.9.9")},
		{"no-vermagic.ko", "gm_c.ko", "no vermagic, which a kernel with CONFIG_MODULE_FORCE_LOAD takes as forced", 0, dropModinfo("vermagic")},
		{"missing-symbol.ko", "gm_missing.ko", "needs gm_nobody_exports_this", syscall.ENOENT, unchanged},
		{"bad-crc.ko", "gm_b.ko", "expects another CRC of gm_c_plain than gm_c has", syscall.EINVAL, changeCRC("gm_c_plain")},
		{"bad-layout.ko", "gm_c.ko", "expects another CRC of module_layout than the kernel has", syscall.ENOEXEC, changeCRC("module_layout")},
		{"proprietary.ko", "gm_b.ko", "its licence gives it no GPL-only symbols, and it needs gm_c_gpl", syscall.ENOENT, setModinfo("license", "Proprietary")},
		{"foreign-key.ko", "gm_c.ko", "signed with a key that no kernel has, which taints one that does not insist on signatures", 0, signForeign},
		{"signed-garbage.ko", "gm_c.ko", "signature trailer whose lengths exceed the file", syscall.EBADMSG, appendLyingSignature},

		// They are not whole ELF files of this machine. The kernel looks neither at EI_CLASS nor at EI_DATA.
		{"truncated.ko", "gm_c.ko", "only the first half", syscall.ENOEXEC, firstHalf},
		{"truncated-magic.ko", "gm_c.ko", "only 3 bytes, fewer than the ELF magic", syscall.ENOEXEC, first(3)},
		{"truncated-header.ko", "gm_c.ko", "only 63 of the 64 bytes of the ELF header", syscall.ENOEXEC, first(headerSize - 1)},
		{"truncated-modinfo.ko", "gm_c.ko", "ends within .modinfo", syscall.ENOEXEC, untilModinfo},
		{"truncated-table.ko", "gm_c.ko", "the section table lacks its last byte", syscall.ENOEXEC, allButLastByte},
		{"empty.ko", "", "0 bytes; init_module(2) gives ENOEXEC", syscall.EINVAL, fixed(nil)},
		{"not-elf.ko", "", "a text file", syscall.ENOEXEC, fixed([]byte("this is a text, not a kernel module\n"))},
		{"zeros.ko", "", "8 KiB of zeros", syscall.ENOEXEC, fixed(make([]byte, 8<<10))},
		{"other-arch.ko", "gm_c.ko", "e_machine is AArch64, or on that x86-64", syscall.ENOEXEC, otherMachine},
		{"other-class.ko", "gm_c.ko", "EI_CLASS says ELF32, but the fields are those of ELF64", 0, setByte(classAt, byte(elf.ELFCLASS32))},
		{"big-endian.ko", "gm_c.ko", "EI_DATA says big-endian, but the fields are little-endian", 0, setByte(dataAt, byte(elf.ELFDATA2MSB))},

		// Their numbers lie.
		{"lying-sections.ko", "gm_c.ko", "e_shoff is just behind the end of the file", syscall.ENOEXEC,
			setSectionTable(func(size uint64) uint64 { return size })},
		{"lying-offset.ko", "gm_c.ko", "e_shoff is so large that adding the size of one header overflows", syscall.ENOEXEC,
			setSectionTable(func(uint64) uint64 { return math.MaxUint64 - sectionHeaderSize + 1 })},
		{"lying-count.ko", "gm_c.ko", "e_shnum is 65279, which runs beyond the file", syscall.ENOEXEC, setUint16(shnumAt, uint16(elf.SHN_LORESERVE)-1)},
		{"lying-names.ko", "gm_c.ko", "e_shstrndx is 1000, beyond e_shnum", syscall.ENOEXEC, setUint16(shstrndxAt, 1000)},
		{"lying-size.ko", "gm_c.ko", "sh_size of .modinfo is 2^63", syscall.ENOEXEC, setSectionSize(".modinfo", 1<<63)},
		{"unterminated-strings.ko", "gm_c.ko", ".modinfo has no final NUL and ends with the file", 0, dropLastNUL},
		{"trailing-garbage.ko", "gm_c.ko", "400 bytes appended that belong to nothing", 0, appendGarbage},

		// Whole modules, compressed.
		{"gm_a.ko.gz", "gm_a.ko", "gzip", syscall.EINVAL, gzipped},
		{"gm_b.ko.gz", "gm_b.ko", "gzip", syscall.EINVAL, gzipped},
		{"gm_c.ko.gz", "gm_c.ko", "gzip", syscall.EINVAL, gzipped},
		{"gm_a.ko.xz", "gm_a.ko", "xz as the kernel can read it", 0, xzipped},
		{"gm_b.ko.xz", "gm_b.ko", "xz as the kernel can read it", 0, xzipped},
		{"gm_c.ko.xz", "gm_c.ko", "xz as the kernel can read it", 0, xzipped},
		{"gm_a.ko.zst", "gm_a.ko", "zstd, content size in the frame", syscall.EINVAL, zstded},
		{"gm_b.ko.zst", "gm_b.ko", "zstd, content size in the frame", syscall.EINVAL, zstded},
		{"gm_c.ko.zst", "gm_c.ko", "zstd, content size in the frame", syscall.EINVAL, zstded},
		{"gm_c-crc64.ko.xz", "gm_c.ko", "xz with CRC64, which the kernel's decoder does not know", syscall.EINVAL, xzippedCRC64},
		{"gm_c-bcj.ko.xz", "gm_c.ko", "xz with the x86 filter, which only a kernel with CONFIG_XZ_DEC_X86 knows", 0, xzippedBCJ},
		{"gm_c-nosize.ko.zst", "gm_c.ko", "zstd, no content size in the frame, as from a pipe", syscall.EINVAL, zstdedNoSize},
		{"plain-named.ko.xz", "gm_c.ko", "not compressed, whatever its name says", 0, unchanged},
		{"gz-named-plain.ko", "gm_c.ko", "gzip, whatever its name says", syscall.EINVAL, gzipped},

		// Compressed data that is broken.
		{"bad.ko.gz", "gm_c.ko", "gzip with a flipped bit", syscall.EINVAL, chain(gzipped, flipMiddleBit)},
		{"bad.ko.xz", "gm_c.ko", "xz with a flipped bit", syscall.EINVAL, chain(xzipped, flipMiddleBit)},
		{"bad.ko.zst", "gm_c.ko", "zstd with a flipped bit", syscall.EINVAL, chain(zstded, flipMiddleBit)},
		{"truncated.ko.gz", "gm_c.ko", "only the first half of the gzip data", syscall.EINVAL, chain(gzipped, firstHalf)},
		{"truncated.ko.xz", "gm_c.ko", "only the first half of the xz data", syscall.EINVAL, chain(xzipped, firstHalf)},
		{"truncated.ko.zst", "gm_c.ko", "only the first half of the zstd data", syscall.EINVAL, chain(zstded, firstHalf)},

		// With CRC32 the kernel would expand the xz bomb itself, and panics when its memory does not suffice.
		{"bomb.ko.xz", "", "xz, with CRC64, of BombSize zeros", syscall.EINVAL, nil},
		{"bomb.ko.zst", "", "zstd of BombSize zeros, no content size in the frame", syscall.EINVAL, nil},
		{"bomb-sized.ko.zst", "", "zstd of BombSize zeros, content size in the frame", syscall.EINVAL, nil},
	}
}

// writeVariants makes VariantFolder below folder, which has the modules, and takes the bombs from theirs.
func writeVariants(folder, bombs string) error {
	into := filepath.Join(folder, VariantFolder)
	if err := os.Mkdir(into, 0o755); err != nil {
		return err
	}
	for _, variant := range Variants() {
		data, err := variant.bytes(folder, bombs)
		if err != nil {
			return fmt.Errorf("variant %s: %w", variant.Name, err)
		}
		if err := os.WriteFile(filepath.Join(into, variant.Name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (v Variant) bytes(folder, bombs string) ([]byte, error) {
	if v.edit == nil {
		return os.ReadFile(filepath.Join(bombs, v.Name))
	}
	if v.Origin == "" {
		return v.edit(nil)
	}
	origin, err := os.ReadFile(filepath.Join(folder, v.Origin))
	if err != nil {
		return nil, err
	}
	return v.edit(origin)
}
