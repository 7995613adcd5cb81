package sysfs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"gomod/test/need"
)

// tree makes a root from the contents of its files; a path that ends in a slash is an empty folder.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for path, content := range files {
		full := filepath.Join(root, path)
		dir := filepath.Dir(full)
		if strings.HasSuffix(path, "/") {
			dir = full
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if dir == full {
			continue
		}
		if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func open(t testing.TB, files map[string]string) *FS {
	t.Helper()
	s := New(tree(t, files))
	t.Cleanup(func() { s.Close() })
	return s
}

func TestNewRoot(t *testing.T) {
	for root, want := range map[string]string{"": "/sys/module/x", "/": "/sys/module/x", "/r/": "/r/sys/module/x", "r": "r/sys/module/x"} {
		if got := New(root).modulePath("x"); got != want {
			t.Errorf("New(%q) reads %s, want %s", root, got, want)
		}
	}
}

// What C kmod 34.2 prints was looked at with these contents in a mount namespace of its own.
func TestSize(t *testing.T) {
	tests := []struct {
		name     string
		coresize string // "-" is no file
		modules  string
		want     int64
		errno    error
	}{
		{"coresize wins", "4096\n", "m 111 0 - Live 0x0\n", 4096, nil},
		{"blanks before", " 12\n", "", 12, nil},
		{"leading zero is decimal", "010\n", "", 10, nil},
		{"blank ends the number", "7 8\n", "", 7, nil},
		{"largest", "9223372036854775807\n", "", 9223372036854775807, nil},
		{"no newline", "4096", "m 111 0 -\n", 0, syscall.EINVAL},
		{"hexadecimal", "0x10\n", "m 111 0 -\n", 0, syscall.EINVAL},
		{"letters after", "12abc\n", "m 111 0 -\n", 0, syscall.EINVAL},
		{"negative", "-5\n", "", 0, syscall.EINVAL},
		{"too large", "9223372036854775808\n", "", 0, syscall.EINVAL},
		{"empty", "", "m 111 0 -\n", 0, syscall.EINVAL},
		{"longer than the buffer", strings.Repeat("1", 100) + "\n", "", 0, syscall.EINVAL},
		{"second column", "-", "mm 5 0 -\nm 888 0 - Live 0x0\n", 888, nil},
		{"second column beside garbage", "-", "???? x\nm 888 0 -\n", 888, nil},
		{"second column is garbage", "-", "m abc 0 -\n", 0, syscall.ENOENT},
		{"second column missing", "-", "m\n", 0, syscall.ENOENT},
		{"not listed", "-", "mm 5 0 -\n", 0, syscall.ENOENT},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"proc/modules": test.modules, "sys/module/m/": ""}
			if test.coresize != "-" {
				files["sys/module/m/coresize"] = test.coresize
			}
			got, err := open(t, files).Size("m")
			if got != test.want || !errors.Is(err, test.errno) {
				t.Errorf("Size = %d, %v; want %d, %v", got, err, test.want, test.errno)
			}
		})
	}
}

func TestSizeNeedsFolder(t *testing.T) {
	s := open(t, map[string]string{"proc/modules": "gone 999 0 - Live 0x0\n", "sys/module/": ""})
	if got, err := s.Size("gone"); got != 0 || !errors.Is(err, syscall.ENOENT) {
		t.Errorf("Size = %d, %v; want ENOENT", got, err)
	}
}

