package getopt

import (
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"gomod/test/need"
)

// recorder notes each setting of an option the way testdata/oracle.c prints it.
type recorder struct {
	letter string
	log    *strings.Builder
}

func (r *recorder) String() string { return "" }
func (r *recorder) Type() string   { return "string" }
func (r *recorder) Set(value string) error {
	if r.letter == "force-vermagic" {
		r.log.WriteString(r.letter + "\n")
	} else {
		r.log.WriteString(r.letter + "=" + strings.TrimPrefix(value, "set") + "\n")
	}
	return nil
}

// oracleFlags are the options of testdata/oracle.c.
func oracleFlags(log *strings.Builder) *pflag.FlagSet {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SortFlags = false
	declare := func(name, letter string, value *recorder, noValue bool) {
		flag := flags.VarPF(value, name, letter, "")
		if noValue {
			flag.NoOptDefVal = "set"
		}
	}
	ignore := &recorder{"i", log}
	declare("all", "a", &recorder{"a", log}, true)
	declare("config", "C", &recorder{"C", log}, false)
	declare("force", "f", &recorder{"f", log}, true)
	declare("force-vermagic", "", &recorder{"force-vermagic", log}, true)
	declare("ignore-install", "i", ignore, true)
	declare("ignore-remove", "", ignore, true)
	declare("quiet", "q", &recorder{"q", log}, true)
	declare("verbose", "v", &recorder{"v", log}, true)
	declare("version", "V", &recorder{"V", log}, true)
	declare("wait", "w", &recorder{"w", log}, false)
	return flags
}

// ours gives what the oracle prints: standard output, and the error line.
func ours(order Order, name string, args []string) (stdout, stderr string) {
	var log strings.Builder
	result, err := Parse(oracleFlags(&log), name, args, order)
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
	flags := oracleFlags(&log)
	flags.Bool("allow-all", false, "")
	Addition(flags, "allow-all")
	if _, err := Parse(flags, "tool", []string{"--al"}, Permute); err != nil {
		t.Fatal(err)
	}
	if log.String() != "a=\n" || flags.Changed("allow-all") {
		t.Errorf("--al set %q, allow-all %v; want --all alone", log.String(), flags.Changed("allow-all"))
	}
	if _, err := Parse(flags, "tool", []string{"--allo"}, Permute); err != nil || !flags.Changed("allow-all") {
		t.Errorf("--allo: %v, set %v; want the addition", err, flags.Changed("allow-all"))
	}
}

func TestStopEndsTheParse(t *testing.T) {
	var log strings.Builder
	result, err := Parse(oracleFlags(&log), "tool", []string{"-qVx", "--nope"}, Permute, "version")
	if err != nil {
		t.Fatal(err)
	}
	if result.Stopped == nil || result.Stopped.Name != "version" || log.String() != "q=\nV=\n" {
		t.Errorf("stopped %v after %q; want at version after q and V", result.Stopped, log.String())
	}
}
