package getopt

import (
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"gomod/test/need"
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

// oracle compiles testdata/oracle.c.
func oracle(t *testing.T) func(order Order, name string, args []string) (stdout, stderr string) {
	t.Helper()
	program := need.Compiled(t, "testdata/oracle.c")
	return func(order Order, name string, args []string) (string, string) {
		plus := map[Order]string{RequireOrder: "+"}[order]
		cmd := exec.Command(program, append([]string{plus, name}, args...)...)
		var stdout, stderr strings.Builder
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		cmd.Run()
		return stdout.String(), stderr.String()
	}
}

func TestAgainstTheCLibrary(t *testing.T) {
	reference := oracle(t)
	compare := func(order Order, line string) {
		t.Helper()
		args := strings.Split(line, " ")
		wantOut, wantErr := reference(order, "/sbin/tool", args)
		gotOut, gotErr := ours(order, "/sbin/tool", args)
		if gotOut != wantOut || gotErr != wantErr {
			t.Errorf("%q (order %d): got\n%s%swant\n%s%s", line, order, gotOut, gotErr, wantOut, wantErr)
		}
	}
	lines := []string{
		"", "-a", "-aq", "-vCfile", "-vC file", "-C", "-vx", "-x", "--", "-- -a", "x -a y", "x -- -a", "-", "- -a", "--all", "--al", "--all=1",
		"--config", "--config=", "--config=f", "--config f", "--con=f", "--force", "--force-", "--fo", "--forcex", "--ver", "--v=1", "--ver=1",
		"--ignore", "--ignore-r", "--i", "--nope", "--nope=1", "-C --", "-w -5 x", "dummy key=-1", "-a-", "-é", "--wait --all", "-C=x", "---all", "--=x",
	}
	for _, line := range lines {
		compare(Permute, line)
		compare(RequireOrder, line)
	}
	pieces := []string{"-a", "-q", "-Cx", "-C", "-w", "7", "name", "--", "-", "--all", "--v", "--verb", "--config", "--config=c", "-aqv", "-vd", "k=-1", "--ign", "", "-vw", "--wa=", "--f"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		words := make([]string, random.IntN(6))
		for i := range words {
			words[i] = pieces[random.IntN(len(pieces))]
		}
		compare(Order(random.IntN(2)), strings.Join(words, " "))
	}
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
