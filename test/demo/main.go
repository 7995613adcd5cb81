// Command demo boots real Debian kernels under QEMU, with gomod as their module tools, and shows what it does there.
//
//	go run ./test/demo [KERNEL...]
//
// The kernels are folders of build/kernels; 6.1 and 6.12 without an argument. It is run in the project's folder, and needs what
// test/setup.sh brings and `make build` makes.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"gomod/test/demo/transcript"
	"gomod/test/modules"
	"gomod/test/vm"
)

// gomod is what make builds.
const gomod = "bin/gomod"

// limit is the time for one kernel. It takes a tenth of that.
const limit = 5 * time.Minute

func main() {
	kernels := os.Args[1:]
	if len(kernels) == 0 {
		kernels = []string{"6.1", "6.12"}
	}
	if err := run(kernels); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(kernels []string) error {
	if _, err := os.Stat("go.mod"); err != nil {
		return errors.New("run it in the project's folder")
	}
	top, err := os.Getwd()
	if err != nil {
		return err
	}
	if _, err := os.Stat(gomod); err != nil {
		return fmt.Errorf("make build first: %w", err)
	}
	start := time.Now()
	view := newView(os.Stdout)
	for _, name := range kernels {
		if err := demonstrate(top, name, view); err != nil {
			return err
		}
	}
	return view.summary(time.Since(start))
}

// demonstrate boots one kernel and shows what comes back while it comes.
func demonstrate(top, name string, view *view) error {
	kernel, err := vm.FindKernel(top, name)
	if err != nil {
		return err
	}
	initramfs, err := buildInitramfs(top, kernel)
	if err != nil {
		return err
	}
	view.boot(kernel)
	var broken error
	machine := &vm.Machine{Kernel: kernel, Initramfs: initramfs, Limit: limit, Results: func(line string) {
		var event transcript.Event
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			broken = fmt.Errorf("the guest reports %q: %w", line, err)
			return
		}
		view.show(event)
	}}
	report, err := machine.Run(context.Background())
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", kernel.Release, err)
	case broken != nil:
		return broken
	case report.Status != 0:
		return fmt.Errorf("%s: the guest's exit status is %d", kernel.Release, report.Status)
	}
	return nil
}

func buildInitramfs(top string, kernel vm.Kernel) (string, error) {
	dir := filepath.Join(top, "build/demo")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	player := filepath.Join(dir, "guest")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", player, "./test/demo/guest")
	build.Dir, build.Stderr = top, os.Stderr
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("%s: %w", build, err)
	}
	ours, err := modules.Build(top, kernel.Name)
	if err != nil {
		return "", err
	}
	tree, err := makeTree(dir, kernel, ours)
	if err != nil {
		return "", err
	}
	i := vm.NewInitramfs(kernel)
	i.AddTools(filepath.Join(top, gomod))
	i.File("/demo", player, 0o755)
	if err := errors.Join(i.AddTree(tree), i.AddTestModules(ours), i.AddInit(top, "/demo")); err != nil {
		return "", err
	}
	file := filepath.Join(dir, kernel.Name+".cpio")
	return file, i.Save(file)
}

// makeTree makes a tree without indexes: the guest's depmod writes them.
func makeTree(dir string, kernel vm.Kernel, ours string) (*vm.Tree, error) {
	base := filepath.Join(dir, kernel.Name)
	if err := os.RemoveAll(base); err != nil {
		return nil, err
	}
	return vm.NewTree(base, kernel, transcript.Modules(), ours)
}
