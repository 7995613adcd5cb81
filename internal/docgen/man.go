package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"

	"gomod/internal/cli"
	"gomod/internal/getopt"
)

// manPage is the page of a tool: what it says of itself, and behind it what sections/NAME.8.md adds, if there is one.
func manPage(tool *cli.Tool, sections string) ([]byte, error) {
	added, err := os.ReadFile(filepath.Join(sections, tool.Name()+".8.md"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var page strings.Builder
	page.WriteString(pageTitle(tool.Name(), "8"))
	section(&page, "NAME", tool.Name()+" - "+tool.Short)
	section(&page, "SYNOPSIS", synopsis(tool))
	section(&page, "DESCRIPTION", literal(tool.Long))
	section(&page, "OPTIONS", options(tool.Options))
	for _, inner := range tool.Commands {
		section(&page, "COMMAND "+inner.Name(), literal(inner.Long)+"\n\n"+options(inner.Options))
	}
	page.Write(added)
	if tool.Example != "" {
		section(&page, "EXAMPLES", "\n    "+strings.ReplaceAll(strings.ReplaceAll(tool.Example, "  ", ""), "\n", "\n    "))
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
func synopsis(tool *cli.Tool) string {
	var lines strings.Builder
	for line := range strings.Lines(tool.Use) {
		name, operands, _ := strings.Cut(strings.TrimSpace(line), " ")
		lines.WriteString("**" + name + "** " + literal(operands) + "\n\n")
	}
	return lines.String()
}

// options lists each as `-F, --field=FIELD` with its meaning.
func options(list []getopt.Option) string {
	var text strings.Builder
	for i := range list {
		option := &list[i]
		if option.Letter != 0 {
			text.WriteString("**-" + string(option.Letter) + "**, ")
		}
		text.WriteString("**--" + option.Name + "**")
		if option.Argument != "" {
			text.WriteString("=_" + option.Argument + "_")
		}
		text.WriteString("\n: " + literal(option.Usage) + "\n\n")
	}
	return text.String()
}

// literal keeps Markdown from seeing more than words in text.
func literal(text string) string {
	return strings.NewReplacer("*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`, "]", `\]`, "|", `\|`).Replace(text)
}
