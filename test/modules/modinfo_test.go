package modules

import (
	"slices"
	"strings"
	"testing"
)

// What the sources say must arrive in .modinfo: other tests rely on these strings.
func TestModinfo(t *testing.T) {
	want := map[string]map[string][]string{
		"gm_a":    {"depends": {"gm_b"}, "name": {"gm_a"}, "license": {"Dual MIT/GPL"}},
		"gm_b":    {"depends": {"gm_c"}},
		"gm_c":    {"depends": {""}, "import_ns": nil},
		"gm_ns":   {"depends": {"gm_c"}, "import_ns": {"GM_SPACE"}},
		"gm_nons": {"depends": {"gm_c"}, "import_ns": nil},
		"gm-dash": {"name": {"gm_dash"}},
		"gm_softdep": {
			"softdep": {"pre: gm-dash gm_b post: gm_text", "pre: gm_not_there post: gm_alias"},
			"weakdep": {"gm_device gm_not_there", "gm_params"},
		},
		"gm_alias": {"alias": {
			"gm-alias-with-dashes", "gm:not-[!a-c]", "gm:question-?", "gm:range-[0-9a-f]x", "gm:set-[ab]",
			"gm:v0000B0A1d*sv*", "gm_c", "gm_plain_alias", "symbol:gm_made_up",
		}},
		"gm_devname": {"alias": {"char-major-60-7", "devname:gm/node"}},
		"gm_text": {
			"author":               {"First Author <first@example.org>", "Zweiter Ärmel-Größe, 第三 <second@example.org>"},
			"description":          {"", "first line\nsecond line\twith a tab, a \"quote\" and a back\\slash"},
			"version":              {"1.2-beta+3"},
			"firmware":             {"gm/first.bin", "gm/second.bin"},
			"a_key_longer_than_15": {"follows its key without a blank"},
			"exactly_15_byte":      {"a key of 15 bytes fills the column"},
			"terminal":             {"\x1b[31mred\x1b[0m bell\a back\b\rreturn del\x7f \x1b]0;title\a"},
			"unicode":              {"\u009b31m \u202enrut"},
			"latin1":               {"na\xefve is not UTF-8"},
			"equals":               {"a=b=c"},
			"parm":                 {"blank:", "level:\x1b[31mred\x1b[0m, a\n\ttab and a colon: at the end"},
		},
		"gm_params": {
			"parmtype": {
				"a_bint:bint", "a_bool:bool", "a_byte:byte", "a_charp:charp", "a_hexint:hexint", "a_int:int",
				"a_invbool:invbool", "a_long:long", "a_short:short", "a_string:string", "a_uint:uint",
				"a_ullong:ullong", "a_ulong:ulong", "a_ushort:ushort", "ints:array of int", "ints_given:int",
				"outer:int", "toggles:array of bool", "undescribed:int", "unseen:int", "words:array of charp", "writable:int",
			},
			"parm": {
				"a_bint:of type bint", "a_bool:of type bool", "a_byte:of type byte", "a_charp:of type charp",
				"a_hexint:of type hexint", "a_int:of type int", "a_invbool:of type invbool", "a_long:of type long",
				"a_short:of type short", "a_string:copied into 16 bytes, the last one NUL", "a_uint:of type uint",
				"a_ullong:of type ullong", "a_ulong:of type ulong", "a_ushort:of type ushort",
				"ints:up to four numbers; ints_given says how many came", "ints_given:number of elements of ints",
				"outer:named: the source calls it inner", "toggles:an array that the source calls switches",
				"unseen:not in sysfs", "untyped:described, but there is no such parameter", "words:up to three words",
				"writable:can be set through sysfs\nand has a second line: with a colon",
			},
		},
	}
	forEachKernel(t, func(t *testing.T, _, folder string) {
		for module, fields := range want {
			got := modinfo(t, read(t, folder, module+".ko"))
			for key, values := range fields {
				if !slices.Equal(got[key], values) {
					t.Errorf("%s: %s is\n%q, want\n%q", module, key, got[key], values)
				}
			}
		}
	})
}

// The kinds of export, as modpost writes them: "0x12345678\tgm_c_gpl\tPATH\tEXPORT_SYMBOL_GPL\tNAMESPACE".
func TestExports(t *testing.T) {
	forEachKernel(t, func(t *testing.T, _, folder string) {
		got := exports(t, folder)
		for symbol, want := range map[string]string{
			"gm_c_plain":      "EXPORT_SYMBOL ",
			"gm_c_gpl":        "EXPORT_SYMBOL_GPL ",
			"gm_c_spaced":     "EXPORT_SYMBOL GM_SPACE",
			"gm_c_spaced_gpl": "EXPORT_SYMBOL_GPL GM_SPACE",
			"gm_b_value":      "EXPORT_SYMBOL_GPL ",
		} {
			if got[symbol] != want {
				t.Errorf("%s is %q, want %q", symbol, got[symbol], want)
			}
		}
	})
}

func exports(t *testing.T, folder string) map[string]string {
	t.Helper()
	kinds := make(map[string]string)
	for line := range strings.Lines(string(read(t, folder, "Module.symvers"))) {
		if fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(fields) == 5 {
			kinds[fields[1]] = fields[3] + " " + fields[4]
		}
	}
	return kinds
}