func TestRefcnt(t *testing.T) {
	tests := []struct {
		text  string
		want  int
		errno error
	}{
		{"0\n", 0, nil},
		{"3\n", 3, nil},
		{"-1\n", -1, nil},
		{"2147483647\n", 2147483647, nil},
		{"2147483648\n", 0, syscall.EINVAL},
		{"1", 0, syscall.EINVAL},
		{"3abc\n", 0, syscall.EINVAL},
		{"\n", 0, syscall.EINVAL},
	}
	for _, test := range tests {
		got, err := open(t, map[string]string{"sys/module/m/refcnt": test.text}).Refcnt("m")
		if got != test.want || !errors.Is(err, test.errno) {
			t.Errorf("Refcnt of %q = %d, %v; want %d, %v", test.text, got, err, test.want, test.errno)
		}
		var value *ValueError
		if err != nil && (!errors.As(err, &value) || value.Text != test.text || !strings.HasSuffix(value.Path, "/sys/module/m/refcnt")) {
			t.Errorf("Refcnt of %q: error %v keeps not path and text", test.text, err)
		}
	}
	s := open(t, map[string]string{"sys/module/m/": ""})
	for _, name := range []string{"m", "absent"} {
		_, err := s.Refcnt(name)
		var path *fs.PathError
		if !errors.Is(err, syscall.ENOENT) || !errors.As(err, &path) || !strings.HasSuffix(path.Path, "/sys/module/"+name+"/refcnt") {
			t.Errorf("Refcnt(%s) = %v, want ENOENT with the path", name, err)
		}
	}
}

func TestInitState(t *testing.T) {
	s := open(t, map[string]string{
		"sys/module/live/initstate":   "live\n",
		"sys/module/coming/initstate": "coming\n",
		"sys/module/going/initstate":  "going\n",
		"sys/module/builtin/":         "",
		"sys/module/cut/initstate":    "live",
		"sys/module/blank/initstate":  "live \n",
		"sys/module/upper/initstate":  "LIVE\n",
		"sys/module/empty/initstate":  "",
		"sys/module/more/initstate":   "live\nx",
		"sys/module/afile":            "live\n",
	})
	tests := []struct {
		name  string
		want  State
		errno error
	}{
		{"live", Live, nil},
		{"coming", Coming, nil},
		{"going", Going, nil},
		{"builtin", Coming, nil},
		{"cut", Unknown, syscall.EINVAL},
		{"blank", Unknown, syscall.EINVAL},
		{"upper", Unknown, syscall.EINVAL},
		{"empty", Unknown, syscall.EINVAL},
		{"more", Unknown, syscall.EINVAL},
		{"absent", Unknown, syscall.ENOENT},
		{"afile", Unknown, syscall.ENOTDIR},
	}
	for _, test := range tests {
		got, err := s.InitState(test.name)
		if got != test.want || !errors.Is(err, test.errno) {
			t.Errorf("InitState(%s) = %v, %v; want %v, %v", test.name, got, err, test.want, test.errno)
		}
	}
	_, err := s.InitState("upper")
	if want := "unknown " + s.root + `/sys/module/upper/initstate: "LIVE\n"`; err.Error() != want {
		t.Errorf("message %q, want %q", err, want)
	}
}

func TestHolders(t *testing.T) {
	files := map[string]string{"sys/module/m/holders/": "", "sys/module/none/holders/": "", "sys/module/without/": ""}
	for i := range 500 { // several reads of the directory
		files["sys/module/m/holders/a_module_with_a_long_name_"+strconv.Itoa(i)+"/"] = ""
	}
	s := open(t, files)
	folder, err := os.Open(s.modulePath("m/holders"))
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	want, err := folder.Readdirnames(-1) // documented to keep the directory's order
	if err != nil || len(want) != 500 {
		t.Fatal(len(want), err)
	}
	if slices.IsSorted(want) {
		t.Log("this file system lists names sorted: the order is not tested")
	}
	if got, err := s.Holders("m"); err != nil || !slices.Equal(got, want) {
		t.Errorf("Holders = %q, %v; want %q", got, err, want)
	}
	if got, err := s.Holders("none"); err != nil || len(got) != 0 {
		t.Errorf("Holders of an empty folder = %q, %v", got, err)
	}
	for _, name := range []string{"without", "absent"} {
		if got, err := s.Holders(name); got != nil || !errors.Is(err, syscall.ENOENT) {
			t.Errorf("Holders(%s) = %q, %v; want ENOENT", name, got, err)
		}
	}
}

