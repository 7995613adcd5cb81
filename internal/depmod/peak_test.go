package depmod

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"gomod/internal/config"
	"gomod/test/need"
)

// TestPeak runs itself in processes of their own, and looks at the most memory that they had for modules that few kilobytes become: it must
// not be that of one module times the workers.
func TestPeak(t *testing.T) {
	if need.RaceDetector {
		t.Skip("the memory would be the detector's") // in CI too
	}
	if dir := os.Getenv("DEPMOD_TREE"); dir != "" {
		workers, err := strconv.Atoi(os.Getenv("DEPMOD_WORKERS"))
		need.NoError(t, err)
		result, err := Compute(Options{Dir: dir, Workers: workers, Config: func() *config.Depmod { return &config.Depmod{} }})
		need.NoError(t, err)
		status, err := os.ReadFile("/proc/self/status")
		need.NoError(t, err)
		fmt.Printf("\n%d modules, %d of them unreadable\n%s", result.Modules, result.Unreadable, status)
		return
	}
	const size, modules = 30 << 20, 20
	dir := t.TempDir()
	xz := exec.Command("xz", "-0", "--check=crc32")
	xz.Stdin = bytes.NewReader(make([]byte, size))
	packed, err := xz.Output()
	if err != nil {
		need.Missing(t, "xz: "+err.Error())
	}
	for i := range modules {
		need.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("m%d.ko.xz", i)), packed, 0o644))
	}
	for workers, most := range map[int]int{1: size + 40<<20, 16: memory + 60<<20} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestPeak$")
		cmd.Env = append(os.Environ(), "DEPMOD_TREE="+dir, "DEPMOD_WORKERS="+strconv.Itoa(workers))
		out, err := cmd.CombinedOutput()
		found := regexp.MustCompile(`\n20 modules, 20 of them unreadable\n(?s:.*)\nVmHWM:\s*(\d+) kB`).FindSubmatch(out)
		if err != nil || found == nil {
			t.Fatalf("%v: %s", err, out)
		}
		kib, err := strconv.Atoi(string(found[1]))
		need.NoError(t, err)
		if t.Logf("%d workers: %d MiB", workers, kib>>10); kib<<10 > most {
			t.Errorf("%d workers: %d MiB", workers, kib>>10)
		}
	}
}
