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

// gomodName is the tool whose commands have pages of their own, as they are more than kmod's.
const gomodName = "gomod"

// manPage is the page of a tool: what it says of itself, and behind it what sections/NAME.8.md adds, if there is one.
func manPage(tool *cli.Tool, sections string) ([]byte, error) {
	inner := ""
	for _, command := range tool.Commands {
		if tool.Name() == gomodName {
			inner += "**" + tool.Name() + " " + command.Name() + "**\n: " + literal(command.Short) + "; see **" + commandPageName(command) + "**(8)\n\n"
			continue
		}
		inner += "# COMMAND " + command.Name() + "\n\n" + literal(command.Long) + "\n\n" + options(command.Options) + "\n\n"
	}
	if tool.Name() == gomodName {
		inner = "# COMMANDS\n\n" + inner
	}
	return toolPage(tool, tool.Name(), "", inner, sections)
}

// commandPage is the page of one of gomod's commands.
func commandPage(command *cli.Tool, sections string) ([]byte, error) {
	return toolPage(command, commandPageName(command), gomodName+" ", "", sections)
}

func commandPageName(command *cli.Tool) string { return gomodName + "-" + command.Name() }

// toolPage has what is particular to a tool in inner; before stands before its name in the synopsis.
func toolPage(tool *cli.Tool, name, before, inner, sections string) ([]byte, error) {
	added, err := os.ReadFile(filepath.Join(sections, name+".8.md"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var page strings.Builder
	page.WriteString(pageTitle(name, "8"))
	section(&page, "NAME", name+" - "+tool.Short)
	section(&page, "SYNOPSIS", synopsis(before, tool))
	section(&page, "DESCRIPTION", literal(tool.Long))
	section(&page, "OPTIONS", options(tool.Options))
	page.WriteString(inner)
	page.Write(added)
	if tool.Example != "" {
		section(&page, "EXAMPLES", "\n    "+strings.ReplaceAll(strings.ReplaceAll(tool.Example, "  ", ""), "\n", "\n    "))
	}
	return md2man.Render([]byte(page.String())), nil
}

// jsonPage makes a page of docs/json.md, whose title becomes the page's name.
func jsonPage(text string) []byte {
	_, text, _ = strings.Cut(text, "\n")
	text = tablesAsLists(strings.ReplaceAll(text, "\n## ", "\n# "))
	text = strings.ReplaceAll(text, "[json.schema.json](json.schema.json)", "/usr/share/doc/gomod/json.schema.json")
	const name = "gomod-json"
	return md2man.Render([]byte(pageTitle(name, "5") + "# NAME\n\n" + name + " - what the tools print with --json\n\n# DESCRIPTION\n" + text))
}

// tablesAsLists makes a list of each table, for tables are wider than most terminals. Of a row
//
//	| `lockdown` | the kernel is locked down | `mode`, `signed` |
//
// the first cell is the item, and the others say what it is.
func tablesAsLists(text string) string {
	var list strings.Builder
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		switch {
		case !strings.HasPrefix(line, "|"):
			list.WriteString(line)
		case strings.HasPrefix(line, "|---"), strings.HasPrefix(lines[i+1], "|---"): // the headings
		default:
			item := strings.Trim(cells[0], "`")
			list.WriteString("**" + item + "**\n: " + strings.Join(cells[1:], ": ") + "\n\n")
		}
	}
	return list.String()
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
func synopsis(before string, tool *cli.Tool) string {
	var lines strings.Builder
	for line := range strings.Lines(tool.Use) {
		name, operands, _ := strings.Cut(strings.TrimSpace(line), " ")
		lines.WriteString("**" + before + name + "** " + literal(operands) + "\n\n")
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
