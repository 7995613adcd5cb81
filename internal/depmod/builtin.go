package depmod

import (
	"bytes"
	"iter"

	"gomod/internal/builtin"
	"gomod/internal/modname"
)

// builtinIndex reads modules.builtin, which the kernel's build makes of lines such as
//
//	kernel/fs/ext4/ext4.ko
//
// Without that file the index is of no bytes at all.
func (r *run) builtinIndex(report func(Event)) ([]byte, func([]byte) error, error) {
	data, err := readInput(r.Dir+"/modules.builtin", builtinLimit)
	if err != nil {
		report(Event{Kind: NoBuiltin, Name: "modules.builtin", Path: r.Dir, Err: err})
		return nil, nil, nil
	}
	b := indexBuilder{name: "modules.builtin.bin", report: report}
	for name := range builtinNames(data, report) {
		b.add(name, "", 0)
	}
	return indexOf(&b.Builder)
}

func builtinNames(data []byte, report func(Event)) iter.Seq[string] {
	return func(yield func(string) bool) {
		for len(data) > 0 {
			var line []byte
			line, data = cutLine(data, maxLine+1)
			if len(line) == 0 || !isLetter(line[0]) {
				report(Event{Kind: BadBuiltin, Name: string(line)})
				continue
			}
			// The newline goes with the suffix, and stays where there is none.
			name, err := modname.FromPath(string(line))
			if err != nil {
				report(Event{Kind: BadBuiltin, Name: string(line)})
				continue
			}
			if !yield(name) {
				return
			}
		}
	}
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// builtinAliasIndex reads the aliases in modules.builtin.modinfo. Records that make no sense are no one's aliases; one at the
// end that no NUL ends was cut off.
func (r *run) builtinAliasIndex(report func(Event)) ([]byte, func([]byte) error, error) {
	data, err := readInput(r.Dir+"/modules.builtin.modinfo", builtin.Limit)
	if err != nil {
		report(Event{Kind: NoBuiltin, Name: "modules.builtin.modinfo", Path: r.Dir, Err: err})
		return nil, nil, nil
	}
	b := indexBuilder{name: "modules.builtin.alias.bin", report: report}
	for record, err := range builtin.Parse(data[:bytes.LastIndexByte(data, 0)+1]).Records() {
		if err != nil || record.Key != "alias" || record.Module == "" {
			continue
		}
		if misfit := builtinMisfit(record); misfit != nil {
			report(Event{Kind: Misfit, Path: record.Module, Err: misfit})
			continue
		}
		alias, err := modname.Alias(record.Value)
		if err != nil {
			report(Event{Kind: BadBracket, Name: record.Value})
			continue
		}
		b.add(alias, record.Module, 0)
	}
	return indexOf(&b.Builder)
}
