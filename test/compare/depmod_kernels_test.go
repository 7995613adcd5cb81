package compare

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gomod/test/need"
)

// golden are the checksums of the files that C kmod 34 made of three of the kernels, by release and file.
func golden(t testing.TB) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/depmod-c34.sha256")
	if err != nil {
		t.Fatal(err)
	}
	sums := make(map[string]string)
	for line := range strings.Lines(string(text)) {
		sum, path, _ := strings.Cut(strings.TrimSpace(line), "  ")
		sums[path] = sum
	}
	return sums
}

// TestDepmodKernels makes all eleven files of every distribution kernel.
func TestDepmodKernels(t *testing.T) {
	sums := golden(t)
	checked := 0
	for _, kernel := range []string{"6.1", "6.12", "6.12-cloud", "6.1-arm64", "6.1-s390x"} {
		base := need.File(t, "build/kernels/"+kernel)
		release := readRelease(t, base)
		args := []string{"depmod", "-b", base, "-C", "/dev/null"}
		var outcomes [2]outcome
		for i, tool := range []func(testing.TB, Call) Result{Reference, Gomod} {
			out := t.TempDir()
			outcomes[i].Result = tool(t, Call{Argv: append(args, "-o", out, release)})
			outcomes[i].files = readFolder(t, filepath.Join(out, "lib/modules", release))
		}
		compareOutcomes(t, append(args, release), outcomes[1], outcomes[0])
		if n := len(outcomes[1].files); n != 11 {
			t.Errorf("%s: %d files", kernel, n)
		}
		for name, data := range outcomes[1].files {
			want, ok := sums[release+"/"+name]
			if !ok {
				continue
			}
			checked++
			if sum := sha256.Sum256([]byte(data)); hex.EncodeToString(sum[:]) != want {
				t.Errorf("%s/%s: checksum %x, want %s", release, name, sum, want)
			}
		}
	}
	// Debian has newer builds now and then, for which there are no checksums.
	t.Logf("%d of %d checksums compared", checked, len(sums))
}

func readRelease(t testing.TB, kernel string) string {
	t.Helper()
	release, err := os.ReadFile(filepath.Join(kernel, "release"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(release))
}

// TestDepmodShown compares what -n, -v and -e print of a whole kernel.
func TestDepmodShown(t *testing.T) {
	base := need.File(t, "build/kernels/6.1")
	release := readRelease(t, base)
	call := Call{Argv: []string{"depmod", "-b", base, "-C", "/dev/null", "-n", "-v", "-w", "-e", "-F", base + "/boot/System.map-" + release, release}}
	want, got := Reference(t, call), Gomod(t, call)
	if got.Status != want.Status || got.Stdout != want.Stdout || got.Stderr != want.Stderr {
		t.Errorf("status %d, want %d; output the same: %v; messages the same: %v", got.Status, want.Status, got.Stdout == want.Stdout, got.Stderr == want.Stderr)
	}
}

// TestDepmodParallel has the same output whatever the number of threads is.
func TestDepmodParallel(t *testing.T) {
	base := need.File(t, "build/kernels/6.1")
	release := readRelease(t, base)
	var first map[string]string
	for _, threads := range []string{"1", "2", "13"} {
		out := t.TempDir()
		result := Gomod(t, Call{Argv: []string{"depmod", "-b", base, "-C", "/dev/null", "-o", out, release}, Env: []string{"GOMAXPROCS=" + threads}})
		files := readFolder(t, filepath.Join(out, "lib/modules", release))
		if result.Status != 0 || len(files) != 11 {
			t.Fatal(result)
		}
		if first == nil {
			first = files
		}
		for name := range files {
			if files[name] != first[name] {
				t.Errorf("%s threads: %s differs", threads, name)
			}
		}
	}
}

// TestDepmodReaders holds that C kmod 34 and 30, the libraries of systemd and udev, read from our indexes what they read from
// C kmod's: all of them, and what is looked up.
func TestDepmodReaders(t *testing.T) {
	base := need.File(t, "build/kernels/6.1")
	release := readRelease(t, base)
	readers := []string{need.File(t, "build/kmod34/run"), need.File(t, "build/kmod30/run")}
	questions := [][]string{
		{"-c"}, {"-R", "pci:v00008086d000010D3sv00008086sd0000A01Fbc02sc00i00"}, {"-R", "ext4"}, {"-R", "symbol:crc16"}, {"-D", "btrfs"},
	}
	var shown [2]string
	for i, tool := range []func(testing.TB, Call) Result{Reference, Gomod} {
		out := t.TempDir()
		tool(t, Call{Argv: []string{"depmod", "-b", base, "-C", "/dev/null", "-o", out, release}})
		for _, reader := range readers {
			for _, question := range questions {
				args := append([]string{"modprobe", "-d", out, "-S", release, "-C", "/dev/null"}, question...)
				output, err := exec.Command(reader, args...).Output()
				if err != nil {
					t.Errorf("%s %q: %v", reader, args, err)
				}
				shown[i] += strings.ReplaceAll(string(output), out, "OUT")
			}
		}
	}
	if shown[0] != shown[1] || len(shown[0]) < 2<<20 {
		t.Errorf("%d bytes differ from %d", len(shown[1]), len(shown[0]))
	}
}
