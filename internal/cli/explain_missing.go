package cli

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"gomod/internal/config"
	"gomod/internal/diag"
	"gomod/internal/jsontext"
)

// describeMissing is for names that are no module's.
func describeMissing(cause diag.Cause) (description, bool) {
	switch c := cause.(type) {
	case diag.NoTree:
		return describeNoTree(c), true
	case diag.NoIndex:
		return describeNoIndex(c), true
	case diag.NotIndexed:
		return description{
			lines:  []string{"there is such a module, " + c.Path + ", but modules.dep does not list it"},
			advice: "run " + depmodCommand(c.Tree) + ", and try again",
			facts:  jsontext.Object{{Name: "file", Value: c.Path}},
		}, true
	case diag.BuiltinUnlisted:
		return description{
			lines:  []string{c.Name + " is a part of the kernel itself (" + c.Evidence + "), which is why it is neither in lsmod nor in the module folder"},
			advice: "nothing is to be loaded: the kernel has it",
			facts:  jsontext.Object{{Name: "name", Value: c.Name}, {Name: "evidence", Value: c.Evidence}},
		}, true
	case diag.NotBuilt:
		return description{
			lines:  []string{"the kernel was built without it: " + c.File + " says that " + c.Option + " is not set"},
			advice: "boot a kernel that has it, or build one with " + c.Option,
			facts:  jsontext.Object{{Name: "option", Value: c.Option}, {Name: "file", Value: c.File}},
		}, true
	case diag.SwitchedOff:
		return description{
			lines:  []string{place(config.Where{File: c.File, Line: c.Line}) + " makes the name an alias of " + c.Target + ", and there is no such module: that switches it off"},
			advice: "take that line out if the module is wanted",
			facts:  jsontext.Object{{Name: "target", Value: c.Target}, {Name: "file", Value: c.File}, {Name: "line", Value: c.Line}},
		}, true
	case diag.NameUnknown:
		return describeUnknownName(c), true
	case diag.BadName:
		return description{
			lines:  []string{c.Err.Error()},
			advice: "check the spelling: the name of a module has no brackets, and in an alias each [ has its ]",
			facts:  jsontext.Object{{Name: "error", Value: c.Err.Error()}},
		}, true
	}
	return description{}, false
}

func describeNoIndex(c diag.NoIndex) description {
	return description{
		lines:  []string{unindexed(c.Dir, c.Err) + "; without it nothing is found"},
		advice: indexAdvice(c),
		facts:  jsontext.Object{{Name: "directory", Value: c.Dir}, {Name: "error", Value: c.Err.Error()}},
	}
}

// unindexed words why nothing is to be found in a module folder.
func unindexed(dir string, err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "the module folder " + dir + " has no modules.dep.bin"
	case errors.As(err, new(syscall.Errno)):
		return dir + "/modules.dep.bin cannot be read: " + strerror(err)
	}
	return err.Error()
}

// indexAdvice is depmod's work, unless the index is there and sound as far as is known.
func indexAdvice(c diag.NoIndex) string {
	switch {
	case errors.Is(c.Err, fs.ErrPermission):
		return "do it as root, or let everyone read the indexes: chmod a+r " + c.Dir + "/modules.*"
	case errors.Is(c.Err, syscall.EIO):
		return "see in the kernel log (dmesg) what is wrong with the disk, and try again"
	case config.SystemFailed(c.Err):
		return "free memory or open files, and try again"
	}
	return "run depmod for it: " + depmodCommand(c.Tree)
}

// depmodCommand indexes a tree.
func depmodCommand(tree diag.Tree) string {
	if tree.Root != "" {
		return "depmod -b " + tree.Root + " " + baseName(tree.Dir)
	}
	return "depmod " + baseName(tree.Dir)
}

func baseName(path string) string {
	path = strings.TrimRight(path, "/")
	return path[strings.LastIndexByte(path, '/')+1:]
}

func describeNoTree(c diag.NoTree) description {
	d := description{
		lines: []string{"the folder " + c.Dir + " does not exist"},
		facts: jsontext.Object{{Name: "directory", Value: c.Dir}, {Name: "running", Value: c.Running}, {Name: "others", Value: c.Others}},
	}
	others := strings.Join(c.Others, ", ")
	switch {
	case c.Running && len(c.Others) > 0:
		d.lines[0] += ": the modules of the running kernel, " + baseName(c.Dir) + ", are gone; there are those of " + others
		d.advice = "reboot into one of the installed kernels (an update has probably replaced the running one), or install the package of " + baseName(c.Dir) + " again"
	case c.Running:
		d.lines[0] += ": the running kernel has no modules here"
		d.advice = "install the modules that belong to the kernel " + baseName(c.Dir) + "; in a container or a chroot, mount the host's /lib/modules"
	case len(c.Others) > 0:
		d.lines[0] += "; there are those of " + others
		d.advice = "give one of these releases"
	default:
		d.advice = "install the modules of that kernel, or name another folder (-d, -S)"
	}
	return d
}

func describeUnknownName(c diag.NameUnknown) description {
	d := description{
		lines: []string{"no module, no part of the kernel and no alias has that name"},
		advice: "check the spelling; if it is a new module, install it and run depmod; " +
			"a distribution may have it in a package of its own (linux-modules-extra, kmod-NAME, NAME-dkms)",
		facts: jsontext.Object{{Name: "name", Value: c.Name}, {Name: "nearest", Value: c.Nearest}},
	}
	if c.Nearest != "" {
		d.advice = "did you mean " + c.Nearest + "? Else install the module and run depmod"
	}
	if c.Alias {
		d.lines = []string{"no module says that it is for that: there is no driver for it in the tree"}
		d.advice = "look for a newer kernel, or for a driver from elsewhere (DKMS), for this hardware or protocol"
	}
	return d
}
