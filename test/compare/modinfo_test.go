package compare

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gomod/test/need"
)

// kernels are the trees whose every module is compared; s390x is big-endian.
var kernels = []string{"6.1", "6.12", "6.1-s390x"}

// fields are all that the modules of those trees have, and some that none has.
var fields = []string{
	"alias", "author", "depends", "description", "filename", "firmware", "import_ns", "intree", "key_mappings", "license", "livepatch", "name", "parm",
	"parmtype", "retpoline", "sig_hashalgo", "sig_id", "sig_key", "signature", "signer", "softdep", "srcversion", "staging", "vermagic",
	"version", "weakdep", "nothing", "Author",
}

// modules lists every module file of a kernel's tree, sorted.
func modules(t *testing.T, kernel string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(need.File(t, "build/kernels/"+kernel+"/lib/modules"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && strings.Contains(entry.Name(), ".ko") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// sample takes about count of the files, evenly spread, unless everything was asked for.
func sample(files []string, count int) []string {
	if os.Getenv("GOMOD_TEST_ALL") != "" || len(files) <= count {
		return files
	}
	var taken []string
	for i := range count {
		taken = append(taken, files[i*len(files)/count])
	}
	return taken
}

// batch is how many modules one call of modinfo is given.
const batch = 500

// TestModinfoOfEveryModule compares what modinfo prints of every distribution module, but for the build-id, which C kmod 34.2
// does not print (D25).
func TestModinfoOfEveryModule(t *testing.T) {
	for _, kernel := range kernels {
		t.Run(kernel, func(t *testing.T) {
			t.Parallel()
			files := modules(t, kernel)
			for _, options := range [][]string{nil, {"-0"}, {"-p"}} {
				compareModinfo(t, files, options)
			}
			t.Logf("%d modules compared: plain, -0 and -p", len(files))
		})
	}
}

func TestModinfoFields(t *testing.T) {
	for _, kernel := range kernels {
		t.Run(kernel, func(t *testing.T) {
			t.Parallel()
			files := sample(modules(t, kernel), 200)
			for _, field := range fields {
				compareModinfo(t, files, []string{"-F", field})
			}
			for _, short := range []string{"-a", "-d", "-l", "-n"} {
				compareModinfo(t, files, []string{short})
			}
			compareModinfo(t, sample(files, 100), []string{"-0", "-F", "alias"})
			t.Logf("%d modules compared: -F of %d fields", len(files), len(fields))
		})
	}
}

// TestFieldsAreAll holds that the list of fields above has every one that the modules have.
func TestFieldsAreAll(t *testing.T) {
	known := make(map[string]bool)
	for _, field := range fields {
		known[field] = true
	}
	for _, kernel := range kernels {
		listing := Reference(t, Call{Argv: append([]string{"modinfo", "-0"}, sample(modules(t, kernel), 400)...)}).Stdout
		for record := range strings.SplitSeq(listing, "\x00") {
			end := strings.IndexAny(record, ":=")
			if end > 0 && !known[record[:end]] {
				t.Errorf("%s: field %q is not among those compared", kernel, record[:end])
				known[record[:end]] = true
			}
		}
	}
}

func compareModinfo(t *testing.T, files, options []string) {
	t.Helper()
	for start := 0; start < len(files); start += batch {
		files := files[start:min(start+batch, len(files))]
		call := Call{Argv: append(append([]string{"modinfo"}, options...), files...)}
		want, got := Reference(t, call), Gomod(t, call)
		got.Stdout = withoutBuildID(got.Stdout)
		if want.Stdout != got.Stdout || want.Status != got.Status || want.Stderr != got.Stderr {
			t.Errorf("modinfo %v: %s", options, firstDifference(got, want))
		}
	}
}

// withoutBuildID drops the lines of a field that is gomod's addition; with -0 its record.
func withoutBuildID(text string) string {
	var kept strings.Builder
	end := "\n"
	if strings.Contains(text, "\x00") {
		end = "\x00"
	}
	for _, line := range strings.SplitAfter(text, end) {
		if !strings.HasPrefix(line, "build-id:") && !strings.HasPrefix(line, "build-id=") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func firstDifference(got, want Result) string {
	gotLines, wantLines := strings.SplitAfter(got.Stdout, "\n"), strings.SplitAfter(want.Stdout, "\n")
	file := ""
	for i := range min(len(gotLines), len(wantLines)) {
		if strings.HasPrefix(wantLines[i], "filename:") {
			file = wantLines[i]
		}
		if gotLines[i] != wantLines[i] {
			return fmt.Sprintf("after %qline %d: got %q, want %q", file, i+1, gotLines[i], wantLines[i])
		}
	}
	return fmt.Sprintf("%d lines and status %d, want %d and %d; stderr %q, want %q", len(gotLines), got.Status, len(wantLines), want.Status, got.Stderr, want.Stderr)
}
