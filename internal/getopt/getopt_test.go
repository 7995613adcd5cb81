package getopt

import (
	"math/rand/v2"
	"strings"
	"testing"

	"gomod/test/oracle"
)

// oracleOptions are the options of testdata/oracle.c. Each setting is noted the way that program prints it.
func oracleOptions(log *strings.Builder) []Option {
	note := func(what string) func() { return func() { log.WriteString(what + "\n") } }
	value := func(what string) func(string) error {
		return func(value string) error { note(what + "=" + value)(); return nil }
	}
	return []Option{
		Action('a', "all", note("a="), ""),
		Value('C', "config", "FILE", value("C"), ""),
		Action('f', "force", note("f="), ""),
		Action(0, "force-vermagic", note("force-vermagic"), ""),
		Action('i', "ignore-install", note("i="), ""),
		Alias("ignore-remove", "ignore-install", ""),
		Action('q', "quiet", note("q="), ""),
		Action('v', "verbose", note("v="), ""),
		Action('V', "version", note("V="), ""),
		Value('w', "wait", "MSEC", value("w"), ""),
	}
}

// ours gives what the oracle prints: standard output, and the error line.
func ours(order Order, name string, args []string) (stdout, stderr string) {
	var log strings.Builder
	result, err := Parse(oracleOptions(&log), name, args, order)
	if err != nil {
		return log.String(), err.Error() + "\n"
	}
	for _, operand := range result.Operands {
		log.WriteString("operand " + operand + "\n")
	}
	return log.String(), ""
}

// compare holds a command line against what testdata/oracle.c says of it.
func compare(t *testing.T, reference *oracle.Oracle, order Order, args []string) {
	t.Helper()
	const name = "/sbin/tool"
	plus := map[Order]string{RequireOrder: "+"}[order]
	wantOut, wantErr, _ := strings.Cut(reference.Ask(t, append([]string{plus, name}, args...)...), "\x00")
	gotOut, gotErr := ours(order, name, args)
	if gotOut != wantOut || gotErr != wantErr {
		t.Errorf("%q (order %d): got\n%s%swant\n%s%s", args, order, gotOut, gotErr, wantOut, wantErr)
	}
}

func TestAgainstTheCLibrary(t *testing.T) {
	reference := oracle.Start(t, "testdata/oracle.c")
	lines := []string{
		"", "-a", "-aq", "-vCfile", "-vC file", "-C", "-vx", "-x", "--", "-- -a", "x -a y", "x -- -a", "-", "- -a", "--all", "--al", "--all=1",
		"--config", "--config=", "--config=f", "--config f", "--con=f", "--force", "--force-", "--fo", "--forcex", "--ver", "--v=1", "--ver=1",
		"--ignore", "--ignore-r", "--i", "--nope", "--nope=1", "-C --", "-w -5 x", "dummy key=-1", "-a-", "-é", "--wait --all", "-C=x", "---all", "--=x",
	}
	for _, line := range lines {
		compare(t, reference, Permute, strings.Split(line, " "))
		compare(t, reference, RequireOrder, strings.Split(line, " "))
	}
	pieces := []string{"-a", "-q", "-Cx", "-C", "-w", "7", "name", "--", "-", "--all", "--v", "--verb", "--config", "--config=c", "-aqv", "-vd", "k=-1", "--ign", "", "-vw", "--wa=", "--f"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		words := make([]string, random.IntN(6))
		for i := range words {
			words[i] = pieces[random.IntN(len(pieces))]
		}
		compare(t, reference, Order(random.IntN(2)), words)
	}
}

// FuzzParse: any command line, its words parted by newlines, means what it means to the C library, down to the error's text.
func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"-aq\n-Cfile\nname\n--\n-v", "--conf\nx\n--ignore\n--wait=-5", "--force-\n-w", "--v\n-z", "-\n--all=1", "--=x\n---all", "-a-\n-é\nk=-1",
	} {
		f.Add(line, false)
		f.Add(line, true)
	}
	reference := oracle.Start(f, "testdata/oracle.c")
	f.Fuzz(func(t *testing.T, line string, requireOrder bool) {
		if strings.ContainsRune(line, 0) {
			t.Skip("no C string") // in CI too
		}
		order := Permute
		if requireOrder {
			order = RequireOrder
		}
		compare(t, reference, order, strings.Split(line, "\n"))
	})
}

func TestAdditionNeverMakesAnAbbreviationAmbiguous(t *testing.T) {
	var log strings.Builder
	var added bool
	options := append(oracleOptions(&log), Addition(Switch(0, "allow-all", &added, "")))
	if _, err := Parse(options, "tool", []string{"--al"}, Permute); err != nil {
		t.Fatal(err)
	}
	if log.String() != "a=\n" || added {
		t.Errorf("--al set %q, allow-all %v; want --all alone", log.String(), added)
	}
	if _, err := Parse(options, "tool", []string{"--allo"}, Permute); err != nil || !added {
		t.Errorf("--allo: %v, set %v; want the addition", err, added)
	}
}

func TestStopEndsTheParse(t *testing.T) {
	var log strings.Builder
	result, err := Parse(oracleOptions(&log), "tool", []string{"-qVx", "--nope"}, Permute, "version")
	if err != nil {
		t.Fatal(err)
	}
	if result.Stopped == nil || result.Stopped.Name != "version" || log.String() != "q=\nV=\n" {
		t.Errorf("stopped %v after %q; want at version after q and V", result.Stopped, log.String())
	}
}

func TestUsages(t *testing.T) {
	want := "  -a, --all           all\n" +
		"      --ignore-it     same\n" +
		"  -C, --config FILE   read FILE\n"
	got := Usages([]Option{
		Action('a', "all", func() {}, "all"), Alias("ignore-it", "all", "same"), Value('C', "config", "FILE", nil, "read FILE"),
	})
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
