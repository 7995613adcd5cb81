package kofile

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"gomod/test/need"
)

// peakLimit is the cap in bytes of TestPeak.
const peakLimit = 256 << 20

// TestPeak runs itself in processes of their own, and looks at the most memory that each had while it refused a bomb.
func TestPeak(t *testing.T) {
	if need.RaceDetector {
		t.Skip("the memory would be the detector's") // in CI too
	}
	if path := os.Getenv("KOFILE_BOMB"); path != "" {
		_, err := contentOf(path, peakLimit)
		fmt.Printf("\nerror %v\npeak %d\n", err, peakMemory(t))
		return
	}
	zeros := make([]byte, peakLimit+64<<20)
	cut := func(line string) []byte {
		whole := run(t, zeros, line)
		return whole[:len(whole)-2]
	}
	for _, c := range []struct {
		name string
		bomb []byte
		// more is what the peak may have beyond the cap, in MiB.
		more int
	}{
		{"gzip", run(t, zeros, "gzip -1c"), 40},
		{"zstd", run(t, zeros, "zstd -qc"), 40},
		{"zstd large window", run(t, zeros, "zstd -qc -1 --long=31"), 40},
		{"xz", cut("xz -0c"), 40},
		{"xz large dictionary", cut("xz -c --lzma2=preset=0,dict=64MiB"), 40},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := exec.Command(os.Args[0], "-test.run=^TestPeak$")
			cmd.Env = append(os.Environ(), "KOFILE_BOMB="+write(t, c.bomb))
			out, err := cmd.CombinedOutput()
			if err != nil || !bytes.Contains(out, []byte(LimitVariable)) {
				t.Fatalf("%v: %s", err, out)
			}
			_, text, _ := strings.Cut(string(out), "\npeak ")
			text, _, _ = strings.Cut(text, "\n")
			peak, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d MiB for a cap of %d MiB", peak>>20, peakLimit>>20)
			if peak > peakLimit+c.more<<20 {
				t.Errorf("%d MiB for a cap of %d MiB", peak>>20, peakLimit>>20)
			}
		})
	}
}

// peakMemory is the largest resident size of this process so far in bytes.
func peakMemory(t *testing.T) int {
	status, err := os.ReadFile("/proc/self/status")
	need.NoError(t, err)
	_, text, _ := strings.Cut(string(status), "\nVmHWM:")
	fields := strings.Fields(text)
	if len(fields) < 2 || fields[1] != "kB" {
		t.Fatalf("no VmHWM in %s", status)
	}
	kib, err := strconv.Atoi(fields[0])
	if err != nil {
		t.Fatal(err)
	}
	return kib << 10
}

// TestLargeBuffer has a module whose memory goes back to the system when it is closed, plain and decompressed.
func TestLargeBuffer(t *testing.T) {
	content := bytes.Repeat(words(1<<20), largeBuffer>>20+8)
	for _, line := range []string{"cat", "gzip -1c", "xz -0c", "zstd -qc"} {
		t.Run(line, func(t *testing.T) {
			path := write(t, run(t, content, line))
			var o Opener
			for range 2 {
				f, err := o.Open(path)
				if err != nil {
					t.Fatal(err)
				}
				got, err := f.All()
				if err != nil || !bytes.Equal(got, content) {
					t.Errorf("%d bytes, %v", len(got), err)
				}
				if err := f.Close(); err != nil {
					t.Error(err)
				}
			}
			for _, s := range o.spare.large {
				if cap(s) > largeBuffer {
					t.Errorf("%d bytes are kept", cap(s))
				}
			}
		})
	}
}

// TestNoMemory wants more than the address space has.
func TestNoMemory(t *testing.T) {
	var b buffers
	if s := b.take(maxLimit); s != nil {
		t.Errorf("%d bytes", cap(s))
	}
}
