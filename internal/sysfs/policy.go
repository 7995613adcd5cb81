package sysfs

import (
	"strconv"
	"strings"
)

// attribute reads a short file of the kernel without the newline at its end; "" where there is none, or none for us.
func (s *FS) attribute(path string) string {
	const most = 256
	text, err := readUpTo(s.root+path, make([]byte, most))
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(text), "\n")
}

// SignaturesEnforced tells whether the kernel refuses modules that no key it trusts has signed: module.sig_enforce on the command
// line, or lockdown. known is false where it does not say: it was built without signatures.
func (s *FS) SignaturesEnforced() (enforced, known bool) {
	text := s.attribute("/sys/module/module/parameters/sig_enforce")
	return text == "Y", text != ""
}

// Lockdown is "none", "integrity" or "confidentiality" (kernel_lockdown(7)); "" where the kernel has none of it, or securityfs is not
// mounted. The file marks the mode that is in force:
//
//	none [integrity] confidentiality
func (s *FS) Lockdown() string {
	return marked(s.attribute("/sys/kernel/security/lockdown"))
}

// marked is what stands in brackets.
func marked(text string) string {
	_, rest, _ := strings.Cut(text, "[")
	mode, _, _ := strings.Cut(rest, "]")
	return mode
}

// ModulesDisabled tells whether the kernel loads and unloads no module until the next boot, see sysctl kernel.modules_disabled.
func (s *FS) ModulesDisabled() bool { return s.attribute("/proc/sys/kernel/modules_disabled") == "1" }

// Tainted is what sysctl kernel.tainted says: a number whose bits are explained in the kernel's tainted-kernels document.
func (s *FS) Tainted() uint64 {
	mask, _ := strconv.ParseUint(s.attribute("/proc/sys/kernel/tainted"), 10, 64)
	return mask
}

// Attribute is /sys/module/NAME/FILE, such as "taint" or "version", without its newline; "" where there is none.
func (s *FS) Attribute(name, file string) string {
	if !validName(name) || !validName(file) {
		return ""
	}
	return s.attribute("/sys/module/" + name + "/" + file)
}
