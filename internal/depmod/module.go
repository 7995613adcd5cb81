package depmod

import (
	"strings"

	"gomod/internal/elfinfo"
	"gomod/internal/modname"
)

// maxModules is how many modules C kmod can number.
const maxModules = 65534

// module is one module of the folder, or of an external one.
type module struct {
	path string
	// relative is the path below the module folder, or path itself for one that lies elsewhere. It is what modules.dep shows.
	relative string
	name     string
	// sortKey is what the modules are sorted by; see order.go.
	sortKey int
	contents

	// deps are places in run.modules of those whose symbols it needs, in the order in which they were first met.
	deps []int32
	// users is how many modules need this one.
	users int
	// rank is its place in the order in which no module comes before one that needs it.
	rank int32
}

// contents is what the file of a module says.
type contents struct {
	exports                     []elfinfo.Symbol
	aliases, softdeps, weakdeps []string
	// needs are numbers in names of the symbols that the module wants.
	needs []int32
	names *names
	// checked is what else is known of needs, where that counts.
	checked []elfinfo.Need
	// misfits are what the module has besides, and is not written down.
	misfits misfits
	// err is why the exports could not be read.
	err error
	// modinfoErr is why .modinfo could not be, where there is one.
	modinfoErr error
}

func (r *run) module(path string) *module {
	relative := path
	if below, ok := strings.CutPrefix(path, r.Dir+"/"); ok {
		relative = below
	}
	name, _ := modname.FromPath(path)
	return &module{path: path, relative: relative, name: name, sortKey: unlisted}
}

// listedAs is the line of modules.order that means this module: its relative path without what follows the .ko.
func (m *module) listedAs() string {
	base := strings.LastIndexByte(m.relative, '/') + 1
	return m.relative[:min(len(m.relative), base+len(m.name)+len(".ko"))]
}
