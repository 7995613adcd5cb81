// Command docgen writes the man pages and shell completions of all tools below a folder's share/, laid out as they are installed.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"gomod/internal/cli"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: docgen FOLDER")
		os.Exit(1)
	}
	for _, command := range cli.Commands() {
		if err := write(filepath.Join(os.Args[1], "share"), command); err != nil {
			fmt.Fprintln(os.Stderr, "docgen:", err)
			os.Exit(1)
		}
	}
}

func write(share string, command *cobra.Command) error {
	name := command.Name()
	files := []struct {
		path string
		make func(path string) error
	}{
		{"man/man8/" + name + ".8", func(path string) error { return manPage(command, path) }},
		{"bash-completion/completions/" + name, func(path string) error { return command.GenBashCompletionFileV2(path, true) }},
		{"zsh/site-functions/_" + name, command.GenZshCompletionFile},
		{"fish/vendor_completions.d/" + name + ".fish", func(path string) error { return command.GenFishCompletionFile(path, true) }},
	}
	for _, file := range files {
		path := filepath.Join(share, file.path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := file.make(path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

func manPage(command *cobra.Command, path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	// A fixed date: two builds of one source are the same bytes.
	date := time.Unix(0, 0).UTC()
	header := &doc.GenManHeader{Title: command.Name(), Section: "8", Source: "gomod", Manual: "Linux module tools", Date: &date}
	if err := doc.GenMan(command, header, file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
