package sysfs

import (
	"bufio"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// kallsyms is some of what a kernel 6.1 has there.
const kallsyms = "0000000000000000 A fixed_percpu_data\nffffffff81234560 T register_netdev\nffffffffaedc68dc d __initcall__kmod_binfmt_elf__697_2179_init_elf_binfmt1\n" +
	"ffffffffc0012340 t gm_c_plain\t[gm_c]\nffffffffc0012350 t register_netdev\t[gm_c]\nffffffffc01 d __initcall__kmod_gm__1_2_x1\t[gm]\n"

// symbolLine is a line of /proc/kallsyms; each of the first two columns may be empty.
var symbolLine = regexp.MustCompile(`^[^ ]* [^ ]* ([^ \t]*)([^\n]*)$`)

// symbolLines are the names and what follows them; ok is false where a line is too long to be read.
func symbolLines(text string) (names, rests []string, ok bool) {
	for line := range strings.Lines(text) {
		if len(line) >= bufio.MaxScanTokenSize {
			return nil, nil, false
		}
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		name, rest := "", ""
		if found := symbolLine.FindStringSubmatch(line); found != nil {
			name, rest = found[1], found[2]
		}
		names, rests = append(names, name), append(rests, rest)
	}
	return names, rests, true
}

// FuzzKernelSymbols: a name is the kernel's where one of its lines has no module, else the last one's; and a line is found by the plain way.
func FuzzKernelSymbols(f *testing.F) {
	f.Add(kallsyms, "register_netdev", "gm_c_plain")
	f.Add("\n  \n0 t a\r\n0 t a [m]\n", "a", "")
	f.Fuzz(func(t *testing.T, text, first, second string) {
		names, rests, ok := symbolLines(text)
		owners, data, err := kernelSymbols(strings.NewReader(text), []string{first, second})
		if !ok {
			if !errors.Is(err, bufio.ErrTooLong) {
				t.Fatalf("a line too long: %v", err)
			}
			return
		}
		if text == "" {
			if err != syscall.ENODATA {
				t.Fatal(err)
			}
			return
		}
		if err != nil || data != slices.Contains(names, someData) {
			t.Fatalf("%v, data: %v", err, data)
		}
		want := make(map[string]string)
		for i, name := range names {
			if name != first && name != second {
				continue
			}
			owner := strings.Trim(strings.TrimSpace(rests[i]), "[]")
			if known, twice := want[name]; !twice || known != "" {
				want[name] = owner
			}
		}
		if fmt.Sprint(owners) != fmt.Sprint(want) {
			t.Errorf("%q: %q instead of %q", text, owners, want)
		}
	})
}

// FuzzInitcall: a part of the kernel is one whose symbol stands there with a number behind its name, and belongs to no module.
func FuzzInitcall(f *testing.F) {
	f.Add(kallsyms, "binfmt_elf")
	f.Add(kallsyms, "gm")
	f.Fuzz(func(t *testing.T, text, name string) {
		names, rests, ok := symbolLines(text)
		if !ok || strings.ContainsAny(name, " \t\r\n") {
			return
		}
		want := false
		for i, symbol := range names {
			rest, found := strings.CutPrefix(symbol, "__initcall__kmod_"+name+"__")
			want = want || found && strings.IndexAny(rest, "0123456789") == 0 && rests[i] == ""
		}
		if got := initcall(strings.NewReader(text), name); got != want {
			t.Errorf("%q in %q: %v", name, text, got)
		}
	})
}

// FuzzPrivilege: the last CapEff counts, and says nothing where it is no number.
func FuzzPrivilege(f *testing.F) {
	f.Add("Name:\tbash\nCapEff:\t000001ffffffffff\nSeccomp:\t2\n", "         0          0 4294967295\n")
	f.Add("CapEff:\t0000000000010000\nSeccomp:\t0\n", "0 1000 1")
	f.Add("CapEff: x\nCapEff", "")
	capEff, seccomp := regexp.MustCompile(`(?m)^CapEff:(.*)$`), regexp.MustCompile(`(?m)^Seccomp:(.*)$`)
	last := func(r *regexp.Regexp, text string) (string, bool) {
		all := r.FindAllStringSubmatch(text, -1)
		if all == nil {
			return "", false
		}
		return strings.TrimSpace(all[len(all)-1][1]), true
	}
	f.Fuzz(func(t *testing.T, status, uidMap string) {
		got, known := privilege(status, uidMap)
		text, there := last(capEff, status)
		set, err := strconv.ParseUint(text, 16, 64)
		filter, _ := last(seccomp, status)
		want := Privilege{SysModule: there && set>>16&1 == 1, Filtered: filter == "2"}
		words := strings.Fields(uidMap)
		want.OwnNamespace = len(words) > 0 && !slices.Equal(words, []string{"0", "0", "4294967295"})
		if got != want || known != (there && err == nil) {
			t.Errorf("%q: %+v %v instead of %+v", status, got, known, want)
		}
	})
}

// escapedMount is what the kernel makes of a name in /proc/mounts.
var escapedMount = strings.NewReplacer(" ", `\040`, "\t", `\011`, "\n", `\012`, "#", `\043`, `\`, `\134`)

// FuzzMounts: names come back as they were before the kernel wrote them, and of other text a mount is three words of a line.
func FuzzMounts(f *testing.F) {
	f.Add("/dev/vda1", "/a b\\", "ext4", "")
	f.Add("ssh#x", "/mnt\n", "fuse.sshfs", "proc /proc proc rw 0 0\nbad line\n\n")
	f.Fuzz(func(t *testing.T, device, point, kind, others string) {
		for m := range mountsIn(others) {
			if m.device == "" || m.point == "" || strings.Contains(m.kind, ".") {
				t.Errorf("%q in %q", m, others)
			}
		}
		if device == "" || point == "" || kind == "" {
			return
		}
		if others != "" && !strings.HasSuffix(others, "\n") {
			others += "\n"
		}
		line := escapedMount.Replace(device) + " " + escapedMount.Replace(point) + " " + escapedMount.Replace(kind) + " rw,relatime 0 0\n"
		all := slices.Collect(mountsIn(others + line))
		want := mount{device, point, strings.Split(escapedMount.Replace(kind), ".")[0]}
		if len(all) == 0 || all[len(all)-1] != want {
			t.Errorf("%q is read as %q", line, all)
		}
	})
}

// FuzzSockets: every one stands in a line of the module with a number above 0.
func FuzzSockets(f *testing.F) {
	f.Add("protocol  size sockets  memory press maxhdr  slab module     cl co di ac io in de sh ss gs se re bi br ha uh gp em\n"+
		"PACKET    1536      2      -1   NI       0   no   af_packet   n  n  n  n  n  n\n", "af_packet")
	f.Add("a b -1 c d e f m\na b 99999999999999999999 c d e f m\na b 1 c d e f m", "m")
	row := regexp.MustCompile(`^\s*(\S+)\s+\S+\s+([+]?\d+)\s+\S+\s+\S+\s+\S+\s+\S+\s+(\S+)(\s|$)`)
	f.Fuzz(func(t *testing.T, text, module string) {
		for _, b := range []byte(text) {
			if b >= 0x80 {
				return // white space of Unicode is none to the expression
			}
		}
		var want []User
		for line := range strings.Lines(text) {
			if found := row.FindStringSubmatch(strings.ReplaceAll(line, "\v", " ")); found != nil && found[3] == module {
				if count, err := strconv.Atoi(found[2]); err == nil && count > 0 {
					want = append(want, User{Protocol: found[1], Sockets: count})
				}
			}
		}
		if got := socketsIn(text, module); !slices.Equal(got, want) {
			t.Errorf("%q: %+v instead of %+v", text, got, want)
		}
	})
}

// FuzzAttributes: a mode of lockdown is the first text in brackets, and a number of sysfs is the first word, if more stands behind it.
func FuzzAttributes(f *testing.F) {
	f.Add("none [integrity] confidentiality")
	f.Add("16384\n")
	f.Add(" -1 x")
	f.Add("9223372036854775808\n")
	brackets := regexp.MustCompile(`(?s)^[^\[]*\[([^\]]*)`)
	number := regexp.MustCompile(`^[ \t\n\v\f\r]*([+-]?[0-9]+)[ \t\n\v\f\r]`)
	f.Fuzz(func(t *testing.T, text string) {
		want := ""
		if found := brackets.FindStringSubmatch(text); found != nil {
			want = found[1]
		}
		if got := marked(text); got != want {
			t.Errorf("%q: mode %q instead of %q", text, got, want)
		}
		var wantNumber int64
		wantOK := false
		if found := number.FindStringSubmatch(text); found != nil {
			var err error
			wantNumber, err = strconv.ParseInt(found[1], 10, 64)
			wantOK = err == nil
		}
		if got, ok := parseDecimal([]byte(text)); ok != wantOK || ok && got != wantNumber {
			t.Errorf("%q: %d %v instead of %d %v", text, got, ok, wantNumber, wantOK)
		}
	})
}
