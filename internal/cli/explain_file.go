package cli

import (
	"errors"
	"slices"
	"strings"
	"syscall"

	"gomod/internal/diag"
	"gomod/internal/jsontext"
	"gomod/internal/kofile"
)

// describeFile is for what is wrong with the file, whatever the kernel's state.
func describeFile(cause diag.Cause) (description, bool) {
	switch c := cause.(type) {
	case diag.NotModule:
		return describeNotModule(c), true
	case diag.OtherArchitecture:
		module, kernel := diag.MachineName(c.Module), diag.MachineName(c.Kernel)
		return description{
			lines:  []string{"the module is for another kind of machine: it is for " + module + ", the kernel for " + kernel},
			advice: "take the module that was built for this machine, or build it here",
			facts:  jsontext.Object{{Name: "module_architecture", Value: module}, {Name: "kernel_architecture", Value: kernel}},
		}, true
	case diag.Vermagic:
		return describeVermagic(c), true
	case diag.Decompression:
		return describeDecompression(c), true
	case diag.OpenForWriting:
		return description{
			lines:  []string{"the file is still open for writing"},
			advice: "try again when whoever writes the file has closed it (`fuser FILE` tells who it is)",
		}, true
	}
	return description{}, false
}

func describeNotModule(c diag.NotModule) description {
	d := description{
		lines:  []string{"the file is no module that can be loaded"},
		advice: "copy or build the file again, and compare its size and checksum with the original's",
	}
	if c.Err != nil {
		d.facts = append(d.facts, jsontext.Member{Name: "error", Value: c.Err.Error()})
		if advice := unreadableAdvice(c.Err); advice != "" {
			d.lines[0], d.advice = "the file cannot be read", advice
		}
		d.lines[0] += ": " + c.Err.Error()
	}
	if c.Said != "" {
		d.lines = append(d.lines, "  the kernel says: "+c.Said)
		d.facts = append(d.facts, jsontext.Member{Name: "kernel", Value: c.Said})
	}
	return d
}

// unreadableAdvice is for files that may well be good modules; "" for others.
func unreadableAdvice(err error) string {
	var limit *kofile.LimitError
	switch {
	case errors.As(err, &limit):
		return "if the file is what it should be, set " + kofile.LimitVariable + " to more bytes than it has"
	case errors.Is(err, syscall.ENOENT):
		return "see that the file is there: if its package was just removed or replaced, run depmod"
	case errors.Is(err, syscall.EISDIR):
		return "name the module's file: this is a folder"
	case errors.Is(err, syscall.EACCES):
		return "run it as root (sudo), or make the file readable"
	case errors.Is(err, syscall.EPERM):
		return "name a regular file: what stands there is something else"
	case errors.Is(err, syscall.ENOMEM):
		return "free memory (free -m) and try again"
	}
	return ""
}

func describeVermagic(c diag.Vermagic) description {
	module, kernel := strings.Fields(c.Module), strings.Fields(c.Kernel)
	d := description{
		lines: []string{
			"the module was built for another kernel; what differs is in [brackets]:",
			"  module: " + marked(module, kernel),
			"  kernel: " + marked(kernel, module),
		},
		facts: jsontext.Object{{Name: "module_vermagic", Value: c.Module}, {Name: "kernel_vermagic", Value: c.Kernel}},
	}
	switch {
	case c.Module == "":
		d.lines = []string{"the module does not say for which kernel it was built: it has no vermagic"}
		if c.Kernel != "" {
			d.lines = append(d.lines, "  kernel: "+c.Kernel)
		}
		d.advice = "build it with the kernel's own build system: make -C /lib/modules/$(uname -r)/build M=$PWD"
	case c.Path != "":
		d.advice = "load the one that belongs to this kernel: " + c.Path
		d.facts = append(d.facts, jsontext.Member{Name: "fitting_file", Value: c.Path})
	case len(module) > 0 && len(kernel) > 0 && module[0] != kernel[0]:
		d.advice = "build it against the headers of " + kernel[0] + ", or boot the kernel " + module[0]
	default:
		d.advice = "build it with the configuration of the running kernel: the release is the same, the options are not"
	}
	return d
}

// marked puts brackets around the words that others lack.
func marked(words, others []string) string {
	shown := make([]string, len(words))
	for i, word := range words {
		if shown[i] = word; !slices.Contains(others, word) {
			shown[i] = "[" + word + "]"
		}
	}
	return strings.Join(shown, " ")
}

func describeDecompression(c diag.Decompression) description {
	d := description{
		lines:  []string{"the kernel could not decompress the file (" + c.Format + ") by itself"},
		advice: "decompress the file and load that",
		facts:  jsontext.Object{{Name: "format", Value: c.Format}},
	}
	if c.Said != "" {
		d.lines = append(d.lines, "  it says: "+c.Said)
		d.facts = append(d.facts, jsontext.Member{Name: "kernel", Value: c.Said})
	}
	if c.Err != nil {
		d.lines = append(d.lines, "  "+c.Err.Error())
		d.advice = "the file is damaged: copy or build it again"
		d.facts = append(d.facts, jsontext.Member{Name: "error", Value: c.Err.Error()})
	}
	return d
}
