package cli

import (
	"strconv"
	"strings"
	"syscall"

	"gomod/internal/config"
	"gomod/internal/diag"
	"gomod/internal/jsontext"
	"gomod/internal/sysfs"
)

// describeRefusal is for what the kernel, or the module's own code, does not do.
func describeRefusal(cause diag.Cause) (description, bool) {
	switch c := cause.(type) {
	case diag.Parameter:
		return describeParameter(c), true
	case diag.InitFailed:
		return describeInit(c), true
	case diag.ModulesDisabled:
		return description{
			lines:  []string{"the kernel loads and removes no modules any more: kernel.modules_disabled is 1"},
			advice: "reboot, and load the module before whatever sets kernel.modules_disabled (see /etc/sysctl.d); nothing but a reboot takes it back",
		}, true
	case diag.NoPrivilege:
		return describePrivilege(c.Privilege), true
	case diag.Denied:
		return describeDenied(c), true
	case diag.Present:
		return describePresent(c), true
	case diag.KernelBlacklist:
		return description{
			lines:  []string{"the kernel command line forbids the module: module_blacklist= has " + c.Name},
			advice: "take " + c.Name + " out of module_blacklist= in the boot loader's configuration and reboot",
			facts:  jsontext.Object{{Name: "name", Value: c.Name}},
		}, true
	case diag.NoMemory:
		return describeMemory(c), true
	case diag.NoModuleSupport:
		return description{
			lines:  []string{"the kernel was built without loadable modules, or a filter hides the system call"},
			advice: "boot a kernel with CONFIG_MODULES=y; in a container, load the module on the host",
		}, true
	case diag.Command:
		return description{
			lines:  []string{place(c.Where) + " orders a command for the module " + c.Name + ", and the command failed: " + c.Command},
			advice: "see what the command says, or take that line out; modprobe -i " + c.Name + " does without it once",
			facts:  append(placeFacts(c.Where), jsontext.Member{Name: "command", Value: c.Command}),
		}, true
	case diag.WorldWritable:
		return description{
			lines:  []string{place(c.Where) + " orders the command '" + c.Command + "', which is not run, for " + c.Refusal.Error()},
			advice: closing(c.Refusal.Exposure),
			facts:  append(placeFacts(c.Where), jsontext.Member{Name: "command", Value: c.Command}, jsontext.Member{Name: "writable", Value: c.Refusal.Path}),
		}, true
	case diag.KeptOut:
		return description{
			lines:  []string{place(c.Where) + " has a command in place of loading the module " + c.Name + ", and that does not load it: " + strings.TrimSpace(c.Command)},
			advice: "take that line out if the module is wanted; modprobe -i " + c.Name + " does without it once",
			facts:  append(placeFacts(c.Where), jsontext.Member{Name: "command", Value: c.Command}),
		}, true
	case diag.Blacklisted:
		return description{
			lines:  []string{place(c.Where) + " blacklists the module " + c.Name + ": it is not loaded by an alias"},
			advice: "take that line out if the module is wanted, or load it by its name: modprobe " + c.Name,
			facts:  placeFacts(c.Where),
		}, true
	case diag.Dependency:
		return describeDependency(c), true
	case diag.Forbidden:
		d := description{
			lines:  []string{"the module " + c.Name + " is forbidden by " + place(c.Where)},
			advice: "if it is to be loaded after all: gomod allow " + c.Name,
			facts:  append(placeFacts(c.Where), jsontext.Member{Name: "reason", Value: c.Reason}),
		}
		if c.Reason != "" {
			d.lines = append(d.lines, "  reason: "+c.Reason)
		}
		return d, true
	case diag.KernelSaid:
		return description{
			lines:  []string{"the kernel says: " + c.Text},
			advice: "build the module again with this kernel's headers and its own build system; if it came in a package, tell its maker what the kernel says",
			facts:  jsontext.Object{{Name: "kernel", Value: c.Text}},
		}, true
	case diag.Unexplained:
		return description{
			lines:  []string{"the kernel gives no reason"},
			advice: "look at dmesg around this time; with `gomod why` on the file, see what is known of it",
			facts:  jsontext.Object{{Name: "errno", Value: int(c.Errno)}},
		}, true
	}
	return description{}, false
}

