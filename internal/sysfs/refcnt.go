package sysfs

import "math"

// Refcnt returns how many references keep a module from being unloaded: /sys/module/NAME/refcnt, as in "3\n". It is -1 for a
// module that is going away. syscall.ENOENT is in the error's chain when there is no such file: the module is not
// loaded, is built in, or the kernel cannot unload modules. Content that is not a number is a *ValueError.
func (s *FS) Refcnt(name string) (int, error) {
	var buf [attrSize]byte
	text, err := s.readModule(name, "/refcnt", buf[:])
	if err != nil {
		return 0, err
	}
	n, ok := parseDecimal(text)
	if !ok || n < math.MinInt32 || n > math.MaxInt32 {
		return 0, &ValueError{Path: s.modulePath(name + "/refcnt"), Text: string(text)}
	}
	return int(n), nil
}
