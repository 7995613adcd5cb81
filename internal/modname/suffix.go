package modname

import "strings"

// HasSuffix tells whether a path ends as a module's file does, in .ko, .ko.gz, .ko.xz or .ko.zst, with something before that.
func HasSuffix(path string) bool { return len(TrimSuffix(path)) < len(path) }

// TrimSuffix takes the end away for which HasSuffix is true; any other path comes back as it is.
func TrimSuffix(path string) string {
	rest := path
	for _, compression := range [...]string{".gz", ".xz", ".zst"} {
		if cut, ok := strings.CutSuffix(path, compression); ok {
			rest = cut
		}
	}
	if rest, ok := strings.CutSuffix(rest, ".ko"); ok && rest != "" {
		return rest
	}
	return path
}