// describeDependency has all that is in the way of the other module.
func describeDependency(c diag.Dependency) description {
	d := description{lines: []string{"it needs the module " + c.Module + ", which cannot be loaded: " + c.Path}}
	var advice []string
	objects := make([]jsontext.Object, 0, len(c.Causes))
	for _, cause := range c.Causes {
		of := describe(cause)
		for _, line := range of.lines {
			d.lines = append(d.lines, "  "+line)
		}
		advice = append(advice, of.advice)
		objects = append(objects, causeObject(cause))
	}
	d.advice = strings.Join(advice, "; ")
	d.facts = jsontext.Object{{Name: "module", Value: c.Module}, {Name: "file", Value: c.Path}, {Name: "causes", Value: objects}}
	return d
}

func describeParameter(c diag.Parameter) description {
	d := description{facts: jsontext.Object{
		{Name: "parameter", Value: c.Name}, {Name: "value", Value: c.Value}, {Name: "type", Value: c.Type}, {Name: "kernel", Value: c.Said}, {Name: "nearest", Value: c.Nearest},
	}}
	expected := ""
	if c.Type != "" {
		expected = " of type " + c.Type
	}
	switch c.Problem {
	case diag.UnknownName:
		d.lines = []string{"the module has no parameter " + c.Name}
		d.advice = "see modinfo -p for the parameters it has"
		if c.Nearest != "" {
			d.advice = "did you mean " + c.Nearest + "? See modinfo -p for the parameters it has"
		}
	case diag.TooLong:
		d.lines = []string{"the value '" + c.Value + "' is too long for the parameter " + c.Name + expected}
		d.advice = "give " + c.Name + " a shorter value, on the command line or in modprobe.d (modprobe -c | grep " + c.Name + ")"
	default:
		d.lines = []string{"the module does not take the value '" + c.Value + "' for its parameter " + c.Name + expected}
		d.advice = "give " + c.Name + " a value that fits" + typeHint(c.Type) + ", on the command line or in modprobe.d (modprobe -c | grep " + c.Name + ")"
	}
	if c.Said != "" {
		d.lines = append(d.lines, "  the kernel says: "+c.Said)
	}
	return d
}

// typeHint is what values of a type look like, in brackets.
func typeHint(name string) string {
	switch name {
	case "bool":
		return " (Y or N)"
	case "invbool":
		return " (Y or N, which mean the opposite)"
	case "byte":
		return " (a number from 0 to 255)"
	case "short":
		return " (a number from -32768 to 32767)"
	case "ushort":
		return " (a number from 0 to 65535)"
	case "int", "long":
		return " (a number)"
	case "uint", "ulong", "ullong", "hexint":
		return " (a number, not negative)"
	}
	return ""
}

func describeInit(c diag.InitFailed) description {
	meaning, advice := initMeaning(c)
	said := "the module was accepted, and its own init function returned an error: "
	if c.Guess {
		said = "probably the module was accepted, and its own init function returned an error: "
		advice = "look at the kernel log as root (dmesg), which names other reasons if there are any; else " + advice
	}
	return description{
		lines:  []string{said + strerror(c.Errno) + meaning},
		advice: advice,
		facts:  jsontext.Object{{Name: "errno", Value: int(c.Errno)}, {Name: "error", Value: strerror(c.Errno)}, {Name: "guess", Value: c.Guess}, {Name: "drives_devices", Value: c.Device}},
	}
}

