package kofile

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gomod/test/need"
)

// referenceLibrary gives what C kmod's library says of each file, "" where it says nothing, without its own prefix. The content
// of the files must be no module: only then C kmod names each one.
func referenceLibrary(t *testing.T, files [][]byte) []string {
	t.Helper()
	kmod, err := filepath.Abs("../../build/kmod34/run")
	if err != nil {
		t.Fatal(err)
	}
	_, err = os.Stat(kmod)
	need.NoError(t, err)
	dir := t.TempDir()
	args := []string{"modinfo"}
	for i, file := range files {
		path := filepath.Join(dir, "f"+strconv.Itoa(i)+".ko")
		if err := os.WriteFile(path, file, 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	var stderr bytes.Buffer
	cmd := exec.Command(kmod, args...)
	cmd.Stderr = &stderr
	_ = cmd.Run()
	answers, library := make([]string, 0, len(files)), ""
	for line := range strings.Lines(stderr.String()) {
		if text, ok := strings.CutPrefix(line, "libkmod: ERROR: "); ok {
			_, text, _ = strings.Cut(text, ": ")
			library = strings.TrimSuffix(text, "\n")
			continue
		}
		if !strings.Contains(line, " 'f"+strconv.Itoa(len(answers))+"'") {
			t.Fatalf("%q is not about f%d", line, len(answers))
		}
		answers, library = append(answers, library), ""
	}
	if len(answers) != len(files) {
		t.Fatalf("%d answers for %d files: %s", len(answers), len(files), stderr.String())
	}
	return answers
}

// libraryLine is what this program says; ok where it takes the file.
func libraryLine(t *testing.T, o *Opener, file []byte) (line string, ok bool) {
	t.Helper()
	out, err := o.expand(recognise(file), file)
	o.spare.give(out)
	if err == nil {
		return "", true
	}
	var bad *Error
	if !errors.As(err, &bad) {
		t.Fatalf("%#v", err)
	}
	return bad.Library, false
}

// cutsAndFlips are the files that end early, and those of which a bit is wrong; two of each byte, and not in the magic.
func cutsAndFlips(file []byte) (cuts, flips [][]byte) {
	for n := minSize; n < len(file); n++ {
		cuts = append(cuts, file[:n])
		for _, bit := range [...]int{n % 8, (n + 3) % 8} {
			flipped := bytes.Clone(file)
			flipped[n] ^= 1 << bit
			flips = append(flips, flipped)
		}
	}
	return cuts, flips
}
