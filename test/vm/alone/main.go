// Command alone is the first process of a machine that has gomod and nothing else: it runs lsmod and switches the machine off.
package main

import (
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"

	"gomod/test/vm"
)

func main() {
	results, err := os.OpenFile(vm.ResultsPort, os.O_WRONLY, 0)
	if err != nil {
		panic(err)
	}
	unix.Mount("proc", "/proc", "proc", 0, "")
	unix.Mount("sysfs", "/sys", "sysfs", 0, "")
	lsmod := exec.Command("/sbin/lsmod")
	// There is no /dev/null to read from.
	lsmod.Stdin, lsmod.Stdout, lsmod.Stderr = results, results, results
	if err := lsmod.Run(); err != nil {
		fmt.Fprintln(results, err)
	}
	fmt.Fprintln(results, vm.StatusLine(lsmod.ProcessState.ExitCode()))
	unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
}
