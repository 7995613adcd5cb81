package packages

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gomod/test/need"
)

func tool(t testing.TB, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		need.Missing(t, name+" is missing: run test/setup.sh tools lintian")
	}
}

func TestLintian(t *testing.T) {
	need.System(t)
	tool(t, "lintian")
	if got := run(t, "lintian", "--allow-root", "--fail-on", "error,warning", packageFile(t, "deb")); got != "" {
		t.Errorf("lintian said\n%s", got)
	}
}

// beside is what lies below /usr in the packages that touch no file of kmod's.
var beside = []string{"bin/gomod", "lib/gomod/", "share/doc/gomod/", "share/licenses/gomod/"}

func besideKmod(path string) bool {
	for _, allowed := range beside {
		if strings.HasPrefix(path, "/usr/"+allowed) {
			return true
		}
	}
	base := filepath.Base(path)
	if strings.HasPrefix(base, "gomod-") { // pages of its own commands
		return strings.HasPrefix(path, "/usr/share/man/")
	}
	switch base {
	case "gomod", "_gomod", "gomod.fish", "gomod.8.gz":
		return strings.HasPrefix(path, "/usr/share/")
	}
	return false
}

func TestRPM(t *testing.T) {
	need.System(t)
	tool(t, "rpm")
	file := packageFile(t, "rpm")
	links := 0
	for line := range strings.Lines(run(t, "rpm", "-qp", "--qf", `[%{FILEMODES:perms} %{FILENAMES} %{FILELINKTOS}\n]`, file)) {
		fields := strings.Fields(line)
		if fields[0][0] != 'd' && !besideKmod(fields[1]) {
			t.Errorf("%s is not a name of gomod's own", fields[1])
		}
		if fields[0][0] == 'l' {
			links++
			if want := "/usr/bin/gomod"; filepath.Join(filepath.Dir(fields[1]), fields[2]) != want {
				t.Errorf("%s does not lead to %s", line, want)
			}
		}
	}
	if links != 7 {
		t.Errorf("%d links, want one for each tool", links)
	}
	if scripts := run(t, "rpm", "-qp", "--scripts", file); scripts != "" {
		t.Errorf("there are scripts: %s", scripts)
	}
	if check := run(t, "rpm", "-K", "--nosignature", file); !strings.HasSuffix(check, ": digests OK\n") {
		t.Errorf("rpm -K said %q", check)
	}
	if requires := run(t, "rpm", "-qp", "--requires", file); strings.Contains(requires, "kmod") || strings.Contains(requires, ".so") {
		t.Errorf("it requires %s", requires)
	}
}

func TestAPK(t *testing.T) {
	need.System(t)
	file := packageFile(t, "apk")
	links := 0
	for line := range strings.Lines(run(t, "tar", "--warning=no-unknown-keyword", "-tvzf", file)) {
		fields := strings.Fields(line)
		path := "/" + fields[5]
		if line[0] != 'd' && path != "/.PKGINFO" && !besideKmod(path) {
			t.Errorf("%s is not a name of gomod's own", path)
		}
		if line[0] == 'l' {
			links++
		}
	}
	if links != 7 {
		t.Errorf("%d links, want one for each tool", links)
	}
	info := run(t, "tar", "--warning=no-unknown-keyword", "-xzOf", file, ".PKGINFO")
	for _, want := range []string{"pkgname = gomod\n", "arch = x86_64\n", "license = Apache-2.0\n"} {
		if !strings.Contains(info, want) {
			t.Errorf(".PKGINFO lacks %q:\n%s", want, info)
		}
	}
}

// All that is linked into the program has its licence in the package, and nothing else has: the modules that it was built of, where these have
// files of others the folders of these, and Go's own library.
func TestCopyright(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(need.Top(t), "packaging/copyright"))
	must(t, err)
	program := filepath.Join(need.Top(t), "bin/gomod")
	if _, err := os.Stat(program); err != nil {
		need.Missing(t, "bin/gomod is missing: run make build")
	}
	var linked, licensed []string
	for line := range strings.Lines(run(t, "go", "version", "-m", program)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "dep" {
			linked = append(linked, fields[1])
		}
	}
	for line := range strings.Lines(string(text)) {
		if files, found := strings.CutPrefix(line, "Files: "); found {
			licensed = append(licensed, strings.Fields(files)...)
		}
	}
	if len(linked) == 0 {
		t.Fatal("bin/gomod says of no module that it was built of it")
	}
	for _, module := range append(linked, "*", "std") {
		if !slices.Contains(licensed, module) {
			t.Errorf("packaging/copyright lacks %s", module)
		}
	}
	for _, files := range licensed {
		of := func(module string) bool { return files == module || strings.HasPrefix(files, module+"/") }
		if files != "*" && files != "std" && !slices.ContainsFunc(linked, of) {
			t.Errorf("packaging/copyright has %s, which is not in the program", files)
		}
	}
}
