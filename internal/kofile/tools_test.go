package kofile

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gomod/test/need"
)

// run gives what a command line writes to its standard output. Where the tool is missing the test is skipped, but
// fails where CI=true.
func run(t testing.TB, input []byte, line string) []byte {
	t.Helper()
	out, err := tryRun(t, input, line)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return out
}

// tryRun is run for a command that may fail.
func tryRun(t testing.TB, input []byte, line string) ([]byte, error) {
	t.Helper()
	words := strings.Fields(line)
	_, err := exec.LookPath(words[0])
	need.NoError(t, err)
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		err = errors.New(err.Error() + ": " + stderr.String())
	}
	return out, err
}

// runOnFile is run with a file as last operand: tools state sizes in headers only then.
func runOnFile(t testing.TB, content []byte, line string) []byte {
	t.Helper()
	return run(t, nil, line+" "+write(t, content))
}

func write(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "m.ko")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// sample is content to compress.
type sample struct {
	name string
	data []byte
}

func samples() []sample {
	random := rand.NewChaCha8([32]byte{1})
	var list []sample
	for _, size := range []struct {
		name string
		n    int
	}{{"0", 0}, {"1", 1}, {"5", 5}, {"6", 6}, {"4095", 4095}, {"1M", 1 << 20}} {
		noise := make([]byte, size.n)
		_, _ = random.Read(noise)
		list = append(list, sample{"random-" + size.name, noise}, sample{"words-" + size.name, words(size.n)},
			sample{"zeros-" + size.name, make([]byte, size.n)})
	}
	return append(list, sample{"code", machineCode()})
}

// words is n bytes that compress about as well as a module.
func words(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	vocabulary := make([][]byte, 300)
	for i := range vocabulary {
		word := make([]byte, 2+r.IntN(12))
		for j := range word {
			word[j] = byte(r.IntN(256))
		}
		vocabulary[i] = word
	}
	out := make([]byte, 0, n+16)
	for len(out) < n {
		out = append(out, vocabulary[r.IntN(1+r.IntN(len(vocabulary)))]...)
	}
	return out[:n]
}

// machineCode is a part of the running test, which branch filters change.
func machineCode() []byte {
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		panic(err)
	}
	return self[len(self)/8:][:min(300<<10, len(self)/2)]
}

// contentOf opens path and gives its whole content.
func contentOf(path string, limit int64) ([]byte, error) {
	f, err := Open(path, limit)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := f.All()
	return bytes.Clone(data), err
}

// expectContent writes a compressed file and checks what Open makes of it.
func expectContent(t *testing.T, compressed []byte, format Compression, want []byte) {
	t.Helper()
	f, err := Open(write(t, compressed), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Compression() != format {
		t.Errorf("format %q, want %q", f.Compression(), format)
	}
	got, err := f.All()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("content differs: %d bytes, want %d", len(got), len(want))
	}
	image, err := f.Image()
	if err != nil || image.Size() != int64(len(want)) {
		t.Errorf("image of %d bytes, want %d; %v", image.Size(), len(want), err)
	}
}

// expectErrno checks that err names the path and wraps want.
func expectErrno(t *testing.T, err error, want syscall.Errno) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %v", want)
	}
	var errno syscall.Errno
	if !errors.As(err, &errno) || errno != want {
		t.Errorf("%v: errno %v, want %v", err, errno, want)
	}
	if !strings.Contains(err.Error(), "/") {
		t.Errorf("%q names no path", err)
	}
}

// expectCutsFail checks that no part of a compressed file, from its start to any byte before its end, passes for a module;
// except for lengths in allowed, which are whole streams.
func expectCutsFail(t *testing.T, compressed []byte, allowed ...int) {
	t.Helper()
	path := write(t, nil)
	for n := range compressed {
		if err := os.WriteFile(path, compressed[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := contentOf(path, 0)
		ok := false
		for _, a := range allowed {
			ok = ok || a == n
		}
		switch {
		case ok && err != nil:
			t.Errorf("first %d of %d bytes: %v", n, len(compressed), err)
		case !ok && err == nil:
			t.Errorf("first %d of %d bytes pass for a module of %d bytes", n, len(compressed), len(got))
		case err != nil:
			expectErrno(t, err, syscall.EINVAL)
		}
	}
}

// expectFlipsFail checks for each bit of a compressed file that changing it makes an error, or changes nothing.
// Files whose magic changes count as plain and are left out.
func expectFlipsFail(t *testing.T, compressed, content []byte) {
	t.Helper()
	format := recognise(compressed)
	harmless := 0
	var o Opener
	for i := range 8 * len(compressed) {
		flipped := bytes.Clone(compressed)
		flipped[i/8] ^= 1 << (i % 8)
		if recognise(flipped) != format {
			continue
		}
		got, err := o.expand(format, flipped)
		if err == nil && !bytes.Equal(got, content) {
			t.Errorf("byte %d, bit %d: other content and no error", i/8, i%8)
		}
		if err == nil {
			harmless++
		}
		o.spare.give(got)
	}
	t.Logf("%d of %d flips change nothing", harmless, 8*len(compressed))
}
