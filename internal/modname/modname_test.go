package modname

import (
	"errors"
	"strings"
	"syscall"
	"testing"
)

func TestName(t *testing.T) {
	long := strings.Repeat("a", 4094)
	for s, want := range map[string]string{
		"":                        "",
		"ext4":                    "ext4",
		"snd-hda-intel":           "snd_hda_intel",
		"snd_hda-intel.ko.zst":    "snd_hda_intel",
		"foo.bar.ko":              "foo",
		".ko":                     "",
		"a[b-c].d":                "a[b_c]",
		"-":                       "_",
		"ä-b":                     "ä_b",
		long + "-":                long + "_",
		long + "-b":               long + "_",
		long + "bc.ko":            long + "b",
		long + "-" + "-" + "b.ko": long + "_",
	} {
		if got := Name(s); got != want {
			t.Errorf("Name(%.80q) = %.80q (length %d)", s, got, len(got))
		}
	}
}

func TestFromPath(t *testing.T) {
	for path, want := range map[string]string{
		"/lib/modules/6.1.0/kernel/fs/ext4/ext4.ko": "ext4",
		"/tmp/foo.bar.ko": "foo",
		"foo-x.ko.zst":    "foo_x",
		"./a-b/c-d.ko":    "c_d",
		".ko":             "",
		"..":              "",
	} {
		if got, err := FromPath(path); got != want || err != nil {
			t.Errorf("FromPath(%q) = %q %v", path, got, err)
		}
	}
	for _, path := range []string{"", "/", "a/", "/lib/ext4.ko/"} {
		got, err := FromPath(path)
		if e, ok := errors.AsType[*PathError](err); got != "" || !ok || e.Path != path || !errors.Is(err, syscall.ENOENT) {
			t.Errorf("FromPath(%q) = %q %v", path, got, err)
		}
	}
	if _, err := FromPath("a/"); err.Error() != `no file name in the path "a/"` {
		t.Error(err)
	}
}

func TestAlias(t *testing.T) {
	long := strings.Repeat("a", 4094)
	for s, want := range map[string]string{
		"":                               "",
		"snd-hda-intel":                  "snd_hda_intel",
		"fs-ext4.x-y":                    "fs_ext4.x_y",
		"usb:v0B05p[0-9]-d[a-c]*":        "usb:v0B05p[0-9]_d[a-c]*",
		"a[]b-c":                         "a[]b_c",
		"a[[-]-":                         "a[[-]_",
		"-":                              "_",
		long + "-":                       long + "_",
		long + "--":                      long + "_",
		long + "b]":                      long + "b",
		long + "b[":                      long + "b",
		long + "[-]-":                    long + "[",
		long[:4000] + "-[" + long + "]]": (long[:4000] + "_[" + long)[:4095],
	} {
		if got, err := Alias(s); got != want || err != nil {
			t.Errorf("Alias(%.80q) = %.80q (length %d) %v", s, got, len(got), err)
		}
	}
	for s, offset := range map[string]int{
		"]": 0, "[": 0, "a-b]c": 3, "a[b-c": 1, "a[b]c]d": 5, "[[a]]": 4, "a[b][c": 4, long + "]": 4094, long + "[b": 4094,
	} {
		got, err := Alias(s)
		if e, ok := errors.AsType[*BracketError](err); got != "" || !ok || *e != (BracketError{s, offset}) || !errors.Is(err, syscall.EINVAL) {
			t.Errorf("Alias(%.80q) = %.80q %.80v", s, got, err)
		}
	}
	if _, err := Alias("a[b"); err.Error() != `unmatched bracket at offset 1 of the alias "a[b"` {
		t.Error(err)
	}
}

func TestSuffix(t *testing.T) {
	for path, want := range map[string]string{
		"ext4.ko": "ext4", "/m/ext4.ko.gz": "/m/ext4", "ext4.ko.xz": "ext4", "a-b.ko.zst": "a-b", "a.ko.ko": "a.ko", "/.ko": "/", "a.ko.gz.xz": "",
		".ko": "", ".ko.gz": "", "": "", "ext4": "", "ext4.gz": "", "ext4.ko.bz2": "", "ext4.ko/": "", "extko": "", "ext4.KO": "", "ext4.ko.": "",
	} {
		has := want != ""
		if got := HasSuffix(path); got != has {
			t.Errorf("HasSuffix(%q) = %v", path, got)
		}
		if !has {
			want = path
		}
		if got := TrimSuffix(path); got != want {
			t.Errorf("TrimSuffix(%q) = %q", path, got)
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	n := testing.AllocsPerRun(100, func() {
		Name("snd_hda_intel.ko")
		FromPath("/lib/modules/6.1/kernel/snd_hda_intel.ko.zst")
		Alias("usb:v0B05p*d[0-9]*")
		_ = HasSuffix("/lib/modules/6.1/kernel/snd_hda_intel.ko.zst")
	})
	if n != 0 {
		t.Error(n, "allocations")
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"snd-hda.ko", "a[b-c]-d", "[[-]]", "a/b-c.ko.zst", "x]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name := Name(s)
		if strings.ContainsAny(name, ".-") || Name(name) != name || strings.ReplaceAll(s, "-", "_")[:len(name)] != name {
			t.Errorf("Name(%q) = %q", s, name)
		}
		if base, err := FromPath("/lib-x/" + s); !strings.Contains(s, "/") && s != "" && (base != name || err != nil) {
			t.Errorf("FromPath(%q) = %q %v", s, base, err)
		}
		alias, err := Alias(s)
		if (err != nil) != unmatched(s) && len(s) <= 4095 {
			t.Errorf("Alias(%q) = %q %v", s, alias, err)
		}
		if again, _ := Alias(alias); err == nil && len(s) <= 4095 && (again != alias || strings.ReplaceAll(s, "-", "_") != strings.ReplaceAll(alias, "-", "_")) {
			t.Errorf("Alias(%q) = %q", s, alias)
		}
	})
}

// unmatched takes the brackets out pair by pair.
func unmatched(s string) bool {
	for {
		before, after, open := strings.Cut(s, "[")
		if strings.Contains(before, "]") {
			return true
		}
		if !open {
			return false
		}
		_, rest, closed := strings.Cut(after, "]")
		if !closed {
			return true
		}
		s = rest
	}
}