// initMeaning is what an error of an init function usually stands for.
func initMeaning(c diag.InitFailed) (meaning, advice string) {
	const look = "look at dmesg for what the driver says"
	switch c.Errno {
	case syscall.ENODEV, syscall.ENXIO:
		return ", which usually means that there is no hardware for it, or that another driver has it",
			"see that the hardware is there and free (lspci -k, lsusb -t), and enabled in the firmware's setup; " + look
	case syscall.EOPNOTSUPP:
		return ", which usually means that the hardware lacks a feature or the firmware has it switched off",
			"enable the feature in the firmware's setup (virtualisation, for kvm), or on the host if this is a virtual machine; " + look
	case syscall.EBUSY, syscall.EEXIST:
		return ", which usually means that another driver has what it needs",
			"find the other driver (lspci -k, /proc/ioports, /proc/iomem) and unload it first; " + look
	case syscall.EINVAL:
		return ", which usually means a parameter that it does not accept",
			"check the parameters, also those of modprobe.d (modprobe -c), against modinfo -p; " + look
	case syscall.ENOENT:
		return ", which usually means a missing firmware file",
			"install the firmware that `modinfo -F firmware` names; " + look
	case syscall.EPERM, syscall.EACCES:
		return "", "see whether the system's security policy forbids it (dmesg, ausearch -m avc); " + look
	case syscall.EIO, syscall.ETIMEDOUT:
		return ", which usually means that the hardware does not answer",
			"switch the machine off and on, check the hardware; " + look
	case syscall.ENOMEM:
		return "", "free memory, or reboot if memory is fragmented; " + look
	}
	return "", look + ", and at the module's parameters (modinfo -p)"
}

func describePrivilege(p sysfs.Privilege) description {
	d := description{
		lines:  []string{"this process may not load or remove modules: it lacks CAP_SYS_MODULE"},
		advice: "run it as root (sudo)",
		facts:  jsontext.Object{{Name: "cap_sys_module", Value: p.SysModule}, {Name: "user_namespace", Value: p.OwnNamespace}, {Name: "seccomp", Value: p.Filtered}},
	}
	if p.OwnNamespace {
		d.lines = []string{"this process is in a user namespace of its own, as in a container, whose root may not load or remove modules"}
		d.advice = "load or remove the module on the host"
	}
	return d
}

func describeDenied(c diag.Denied) description {
	d := description{
		lines: []string{"the kernel forbids it: neither rights, nor kernel.modules_disabled, nor the command line are the reason"},
		advice: "look at dmesg and the audit log (ausearch -m avc) for a security module such as SELinux, AppArmor or LoadPin; " +
			"the module's own init function may have answered so, too",
		facts: jsontext.Object{{Name: "seccomp", Value: c.Filtered}},
	}
	if c.Filtered {
		d.lines = append(d.lines, "  a seccomp filter is active, as in containers and sandboxed services: it may have answered in the kernel's place")
		d.advice = "load the module outside the sandbox, on the host; else " + d.advice
	}
	return d
}

func describePresent(c diag.Present) description {
	d := description{facts: jsontext.Object{{Name: "builtin", Value: c.Builtin}, {Name: "state", Value: c.State.String()}}}
	switch {
	case c.Builtin:
		d.lines = []string{"the module is a part of this kernel, which needs no other"}
		d.advice = "nothing is to be done; its parameters can be set on the kernel command line as MODULE.PARAMETER=VALUE"
	case c.State == sysfs.Coming || c.State == sysfs.Going:
		d.lines = []string{"the module is just being loaded or unloaded by somebody else (" + c.State.String() + ")"}
		d.advice = "wait a moment and look at lsmod; if it stays so, its init function hangs or has crashed: see dmesg"
	default:
		d.lines = []string{"a module of that name is in the kernel already"}
		d.advice = "nothing is to be done if that is the one; to load another file in its place, remove it first (modprobe -r)"
	}
	return d
}

func describeMemory(c diag.NoMemory) description {
	d := description{
		lines:  []string{"the kernel has no memory for the module"},
		advice: "free memory (free -m), or unload modules that are not needed; many modules with per-cpu data need percpu_alloc or fewer of them",
	}
	if c.Said != "" {
		d.lines = append(d.lines, "  it says: "+c.Said)
		d.facts = jsontext.Object{{Name: "kernel", Value: c.Said}}
	}
	return d
}

// place is FILE:LINE, or the file alone for the kernel command line.
func place(w config.Where) string {
	if w.Line == 0 {
		return w.File
	}
	return w.File + ":" + strconv.Itoa(w.Line)
}

func placeFacts(w config.Where) jsontext.Object {
	return jsontext.Object{{Name: "file", Value: w.File}, {Name: "line", Value: w.Line}}
}
