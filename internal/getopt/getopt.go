// Package getopt reads command lines as the C library's getopt_long does.
//
// Parsers for Go stop at the first operand or permute by their own rules, know no abbreviated long options and word their errors
// differently; scripts around the kmod tools rely on all three.
package getopt

import (
	"slices"
	"strings"
)

// Order says what an operand before an option means.
type Order int

const (
	// Permute takes options wherever they stand, the way most tools do.
	Permute Order = iota
	// RequireOrder ends the options at the first operand, as POSIXLY_CORRECT and a leading `+` ask for.
	RequireOrder
)

// UsageError is a command line that getopt_long refuses. Its text is the C library's, which starts with argv[0].
type UsageError struct {
	Text string
	// Unfinished says that the line ends where an option's value is wanted.
	Unfinished bool
}

func (e *UsageError) Error() string { return e.Text }

// Result is what a command line held.
type Result struct {
	Operands []string
	// Stopped is the option that ended the parse because it acts at once, such as --help; nil without one.
	Stopped *Option
}

// Parse applies args to the options in the order in which getopt_long meets them. name is argv[0], which error texts begin with.
// An option whose name is among stops ends the parse when it is met. The error is a *UsageError or what an option's Set returned.
func Parse(options []Option, name string, args []string, order Order, stops ...string) (Result, error) {
	p := parser{options: options, name: name, args: args, stops: stops}
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
	options  []Option
	name     string
	args     []string
	stops    []string
	operands []string
	stopped  *Option
}

func (p *parser) next() string {
	arg := p.args[0]
	p.args = p.args[1:]
	return arg
}

// cluster reads the letters of one argument, such as "abq" or "vd" or "Cfile".
func (p *parser) cluster(letters string) error {
	for i := 0; i < len(letters) && p.stopped == nil; i++ {
		option := p.byLetter(letters[i])
		if option == nil {
			return p.refuse("invalid option -- '" + letters[i:i+1] + "'")
		}
		if option.Argument == "" {
			if err := p.set(option, ""); err != nil {
				return err
			}
			continue
		}
		value := letters[i+1:]
		if value == "" {
			if len(p.args) == 0 {
				return p.unfinished("option requires an argument -- '" + letters[i:i+1] + "'")
			}
			value = p.next()
		}
		return p.set(option, value)
	}
	return nil
}

func (p *parser) byLetter(letter byte) *Option {
	for i := range p.options {
		if letter != 0 && p.options[i].Letter == letter {
			return &p.options[i]
		}
	}
	return nil
}

// long reads "name" or "name=value", where name may be abbreviated.
func (p *parser) long(text string) error {
	name, value, attached := strings.Cut(text, "=")
	spelled, err := p.find(name, text)
	if err != nil {
		return err
	}
	option := p.meant(spelled)
	switch {
	case option.Argument != "" && attached:
	case option.Argument != "":
		if len(p.args) == 0 {
			return p.unfinished("option '--" + spelled.Name + "' requires an argument")
		}
		value = p.next()
	case attached:
		return p.refuse("option '--" + spelled.Name + "' doesn't allow an argument")
	}
	return p.set(option, value)
}

// find resolves an exact name or an unambiguous abbreviation. text is the whole argument, for the error.
func (p *parser) find(name, text string) (*Option, error) {
	if option := Lookup(p.options, name); option != nil {
		return option, nil
	}
	matches, additions := p.abbreviated(name)
	if len(matches) == 0 {
		matches = additions
	}
	if len(matches) == 0 {
		return nil, p.refuse("unrecognized option '--" + text + "'")
	}
	for _, other := range matches[1:] {
		if p.meant(matches[0]) != p.meant(other) {
			return nil, p.ambiguous(text, matches)
		}
	}
	return matches[0], nil
}

func (p *parser) abbreviated(name string) (matches, additions []*Option) {
	for i := range p.options {
		option := &p.options[i]
		switch {
		case !strings.HasPrefix(option.Name, name):
		case option.Added:
			additions = append(additions, option)
		default:
			matches = append(matches, option)
		}
	}
	return matches, additions
}

// meant is the option that a spelling stands for. Two spellings of one are not ambiguous to getopt_long.
func (p *parser) meant(option *Option) *Option {
	if option.Of != "" {
		return Lookup(p.options, option.Of)
	}
	return option
}

func (p *parser) ambiguous(text string, matches []*Option) error {
	text = "option '--" + text + "' is ambiguous; possibilities:"
	for _, option := range matches {
		text += " '--" + option.Name + "'"
	}
	return p.refuse(text)
}

func (p *parser) set(option *Option, value string) error {
	if slices.Contains(p.stops, option.Name) {
		p.stopped = option
	}
	return option.Set(value)
}

func (p *parser) refuse(text string) error { return &UsageError{Text: p.name + ": " + text} }

func (p *parser) unfinished(text string) error {
	return &UsageError{Text: p.name + ": " + text, Unfinished: true}
}
