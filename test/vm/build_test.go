package vm

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gomod/test/arch"
	"gomod/test/need"
)

// requireMachine skips the test unless the programs and the kernel are there.
func requireMachine(t *testing.T, top, kernel string) Kernel {
	t.Helper()
	if testing.Short() {
		t.Skip("it boots a virtual machine") // in CI too
	}
	found, err := FindKernel(top, kernel)
	need.NoError(t, err)
	_, err = exec.LookPath(boardOf(found.Arch).emulator[0])
	need.NoError(t, err)
	_, err = found.Busybox(top)
	need.NoError(t, err)
	return found
}

// requireReference skips the test unless C kmod is there to compare with.
func requireReference(t *testing.T, top string, a arch.Arch) {
	t.Helper()
	_, err := os.Stat(filepath.Join(top, "build/kmod34"+a.Suffix(), ".complete"))
	need.NoError(t, err)
}

// compile makes a static program from a package of the project.
func compile(t *testing.T, top string, a arch.Arch, arguments ...string) string {
	t.Helper()
	noteSources(t, top)
	program := filepath.Join(t.TempDir(), "program")
	command := exec.Command("go", append(arguments[:len(arguments)-1:len(arguments)-1],
		"-trimpath", "-ldflags", "-s -w", "-o", program, arguments[len(arguments)-1])...)
	command.Dir = top
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH="+a.Go)
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, said)
	}
	return program
}

// noteSources looks at every source. The go command that compile runs does so out of go test's sight, which would go on giving an
// old result from its cache.
func noteSources(t *testing.T, top string) {
	t.Helper()
	for _, folder := range []string{"cmd", "internal", "test"} {
		err := filepath.WalkDir(filepath.Join(top, folder), func(file string, _ fs.DirEntry, err error) error {
			if err == nil {
				_, err = os.Stat(file)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// compileGomod makes the program under test from the sources as they are, and as it is installed. GOMOD_BINARY names another one to
// test on amd64.
func compileGomod(t *testing.T, top string, a arch.Arch) string {
	t.Helper()
	if other := os.Getenv("GOMOD_BINARY"); other != "" && a == arch.AMD64() {
		return other
	}
	noteSources(t, top)
	program := filepath.Join(t.TempDir(), "gomod")
	command := exec.Command("make", "-s", "build", "ARCH="+a.Go, "BIN="+program)
	command.Dir = top
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, said)
	}
	return program
}