func TestNamesStayInside(t *testing.T) {
	attrs := map[string]string{"coresize": "1\n", "refcnt": "1\n", "initstate": "live\n", "holders/x": ""}
	files := map[string]string{"proc/modules": ""}
	for attr, text := range attrs {
		files["sys/"+attr] = text // what ".." would reach
		files["sys/module/"+attr] = text
		files["sys/module/m/sub/"+attr] = text
	}
	s := open(t, files)
	for _, name := range []string{"", ".", "..", "../module", "m/sub", "/m", "m/", "m\x00", "../../sys"} {
		_, sizeErr := s.Size(name)
		_, refcntErr := s.Refcnt(name)
		_, stateErr := s.InitState(name)
		_, holdersErr := s.Holders(name)
		for _, err := range []error{sizeErr, refcntErr, stateErr, holdersErr} {
			var bad *NameError
			if !errors.As(err, &bad) || bad.Name != name || !errors.Is(err, syscall.ENOENT) {
				t.Errorf("name %q: %v, want a NameError", name, err)
			}
		}
	}
}

func TestNoSys(t *testing.T) {
	s := open(t, map[string]string{"proc/modules": "m 1 0 - Live 0x0\n"})
	if _, err := s.InitState("m"); !errors.Is(err, syscall.ENOENT) {
		t.Errorf("InitState without /sys: %v", err)
	}
	// Mounted meanwhile:
	if err := os.MkdirAll(s.modulePath("m"), 0o755); err != nil {
		t.Fatal(err)
	}
	if got, err := s.InitState("m"); got != Coming || err != nil {
		t.Errorf("InitState with /sys = %v, %v", got, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if got, err := s.InitState("m"); got != Coming || err != nil {
		t.Errorf("InitState after Close = %v, %v", got, err)
	}
}

func TestCompression(t *testing.T) {
	for text, want := range map[string]string{"zstd\n": "zstd", "xz\n": "xz", "gzip\n": "gzip"} {
		if got, err := open(t, map[string]string{"sys/module/compression": text}).Compression(); got != want || err != nil {
			t.Errorf("Compression of %q = %q, %v", text, got, err)
		}
	}
	if got, err := open(t, nil).Compression(); got != "" || err != nil {
		t.Errorf("Compression without a file = %q, %v", got, err)
	}
	for _, text := range []string{"", "\n", "zstd", "none\n", " gzip\n", "gzip\nx"} {
		_, err := open(t, map[string]string{"sys/module/compression": text}).Compression()
		var value *ValueError
		if !errors.As(err, &value) || value.Text != text {
			t.Errorf("Compression of %q: %v, want a ValueError with the text", text, err)
		}
	}
}

func TestCmdline(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for text, want := range map[string]string{"": "", "quiet ro\n": "quiet ro\n", long: long[:4095]} {
		if got, err := open(t, map[string]string{"proc/cmdline": text}).Cmdline(); string(got) != want || err != nil {
			t.Errorf("Cmdline of %d bytes = %d bytes, %v; want %d", len(text), len(got), err, len(want))
		}
	}
	if _, err := open(t, nil).Cmdline(); !errors.Is(err, syscall.ENOENT) {
		t.Errorf("Cmdline without a file: %v", err)
	}
}

func TestRunningKernel(t *testing.T) {
	want, err := os.ReadFile("/proc/cmdline")
	need.NoError(t, err)
	if got, err := New("/").Cmdline(); err != nil || string(got) != string(want[:min(len(want), 4095)]) {
		t.Errorf("Cmdline = %q, %v; want %q", got, err, want)
	}
	s := New("")
	defer s.Close()
	modules, err := s.Modules()
	if errors.Is(err, syscall.ENOENT) {
		t.Skip("this kernel has no modules") // in CI too
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range modules {
		// A module may go away, and a reference come, at any time.
		if size, err := s.Size(m.Name); m.State == Live && err == nil && size != m.Size {
			t.Errorf("%s: coresize %d, /proc/modules %d", m.Name, size, m.Size)
		}
		holders, err := s.Holders(m.Name)
		users := strings.FieldsFunc(strings.TrimSuffix(m.Users, "[permanent],"), func(r rune) bool { return r == ',' })
		slices.Sort(holders)
		slices.Sort(users)
		if err == nil && len(holders)+len(users) > 0 && !reflect.DeepEqual(holders, users) {
			t.Errorf("%s: holders %q, /proc/modules %q", m.Name, holders, users)
		}
	}
}
