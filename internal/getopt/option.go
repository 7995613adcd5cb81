package getopt

import "strings"

// Option is one option of a tool.
type Option struct {
	// Letter is the short name, 0 for none.
	Letter byte
	// Name is the long name.
	Name string
	// Argument is what the help calls the option's value; "" for an option that takes none.
	Argument string
	// Usage is the line of the help.
	Usage string
	// Set is called whenever the option is met, with "" where it takes no value.
	Set func(value string) error
	// Of is the name of the option that this one is another spelling of; Set is not used then.
	Of string
	// Added marks an option that C kmod lacks. It never makes an abbreviation ambiguous that C kmod accepts.
	Added bool
}

// Switch is an option without a value that sets a variable.
func Switch(letter byte, name string, set *bool, usage string) Option {
	return Action(letter, name, func() { *set = true }, usage)
}

// Action is an option without a value that does something whenever it is met.
func Action(letter byte, name string, met func(), usage string) Option {
	return Option{Letter: letter, Name: name, Usage: usage, Set: func(string) error { met(); return nil }}
}

// Text is an option whose last value counts.
func Text(letter byte, name, argument string, text *string, usage string) Option {
	return Value(letter, name, argument, func(value string) error { *text = value; return nil }, usage)
}

// Value is an option with a value, which set may refuse.
func Value(letter byte, name, argument string, set func(string) error, usage string) Option {
	return Option{Letter: letter, Name: name, Argument: argument, Usage: usage, Set: set}
}

// Alias is another spelling of an option among the same options.
func Alias(name, of, usage string) Option { return Option{Name: name, Of: of, Usage: usage} }

// Addition marks an option that C kmod lacks.
func Addition(option Option) Option {
	option.Added = true
	return option
}

// Lookup gives the option of that long name; nil for none.
func Lookup(options []Option, name string) *Option {
	for i := range options {
		if options[i].Name == name {
			return &options[i]
		}
	}
	return nil
}

// Usages describes all options, a line each, in two columns.
func Usages(options []Option) string {
	width := 0
	for _, o := range options {
		width = max(width, len(o.spelling()))
	}
	var lines strings.Builder
	for _, o := range options {
		spelling := o.spelling()
		lines.WriteString(spelling + strings.Repeat(" ", width-len(spelling)) + "   " + o.Usage + "\n")
	}
	return lines.String()
}

func (o *Option) spelling() string {
	spelling := "      --" + o.Name
	if o.Letter != 0 {
		spelling = "  -" + string(o.Letter) + ", --" + o.Name
	}
	if o.Argument != "" {
		spelling += " " + o.Argument
	}
	return spelling
}
