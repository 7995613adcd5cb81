package hostile

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Source is a sound module folder that broken ones are made from. Nobody may change a file in it: they are linked to.
type Source struct {
	// Dir is the folder, Files are all that is in it, relative and sorted.
	Dir   string
	Files []string
	// Bombs are small compressed files that become a GiB, or modules with more fields than memory has room for.
	Bombs []string
}

// Modules are the module files.
func (s *Source) Modules() []string {
	return slices.DeleteFunc(slices.Clone(s.Files), func(file string) bool { return !strings.Contains(file, ".ko") })
}

// roots are modules that need others, with something of each kind: aliases of hardware, parameters, soft dependencies, device names.
var roots = []string{
	"ext4", "vfat", "isofs", "overlay", "nls_utf8", "fuse", "dummy", "veth", "bridge", "vxlan", "tun", "macvlan", "8021q", "loop",
	"dm-crypt", "raid1", "virtio_net", "usb-storage", "snd-hda-codec-hdmi", "i2c-dev", "uinput", "af_alg", "algif_hash",
	"crc32c_generic", "iptable_nat", "parport_pc", "pcspkr", "joydev", "virtio_scsi", "hid-generic",
}

// NewSource copies some modules of a folder, with all that they need, into the empty folder dir, in turn as they are and compressed by xz,
// zstd and gzip, and the lists that came with the kernel. It has no indexes yet.
func NewSource(modules, dir string) (*Source, error) {
	needed, err := dependencies(filepath.Join(modules, "modules.dep"))
	if err != nil {
		return nil, err
	}
	var files []string
	for _, root := range roots {
		files = append(files, needed[root]...)
	}
	slices.Sort(files)
	for i, file := range slices.Compact(files) {
		if err := copyAs(forms[i%len(forms)], filepath.Join(modules, file), filepath.Join(dir, file)); err != nil {
			return nil, err
		}
	}
	for _, list := range []string{"modules.order", "modules.builtin", "modules.builtin.modinfo"} {
		if err := copyAs(forms[0], filepath.Join(modules, list), filepath.Join(dir, list)); err != nil {
			return nil, err
		}
	}
	return &Source{Dir: dir}, nil
}

// form is a compression: its suffix and the program that makes it.
type form struct {
	suffix  string
	program []string
}

var forms = []form{
	{"", nil},
	{".xz", []string{"xz", "-1", "--check=crc32"}},
	{".zst", []string{"zstd", "-q", "-3"}},
	{".gz", []string{"gzip", "-1"}},
}

func copyAs(f form, from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if f.program != nil {
		if content, err = filter(content, f.program); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to+f.suffix, content, 0o644)
}

func filter(content []byte, program []string) ([]byte, error) {
	cmd := exec.Command(program[0], program[1:]...)
	cmd.Stdin = bytes.NewReader(content)
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%q (test/setup.sh installs it): %w", program, err)
	}
	return out, nil
}

// dependencies reads lines such as `kernel/fs/fat/vfat.ko: kernel/fs/fat/fat.ko`, by the module's file name.
func dependencies(file string) (map[string][]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	needed := make(map[string][]string)
	for line := range strings.Lines(string(text)) {
		files := strings.Fields(strings.Replace(line, ":", "", 1))
		needed[strings.TrimSuffix(filepath.Base(files[0]), ".ko")] = files
	}
	return needed, nil
}

// Scan notes what is in the folder.
func (s *Source) Scan() error {
	return filepath.WalkDir(s.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			s.Files = append(s.Files, strings.TrimPrefix(path, s.Dir+"/"))
		}
		return err
	})
}

// MakeBombs writes bombs of every compression into a folder: a GiB of zeros in many streams, with and without a module's first bytes, and
// modules of millions of fields.
func (s *Source) MakeBombs(dir string) error {
	const part, parts = 32 << 20, 32
	for _, f := range forms[1:] {
		zeros, err := filter(make([]byte, part), f.program)
		if err != nil {
			return err
		}
		for _, head := range []string{"", "\x7fELF\x02\x01\x01"} {
			first, err := filter([]byte(head), f.program)
			if err != nil {
				return err
			}
			path := filepath.Join(dir, fmt.Sprintf("bomb%d.ko%s", len(head), f.suffix))
			if err := os.WriteFile(path, append(first, bytes.Repeat(zeros, parts)...), 0o644); err != nil {
				return err
			}
			s.Bombs = append(s.Bombs, path)
		}
	}
	return s.makeFieldBombs(dir)
}
