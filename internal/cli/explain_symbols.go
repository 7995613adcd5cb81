package cli

import (
	"slices"
	"strconv"
	"strings"

	"gomod/internal/diag"
	"gomod/internal/jsontext"
)

// describeSymbols is for symbols that a module does not get.
func describeSymbols(cause diag.Cause) (description, bool) {
	switch c := cause.(type) {
	case diag.UnknownSymbols:
		return describeUnknownSymbols(c), true
	case diag.GPLOnly:
		return describeGPLOnly(c), true
	case diag.Namespace:
		return description{
			lines:  []string{"the module uses the symbol " + c.Symbol + " of the namespace " + c.Namespace + " and does not import that"},
			advice: "add MODULE_IMPORT_NS for " + c.Namespace + " to the module's source and build it again",
			facts:  jsontext.Object{{Name: "symbol", Value: c.Symbol}, {Name: "namespace", Value: c.Namespace}},
		}, true
	case diag.SymbolVersions:
		return describeSymbolVersions(c), true
	}
	return description{}, false
}

// mostShown is of symbols and the like in one explanation; JSON has all that package diag keeps.
const mostShown = 10

func describeUnknownSymbols(c diag.UnknownSymbols) description {
	d := description{lines: []string{"the module needs " + plural(len(c.Symbols)+c.Others, "symbol") + " that the kernel does not have:"}}
	var wanted []string
	var objects []jsontext.Object
	nobody := false
	for i, symbol := range c.Symbols {
		line := "  " + symbol.Name + ": nothing in the module tree exports it"
		if c.NoIndex != nil {
			line = "  " + symbol.Name
		}
		var providers []jsontext.Object
		for _, p := range symbol.Providers {
			state := "not loaded"
			if p.Loaded {
				state = "loaded"
			}
			line = "  " + symbol.Name + ": from the module " + p.Module + ", which is " + state
			if !p.Loaded && !slices.Contains(wanted, p.Module) {
				wanted = append(wanted, p.Module)
			}
			providers = append(providers, jsontext.Object{{Name: "module", Value: p.Module}, {Name: "file", Value: p.Path}, {Name: "loaded", Value: p.Loaded}})
		}
		nobody = nobody || len(symbol.Providers) == 0
		objects = append(objects, jsontext.Object{{Name: "name", Value: symbol.Name}, {Name: "providers", Value: providers}})
		if i < mostShown {
			d.lines = append(d.lines, line)
		}
	}
	if more := len(c.Symbols) + c.Others - mostShown; more > 0 {
		d.lines = append(d.lines, "  and "+strconv.Itoa(more)+" more")
	}
	d.facts = append(symbolFacts(objects, c.Others), jsontext.Member{Name: "indexed", Value: c.NoIndex == nil})
	switch {
	case c.NoIndex != nil:
		d.lines = append(d.lines, "  which modules export them nobody knows: "+unindexed(c.NoIndex.Dir, c.NoIndex.Err))
		d.advice = indexAdvice(*c.NoIndex) + "; then try again: this tells which modules to load first"
	case len(wanted) > 0:
		d.advice = "load what it needs first: modprobe -a " + strings.Join(wanted, " ")
		if nobody {
			d.advice += "; and for what nothing exports, get a build of the module for this very kernel"
		}
	case nobody:
		d.advice = "get a build of the module for this very kernel, or the module that exports the symbol (it may lie outside the tree: run depmod once it is there)"
	default:
		d.advice = "the tree's module that exports it is loaded in another build: unload it, load the tree's, and try again"
	}
	return d
}

func describeGPLOnly(c diag.GPLOnly) description {
	symbols := strings.Join(c.Symbols, ", ")
	if c.Others > 0 {
		symbols += " and " + strconv.Itoa(c.Others) + " more"
	}
	d := description{
		lines:  []string{"the module's licence, \"" + c.License + "\", does not give it symbols that are for GPL modules only: " + symbols},
		advice: "ask the module's maker for a version that does without them; the licence that counts is in `modinfo -F license FILE`",
		facts:  append(jsontext.Object{{Name: "license", Value: c.License}}, symbolFacts(c.Symbols, c.Others)...),
	}
	if c.License == "" {
		d.lines[0] = "the module names no licence, and so gets no symbols that are for GPL modules only: " + symbols
	}
	if c.Proprietary != "" {
		d.lines = []string{"the module uses GPL-only symbols, and also " + symbols + " from the proprietary module " + c.Proprietary + ": the kernel does not allow both"}
		d.advice = "use only one of the two; the makers of both modules have to agree on a licence"
		d.facts = append(d.facts, jsontext.Member{Name: "proprietary_module", Value: c.Proprietary})
	}
	return d
}

func describeSymbolVersions(c diag.SymbolVersions) description {
	d := description{
		lines:  []string{"the module was built against other versions of these symbols than the kernel has:"},
		advice: "build it against the headers of the running kernel's very package, or load the module that came with the kernel",
	}
	var objects []jsontext.Object
	layout := false
	for i, s := range c.Symbols {
		from := "the kernel"
		if s.Provider != "" {
			from = "the module " + s.Provider
		}
		layout = layout || s.Name == "module_layout"
		if i < mostShown {
			d.lines = append(d.lines, "  "+s.Name+": the module has "+crcText(s.Module)+", "+from+" has "+crcText(s.Kernel))
		}
		objects = append(objects, jsontext.Object{
			{Name: "name", Value: s.Name}, {Name: "module_crc", Value: crcValue(s.Module)}, {Name: "kernel_crc", Value: crcValue(s.Kernel)}, {Name: "provider", Value: s.Provider},
		})
	}
	if more := len(c.Symbols) + c.Others - mostShown; more > 0 {
		d.lines = append(d.lines, "  and "+strconv.Itoa(more)+" more")
	}
	if layout {
		d.lines = append(d.lines, "  module_layout differs between kernels that were configured differently, whatever their release")
	}
	d.facts = symbolFacts(objects, c.Others)
	return d
}

// symbolFacts are the symbols of a cause, and the number of those that were not kept.
func symbolFacts(symbols any, others int) jsontext.Object {
	facts := jsontext.Object{{Name: "symbols", Value: symbols}}
	if others > 0 {
		facts = append(facts, jsontext.Member{Name: "others", Value: others})
	}
	return facts
}

func crcText(crc *uint64) string {
	if crc == nil {
		return "an unknown version"
	}
	return "0x" + strconv.FormatUint(*crc+1<<32, 16)[1:]
}

func crcValue(crc *uint64) any {
	if crc == nil {
		return nil
	}
	return crcText(crc)
}
