package packages

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gomod/test/need"
)

// A project's life, and the version that each state of it has. Each is newer than the one before, as dpkg and rpm see it.
func TestVersion(t *testing.T) {
	repository := t.TempDir()
	git := func(arguments ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", repository, "-c", "user.name=n", "-c", "user.email=e@example.org"}, arguments...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %q: %v: %s", arguments, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	commit := func() { git("commit", "-q", "--allow-empty", "-m", "x") }
	git("init", "-q")
	var versions []string
	check := func(deb, apk string) {
		t.Helper()
		deb = strings.ReplaceAll(deb, "COMMIT", git("rev-parse", "--short", "HEAD"))
		for format, want := range map[string]string{"deb": deb, "rpm": deb, "apk": apk} {
			cmd := exec.Command(filepath.Join(need.Top(t), "packaging/version.sh"), format)
			cmd.Dir = repository
			out, err := cmd.CombinedOutput()
			if got := strings.TrimSpace(string(out)); err != nil || got != want {
				t.Errorf("%s: %q, %v; want %q", format, got, err, want)
			}
		}
		versions = append(versions, deb)
	}

	must(t, os.WriteFile(filepath.Join(repository, "file"), nil, 0o644))
	git("add", "file")
	for range 9 {
		commit()
	}
	check("0~git9.COMMIT", "0_git9")
	commit()
	check("0~git10.COMMIT", "0_git10")
	must(t, os.WriteFile(filepath.Join(repository, "file"), []byte("x"), 0o644))
	check("0~git10.COMMIT+dirty", "0_git10")
	git("checkout", "-q", "file")
	git("tag", "v1.0.0-rc1")
	check("1.0.0~rc1", "1.0.0_rc1")
	commit()
	check("1.0.0~rc1+git1.COMMIT", "1.0.0_rc1_git1")
	git("tag", "v1.0.0")
	check("1.0.0", "1.0.0")
	for range 2 {
		commit()
	}
	check("1.0.0+git2.COMMIT", "1.0.0_git2")
	for range 9 {
		commit()
	}
	check("1.0.0+git11.COMMIT", "1.0.0_git11")
	git("tag", "v1.0.1")
	check("1.0.1", "1.0.1")
	commit()
	git("tag", "v1.1.0-rc.2")
	check("1.1.0~rc.2", "1.1.0_rc2")
	// A branch for repairs is merged, whose tag is nearer.
	git("branch", "repairs", "v1.0.1")
	commit()
	git("tag", "v1.1.0")
	check("1.1.0", "1.1.0")
	git("checkout", "-q", "repairs")
	git("commit", "-q", "--allow-empty", "-m", "repair")
	git("tag", "v1.0.2")
	git("checkout", "-q", "-")
	git("merge", "-q", "--no-ff", "-m", "merged", "repairs")
	check("1.1.0+git2.COMMIT", "1.1.0_git2")

	tool(t, "rpm")
	for i, version := range versions[1:] {
		run(t, "dpkg", "--compare-versions", version+"-1", "gt", versions[i]+"-1")
		if got := run(t, "rpm", "--eval", `%{lua: print(rpm.vercmp("`+version+`", "`+versions[i]+`"))}`); got != "1\n" {
			t.Errorf("rpm: %s against %s: %s", version, versions[i], got)
		}
	}
}
