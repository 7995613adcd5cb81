package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manPage is the page of a tool: what its command says, and behind it what sections/NAME.8.md adds, if there is one.
func manPage(command *cobra.Command, sections string) ([]byte, error) {
	added, err := os.ReadFile(filepath.Join(sections, command.Name()+".8.md"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var page strings.Builder
	page.WriteString(pageTitle(command.Name(), "8"))
	section(&page, "NAME", command.Name()+" - "+command.Short)
	section(&page, "SYNOPSIS", synopsis(command))
	section(&page, "DESCRIPTION", literal(command.Long))
	section(&page, "OPTIONS", options(command.Flags()))
	for _, inner := range command.Commands() {
		section(&page, "COMMAND "+inner.Name(), literal(inner.Long)+"\n\n"+options(inner.Flags()))
	}
	page.Write(added)
	if command.Example != "" {
		section(&page, "EXAMPLES", "\n    "+strings.ReplaceAll(strings.ReplaceAll(command.Example, "  ", ""), "\n", "\n    "))
	}
	return md2man.Render([]byte(page.String())), nil
}

// formatPage is the page of a file format, which is written by hand.
func formatPage(path string) (name string, page []byte, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", nil, err
	}
	name = strings.TrimSuffix(filepath.Base(path), ".md")
	return name, md2man.Render([]byte(pageTitle(strings.TrimSuffix(name, ".5"), "5") + string(text))), nil
}

// pageTitle has no date: two builds of one source are the same bytes.
func pageTitle(name, number string) string {
	return "% \"" + strings.ToUpper(name) + "\" \"" + number + "\" \"\" \"gomod\" \"Linux module tools\"\n\n"
}

func section(page *strings.Builder, title, text string) {
	page.WriteString("# " + title + "\n\n" + text + "\n\n")
}

// synopsis is a paragraph for each line of Use.
func synopsis(command *cobra.Command) string {
	var lines strings.Builder
	for line := range strings.Lines(command.Use) {
		name, operands, _ := strings.Cut(strings.TrimSpace(line), " ")
		lines.WriteString("**" + name + "** " + literal(operands) + "\n\n")
	}
	return lines.String()
}

// options lists each as `-F, --field=FIELD` with its meaning.
func options(flags *pflag.FlagSet) string {
	var list strings.Builder
	flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Hidden {
			return
		}
		if flag.Shorthand != "" {
			list.WriteString("**-" + flag.Shorthand + "**, ")
		}
		list.WriteString("**--" + flag.Name + "**")
		argument, meaning := pflag.UnquoteUsage(flag)
		if flag.NoOptDefVal == "" {
			list.WriteString("=_" + argument + "_")
		}
		list.WriteString("\n: " + literal(meaning) + "\n\n")
	})
	return list.String()
}

// literal keeps Markdown from seeing more than words in text.
func literal(text string) string {
	return strings.NewReplacer("*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`, "]", `\]`, "|", `\|`).Replace(text)
}
