package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gomod/internal/cli"
)

// Every tool has the files that `make install` lays down, its page tells of every option, and no Markdown is left in it.
func TestWriteAll(t *testing.T) {
	share := t.TempDir()
	if err := writeAll("../../docs", share); err != nil {
		t.Fatal(err)
	}
	for _, tool := range cli.Commands() {
		name := tool.Name()
		page := read(t, filepath.Join(share, "man/man8", name+".8"))
		for _, option := range tool.Options {
			if !strings.Contains(page, `--`+option.Name) {
				t.Errorf("%s.8 does not tell of --%s", name, option.Name)
			}
		}
		for _, path := range []string{"bash-completion/completions/" + name, "zsh/site-functions/_" + name, "fish/vendor_completions.d/" + name + ".fish"} {
			want := "gomod __complete "
			if name != "gomod" {
				want += name + " "
			}
			if script := read(t, filepath.Join(share, path)); strings.Count(script, "__complete ") != 1 || !strings.Contains(script, want) {
				t.Errorf("%s does not ask %q", path, want)
			}
		}
	}
	for _, page := range []string{"man8/gomod-why.8", "man8/gomod-tree.8", "man8/gomod-forbid.8", "man8/gomod-allow.8", "man5/gomod-json.5"} {
		if text := read(t, filepath.Join(share, "man", page)); !strings.Contains(text, ".SH DESCRIPTION") {
			t.Errorf("%s:\n%s", page, text)
		}
	}
	pages, err := filepath.Glob(filepath.Join(share, "man/*/*"))
	if err != nil || len(pages) < len(cli.Commands()) {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, path := range pages {
		if page := read(t, path); strings.Contains(page, "**") || !strings.Contains(page, ".SH NAME") {
			t.Errorf("%s:\n%s", path, page)
		}
	}
}

// A row's first cell is the item of a list; the row of headings goes.
func TestTablesAsLists(t *testing.T) {
	const table = "before\n\n| a | b | c |\n|---|---|---|\n| `x` | one | `p`, `q` |\n| y | two | |\n\nbehind\n"
	const want = "before\n\n**x**\n: one: `p`, `q`\n\n**y**\n: two\n\n\nbehind\n"
	if got := tablesAsLists(table); got != want {
		t.Errorf("%q", got)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
