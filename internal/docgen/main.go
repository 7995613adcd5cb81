// Command docgen writes the man pages and shell completions of all tools below a folder's share/, laid out as they are installed.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gomod/internal/cli"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: docgen DOCS FOLDER")
		os.Exit(1)
	}
	if err := writeAll(os.Args[1], filepath.Join(os.Args[2], "share")); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

// writeAll takes the hand-written parts of the pages from the folder docs.
func writeAll(docs, share string) error {
	pages := filepath.Join(docs, "man")
	for _, tool := range cli.Commands() {
		if err := writeTool(pages, share, tool); err != nil {
			return fmt.Errorf("%s: %w", tool.Name(), err)
		}
	}
	formats, err := filepath.Glob(filepath.Join(pages, "*.5.md"))
	if err != nil {
		return err
	}
	for _, path := range formats {
		name, page, err := formatPage(path)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(share, "man/man5", name), page); err != nil {
			return err
		}
	}
	return writeJSON(docs, share)
}

// writeJSON makes a page of the description of the JSON documents, and lays the schema beside other programs' documents.
func writeJSON(docs, share string) error {
	text, err := os.ReadFile(filepath.Join(docs, "json.md"))
	if err != nil {
		return err
	}
	schema, err := os.ReadFile(filepath.Join(docs, "json.schema.json"))
	if err != nil {
		return err
	}
	if err := write(filepath.Join(share, "man/man5/gomod-json.5"), jsonPage(string(text))); err != nil {
		return err
	}
	return write(filepath.Join(share, "doc/gomod/json.schema.json"), schema)
}

func writeTool(pages, share string, tool *cli.Tool) error {
	name := tool.Name()
	page, err := manPage(tool, pages)
	if err != nil {
		return err
	}
	if name == gomodName {
		for _, command := range tool.Commands {
			page, err := commandPage(command, pages)
			if err != nil {
				return err
			}
			if err := write(filepath.Join(share, "man/man8", commandPageName(command)+".8"), page); err != nil {
				return err
			}
		}
	}
	// The scripts ask for all words, so cobra need not know the options.
	command := &cobra.Command{Use: name}
	var bash, zsh, fish bytes.Buffer
	if err := command.GenBashCompletionV2(&bash, true); err != nil {
		return err
	}
	if err := command.GenZshCompletion(&zsh); err != nil {
		return err
	}
	if err := command.GenFishCompletion(&fish, true); err != nil {
		return err
	}
	for _, script := range []*bytes.Buffer{&bash, &zsh, &fish} {
		if err := askGomod(script, name); err != nil {
			return err
		}
	}
	for path, content := range map[string][]byte{
		"man/man8/" + name + ".8":                     page,
		"bash-completion/completions/" + name:         bash.Bytes(),
		"zsh/site-functions/_" + name:                 zsh.Bytes(),
		"fish/vendor_completions.d/" + name + ".fish": fish.Bytes(),
	} {
		if err := write(filepath.Join(share, path), content); err != nil {
			return err
		}
	}
	return nil
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}

// askGomod has a completion script ask gomod, for to the tool itself __complete is an operand as any other.
func askGomod(script *bytes.Buffer, tool string) error {
	text := script.String()
	for _, program := range []string{"${words[0]}", "${words[1]}", "$args[1]"} {
		before, behind, found := strings.Cut(text, program+" __complete ")
		if !found {
			continue
		}
		if tool != gomodName {
			tool = " " + tool
		} else {
			tool = ""
		}
		script.Reset()
		script.WriteString(before + "gomod __complete" + tool + " " + behind)
		return nil
	}
	return errors.New("the completion script asks nobody for words")
}
