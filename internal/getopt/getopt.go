// Package getopt reads command lines as the C library's getopt_long does, over options declared in a pflag.FlagSet.
//
// pflag's own parser stops at the first operand or permutes by its own rules, knows no abbreviated long options and words its
// errors differently; scripts around the kmod tools rely on all three.
package getopt

import (
	"strings"

	"github.com/spf13/pflag"
)

// Order says what an operand before an option means.
type Order int

const (
	// Permute takes options wherever they stand, the way most tools do.
	Permute Order = iota
	// RequireOrder ends the options at the first operand, as POSIXLY_CORRECT and a leading `+` ask for.
	RequireOrder
)

// additionKey marks, in a flag's annotations, an option that C kmod does not have.
const additionKey = "gomod addition"

// Addition marks an option of flags that the original tool lacks. It never makes an abbreviation ambiguous that
// the original accepts.
func Addition(flags *pflag.FlagSet, name string) {
	flags.Lookup(name).Annotations = map[string][]string{additionKey: nil}
}

// UsageError is a command line that getopt_long refuses. Its text is the C library's, which starts with argv[0].
type UsageError struct{ Text string }

func (e *UsageError) Error() string { return e.Text }

// Result is what a command line held.
type Result struct {
	Operands []string
	// Stopped is the option that ended the parse because it acts at once, such as --help; nil without one.
	Stopped *pflag.Flag
}

// Parse applies args to flags in the order in which getopt_long meets them. name is argv[0], which error texts begin with.
// An option whose name is among stops ends the parse when it is met. The error is a *UsageError or what a flag's Set returned.
func Parse(flags *pflag.FlagSet, name string, args []string, order Order, stops ...string) (Result, error) {
	p := parser{flags: flags, name: name, args: args, stops: stops}
	for len(p.args) > 0 && p.stopped == nil {
		arg := p.next()
		var err error
		switch {
		case arg == "--":
			p.operands = append(p.operands, p.args...)
			p.args = nil
		case strings.HasPrefix(arg, "--"):
			err = p.long(arg[2:])
		case len(arg) > 1 && arg[0] == '-':
			err = p.cluster(arg[1:])
		case order == RequireOrder:
			p.operands = append(append(p.operands, arg), p.args...)
			p.args = nil
		default:
			p.operands = append(p.operands, arg)
		}
		if err != nil {
			return Result{}, err
		}
	}
	return Result{Operands: p.operands, Stopped: p.stopped}, nil
}

type parser struct {
	flags    *pflag.FlagSet
	name     string
	args     []string
	stops    []string
	operands []string
	stopped  *pflag.Flag
}

func (p *parser) next() string {
	arg := p.args[0]
	p.args = p.args[1:]
	return arg
}

// cluster reads the letters of one argument, such as "abq" or "vd" or "Cfile".
func (p *parser) cluster(letters string) error {
	for i := 0; i < len(letters) && p.stopped == nil; i++ {
		flag := p.shorthand(letters[i])
		if flag == nil {
			return p.refuse("invalid option -- '" + letters[i:i+1] + "'")
		}
		if !takesValue(flag) {
			if err := p.set(flag, flag.NoOptDefVal); err != nil {
				return err
			}
			continue
		}
		value := letters[i+1:]
		if value == "" {
			if len(p.args) == 0 {
				return p.refuse("option requires an argument -- '" + letters[i:i+1] + "'")
			}
			value = p.next()
		}
		return p.set(flag, value)
	}
	return nil
}

func (p *parser) shorthand(letter byte) *pflag.Flag {
	if letter == '-' || letter >= 0x80 {
		return nil
	}
	return p.flags.ShorthandLookup(string(letter))
}

// long reads "name" or "name=value", where name may be abbreviated.
func (p *parser) long(option string) error {
	name, value, attached := strings.Cut(option, "=")
	flag, err := p.find(name, option)
	if err != nil {
		return err
	}
	switch {
	case takesValue(flag) && attached:
	case takesValue(flag):
		if len(p.args) == 0 {
			return p.refuse("option '--" + flag.Name + "' requires an argument")
		}
		value = p.next()
	case attached:
		return p.refuse("option '--" + flag.Name + "' doesn't allow an argument")
	default:
		value = flag.NoOptDefVal
	}
	return p.set(flag, value)
}

// find resolves an exact name or an unambiguous abbreviation. option is the whole argument, for the error text.
func (p *parser) find(name, option string) (*pflag.Flag, error) {
	if flag := p.flags.Lookup(name); flag != nil {
		return flag, nil
	}
	matches, additions := p.abbreviated(name)
	if len(matches) == 0 {
		matches = additions
	}
	if len(matches) == 0 {
		return nil, p.refuse("unrecognized option '--" + option + "'")
	}
	for _, other := range matches[1:] {
		if !sameOption(matches[0], other) {
			return nil, p.ambiguous(option, matches)
		}
	}
	return matches[0], nil
}

func (p *parser) abbreviated(name string) (matches, additions []*pflag.Flag) {
	p.flags.VisitAll(func(flag *pflag.Flag) {
		if !strings.HasPrefix(flag.Name, name) {
			return
		}
		if _, added := flag.Annotations[additionKey]; added {
			additions = append(additions, flag)
		} else {
			matches = append(matches, flag)
		}
	})
	return matches, additions
}

func (p *parser) ambiguous(option string, matches []*pflag.Flag) error {
	text := "option '--" + option + "' is ambiguous; possibilities:"
	for _, flag := range matches {
		text += " '--" + flag.Name + "'"
	}
	return p.refuse(text)
}

func (p *parser) set(flag *pflag.Flag, value string) error {
	flag.Changed = true
	for _, stop := range p.stops {
		if flag.Name == stop {
			p.stopped = flag
		}
	}
	return flag.Value.Set(value)
}

func (p *parser) refuse(text string) error { return &UsageError{p.name + ": " + text} }

func takesValue(flag *pflag.Flag) bool { return flag.NoOptDefVal == "" }

// sameOption tells whether two long names are spellings of one option, which getopt_long does not call ambiguous.
func sameOption(a, b *pflag.Flag) bool { return a.Value == b.Value }
