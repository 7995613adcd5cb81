//go:build guest

package guest

import (
	"strconv"
	"strings"
	"testing"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Each parameter arrives in the kernel as it was meant.
func TestParameters(t *testing.T) {
	tests := []struct {
		parameter string // as given to insmod, in one operand
		file      string // below /sys/module/gm_params/parameters
		want      string
	}{
		{"", "a_int", "-32"},
		{"a_bool", "a_bool", "Y"},
		{"a_bool=1", "a_bool", "Y"},
		{"a_bool=n", "a_bool", "N"},
		{"a_invbool=0", "a_invbool", "N"},
		{"a_bint=y", "a_bint", "1"},
		{"a_byte=255", "a_byte", "255"},
		{"a_short=-32768", "a_short", "-32768"},
		{"a_ushort=65535", "a_ushort", "65535"},
		{"a_int=-2147483648", "a_int", "-2147483648"},
		{"a_int=0x10", "a_int", "16"},
		{"a_uint=4294967295", "a_uint", "4294967295"},
		{"a_long=-9223372036854775808", "a_long", "-9223372036854775808"},
		{"a_ulong=18446744073709551615", "a_ulong", "18446744073709551615"},
		{"a_ullong=18446744073709551615", "a_ullong", "18446744073709551615"},
		{"a_hexint=255", "a_hexint", "0x0000ff"},
		{"a_charp=word", "a_charp", "word"},
		{"a_charp=", "a_charp", ""},
		{"a_charp=a b", "a_charp", "a b"},
		{`a_charp="a b"`, "a_charp", "a b"},
		{"a_charp=x=y", "a_charp", "x=y"},
		{"a_charp=a b=c d", "a_charp", "a b=c d"},
		{"a-charp=dash", "a_charp", "dash"},
		{"a_charp=größer", "a_charp", "größer"},
		{"a_string=fifteen bytes..", "a_string", "fifteen bytes.."},
		{"ints=10,20", "ints", "10,20"},
		{"ints=10,20", "ints_given", "2"},
		{"words=a,b,c", "words", "a,b,c"},
		{"toggles=1,0", "toggles", "Y,N"},
		{"outer=5", "outer", "5"},
		{"writable=6", "writable", "6"},
	}
	leaveAsFound(t)
	for _, test := range tests {
		t.Run(test.parameter, func(t *testing.T) {
			k := &kit{t: t, tools: gomod}
			operands := []string{ours("gm_params.ko")}
			if test.parameter != "" {
				operands = append(operands, test.parameter)
			}
			ok(t, k.run("insmod", operands...))
			if got := sysModule(t, "gm_params", "parameters", test.file); got != test.want {
				t.Errorf("%s is %q, want %q", test.file, got, test.want)
			}
			ok(t, k.run("rmmod", "gm_params"))
		})
	}
}

// The kernel ignores what a module does not know. Who gave it is told, with the nearest parameter; not with -q.
func TestIgnoredParameters(t *testing.T) {
	leaveAsFound(t)
	file := ours("gm_params.ko")
	for _, test := range []struct {
		command []string
		says    string // "" for nothing
	}{
		{[]string{"modprobe", "gm_params", "a_itn=3", "a_int=4"}, "the kernel ignored the parameter a_itn, which module gm_params does not have: did you mean a_int?"},
		{[]string{"modprobe", "-q", "gm_params", "a_itn=3"}, ""},
		{[]string{"modprobe", "gm_params", "a_int=3", "dyndbg=+p", "async_probe=1"}, ""},
		{[]string{"insmod", file, "nosuch=1"}, "the kernel ignored the parameter nosuch, which " + file + " does not have"},
		{[]string{"insmod", file, "gm_params.a_int=5"}, "the kernel ignored the parameter gm_params.a_int, which " + file + " does not have: did you mean a_int?"},
	} {
		r := (&kit{t: t, tools: gomod}).run(test.command[0], test.command[1:]...)
		want := ""
		if test.says != "" {
			want = test.command[0] + ": WARNING: " + test.says + "\n"
		}
		if r.status != 0 || r.stderr != want {
			t.Errorf("%s\nwant %q", r, want)
		}
		ok(t, (&kit{t: t, tools: gomod}).run("rmmod", "gm_params"))
	}
}

// What reaches the kernel, good or bad, is what C kmod would have sent.
func TestParametersLikeC(t *testing.T) {
	both(t, func(t *testing.T, k *kit) {
		for _, parameters := range []string{
			"a_int=1|a_charp=two words|a_bool", "a_charp='two words'", `a_charp="two words" a_int=3`, "a_int=1 a_uint=2", "a_int= 5",
			"a_int=x", "a_byte=256", "a_bool=maybe", "a_int", "ints=1,2,3,4,5", "a_string=sixteen bytes...", "a_int=",
			"", " ", "nosuch", "nosuch=1", "--", "--|a_int=5", `a_charp="open`,
		} {
			r := k.run("insmod", append([]string{ours("gm_params.ko")}, strings.Split(parameters, "|")...)...)
			if r.status == 0 {
				for _, file := range []string{"a_int", "a_uint", "a_charp", "a_bool", "ints"} {
					k.note(file, sysModule(t, "gm_params", "parameters", file))
				}
				ok(t, k.run("rmmod", "gm_params"))
			}
		}
	})
}
